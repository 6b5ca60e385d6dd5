using Google.Protobuf;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>A graph as a TensorFlow GraphDef, and where in it things are.</summary>
public sealed class GraphDefFile
{
    private readonly Dictionary<Tensor, Value> _tensors;
    private readonly Dictionary<Node, string> _assigns;
    private readonly Dictionary<string, string> _targets;
    private readonly Dictionary<string, IReadOnlyList<Tensor>> _feeds;

    internal GraphDefFile(
        GraphDef definition, Dictionary<Tensor, Value> tensors, Dictionary<Node, string> assigns, Dictionary<string, string> targets, Dictionary<string, IReadOnlyList<Tensor>> feeds)
    {
        Definition = definition;
        _tensors = tensors;
        _assigns = assigns;
        _targets = targets;
        _feeds = feeds;
    }

    /// <summary>The operation that gives the variables their first values, to be run once before all else; null where there are no variables or <see cref="GraphDefOptions.InitialValues"/> is false.</summary>
    public string? Init { get; internal init; }

    /// <summary>
    /// The tensor through which the batch size (an Int32 number) must be fed: where no placeholder that every program needs tells it, as for a generator without inputs. Mostly null.
    /// </summary>
    public string? BatchSize { get; internal init; }

    /// <summary>By the names of <see cref="GraphDefOptions.Names"/> the tensors, such as <c>Score:0</c>; without those that no program needs.</summary>
    public IReadOnlyDictionary<string, string> Named { get; internal init; } = new Dictionary<string, string>();

    /// <summary>The variables, in the graph's order.</summary>
    public IReadOnlyList<GraphDefVariable> Variables { get; internal init; } = [];

    internal GraphDef Definition { get; }

    /// <summary>The placeholders that a program needs.</summary>
    /// <exception cref="KeyNotFoundException">There is no such program.</exception>
    public IReadOnlyList<Tensor> Feeds(string program) => _feeds[program];

    /// <summary>The operation that runs all targets of a program; null where it has none.</summary>
    public string? Target(string program) => _targets.GetValueOrDefault(program);

    /// <summary>The name that TensorFlow knows a tensor by where it is fed or fetched, such as <c>dense/MatMul:0</c>.</summary>
    /// <exception cref="ArgumentException">No program needs it, so it was not written.</exception>
    public string NameOf(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return _tensors.TryGetValue(tensor, out Value value) ? value.TensorName : throw new ArgumentException($"'{tensor.Name}' is not in the GraphDef: no program needs it.", nameof(tensor));
    }

    /// <summary>The name of the operation that a node which changes a variable became.</summary>
    /// <exception cref="ArgumentException">It is not among the targets of a program.</exception>
    public string NameOf(Node target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _assigns.TryGetValue(target, out string? name) ? name : throw new ArgumentException($"'{target.Name}' is not among the targets of a program.", nameof(target));
    }

    /// <summary>The GraphDef's bytes, as Python's <c>tf.compat.v1.GraphDef.FromString</c> and TF_GraphImportGraphDef read them.</summary>
    /// <exception cref="InvalidOperationException">It would have 2 GB or more.</exception>
    public byte[] ToArray() => Bytes(Definition, "A GraphDef holds less than 2 GB; lower GraphDefOptions.LargestInitialValue, or set InitialValues to false.");

    internal static byte[] Bytes(IMessage message, string advice)
    {
        try
        {
            return message.ToByteArray();
        }
        catch (Exception e) when (e is OverflowException or OutOfMemoryException or ArgumentOutOfRangeException)
        {
            throw new InvalidOperationException($"The network is too large for one file. {advice}", e);
        }
    }
}
