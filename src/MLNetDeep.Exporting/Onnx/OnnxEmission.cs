using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx;

/// <summary>One of our graphs on its way to ONNX: walks from the outputs back to the inputs and has each operation written by its emitter.</summary>
internal sealed class OnnxEmission
{
    private readonly Dictionary<Tensor, OnnxValue> _values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, Tensor[]> _expanded = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Node> _done = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyDictionary<string, float[]> _weights;

    /// <param name="weights">The values of variables by name.</param>
    public OnnxEmission(IReadOnlyDictionary<string, float[]> weights)
    {
        _weights = weights;
        Graph = new();
    }

    public OnnxGraph Graph { get; }

    /// <summary>Helper values of emitters that several nodes share, such as what follows from a mask.</summary>
    public Dictionary<(Tensor, string), object> Shared { get; } = [];

    /// <summary>Says that a tensor is a value that there is already: an input.</summary>
    public void Set(Tensor tensor, OnnxValue value) => _values[tensor] = value;

    /// <summary>Whether the tensor is a weight or a constant, whose values the file will hold.</summary>
    public static bool IsStored(Tensor tensor) => tensor.Node.Op.Name is "Variable" or "Const";

    /// <summary>The value of a tensor that has been written.</summary>
    /// <exception cref="NotSupportedException">Nothing writes it.</exception>
    public OnnxValue Get(Tensor tensor) => _values.TryGetValue(tensor, out OnnxValue? value) ? value : throw CannotExpress(tensor.Node);

    /// <summary>The value of a node's input.</summary>
    public OnnxValue Input(Node node, int index) => Get(node.Inputs[index]);

    /// <summary>Writes all that a tensor depends on.</summary>
    /// <exception cref="NotSupportedException">An operation cannot be expressed in ONNX; the message names the layer.</exception>
    /// <exception cref="ArgumentException">A weight is missing or of another size.</exception>
    public OnnxValue Emit(Tensor output)
    {
        // Depth first without recursion: an unrolled network of a thousand steps is that deep.
        Stack<Node> open = new([output.Node]);
        while (open.TryPeek(out Node? node))
        {
            if (_done.Contains(node) || node.Outputs.Count > 0 && node.Outputs.All(_values.ContainsKey))
            {
                open.Pop();
                continue;
            }

            OnnxEmitter? emitter = node.Op.Name is "Variable" or "Const" or "Placeholder" ? null : OnnxEmitters.Of(node.Op.Name);
            IEnumerable<Tensor> reads = emitter is not null ? emitter.Reads(node) : node.Inputs.Count == 0 ? [] : Expanded(node);
            Node[] missing = [.. reads.Where(t => !_values.ContainsKey(t) && !_done.Contains(t.Node)).Select(t => t.Node).Distinct()];
            if (missing.Length > 0)
            {
                foreach (Node next in missing)
                    open.Push(next);
                continue;
            }

            open.Pop();
            _done.Add(node);
            OnnxValue?[] values;
            using (Graph.Under(node.Name))
                values = emitter is not null ? emitter.Emit(this, node) : node.Inputs.Count == 0 ? [Source(node)] : [.. Expanded(node).Select(t => _values.GetValueOrDefault(t))];
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] is { } value)
                    _values.TryAdd(node.Outputs[i], value);
            }
        }

        return Get(output);
    }

    /// <summary>An error that names the layer.</summary>
    public static NotSupportedException CannotExpress(Node node, string? why = null)
    {
        int end = node.Name.IndexOf('/', StringComparison.Ordinal);
        string layer = end > 0 ? $"layer '{node.Name[..end]}'" : $"node '{node.Name}'";
        return new($"The {layer} cannot be written as ONNX: its operation {node.Op.Name} ('{node.Name}') {why ?? "has no counterpart there"}. Replace the layer, or export the network up to the layer before it (Network.UpTo).");
    }

    // The simpler operations that a node stands for.
    private Tensor[] Expanded(Node node)
    {
        if (!_expanded.TryGetValue(node, out Tensor[]? simple))
        {
            // In the node's own scope, so that a message about them names the layer too.
            using (node.Graph.Scope(node.Name))
                simple = node.Op.Expand(node) ?? throw CannotExpress(node);
            _expanded.Add(node, simple);
        }

        return simple;
    }

    private OnnxValue Source(Node node)
    {
        Tensor tensor = node.Outputs[0];
        switch (node.Op.Name)
        {
            case "Const":
                return tensor.DType == DType.Int32
                    ? Graph.Constant(node.Attributes.Get<int[]>("value"), tensor.Shape, node.Name)
                    : Graph.Constant(node.Attributes.Get<float[]>("value"), tensor.Shape, node.Name);
            case "Variable":
                if (!_weights.TryGetValue(node.Name, out float[]? values) || values.Length != tensor.Shape.UnitSize)
                    throw new ArgumentException($"The weight '{node.Name}' of shape {tensor.Shape} {(values is null ? "is missing" : $"has {values.Length} values")}.");
                return Graph.Constant(values, tensor.Shape, node.Name);
            default:
                throw CannotExpress(node, node.Op.Name == "Placeholder" ? $"needs a value for '{node.Name}', which is not among the inputs: is this a graph of training?" : null);
        }
    }
}
