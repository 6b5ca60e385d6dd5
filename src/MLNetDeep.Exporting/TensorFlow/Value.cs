using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>One output of a TensorFlow node, as an input of others.</summary>
internal readonly record struct Value(string Node, int Index, DataType Type)
{
    /// <summary>As TensorFlow names tensors where they are fed and fetched.</summary>
    public string TensorName => $"{Node}:{Index}";

    /// <summary>As a node's list of inputs has it.</summary>
    public override string ToString() => Index == 0 ? Node : TensorName;
}
