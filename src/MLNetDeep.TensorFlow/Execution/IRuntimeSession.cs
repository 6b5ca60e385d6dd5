using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>A graph that grows, and the values of its resource variables. Safe for use by several threads at once.</summary>
internal interface IRuntimeSession : IDisposable
{
    /// <summary>The device that nodes are to be placed on, such as <c>/device:GPU:0</c>.</summary>
    string Device { get; }

    /// <summary>Adds nodes; their names get the prefix and a slash in front.</summary>
    /// <exception cref="TensorFlowException">TensorFlow does not take them.</exception>
    void Import(GraphDef graph, string prefix);

    /// <summary>Makes ready to run what computes <paramref name="fetches"/> and the operations <paramref name="targets"/>.</summary>
    /// <param name="feeds">Names of tensors ("node:0") that are given, and their types.</param>
    /// <param name="fetches">Names of tensors that are wanted, all different.</param>
    /// <param name="targets">Names of operations to run for their effect.</param>
    IRuntimeCall Prepare(IReadOnlyList<(string Name, DataType Type)> feeds, IReadOnlyList<string> fetches, IReadOnlyList<string> targets);
}
