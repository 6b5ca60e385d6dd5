using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx;

/// <summary>A graph of ONNX operators while it is being made and improved. What can be computed from constants alone is computed at once.</summary>
internal sealed class OnnxGraph
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _suffixes = new(StringComparer.Ordinal);
    private string _scope = "onnx";
    private OnnxValue? _batch;

    /// <summary>The nodes; each after those it reads from.</summary>
    public List<OnnxNode> Nodes { get; set; } = [];

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>Until the result is disposed, new nodes are named after one of our nodes.</summary>
    public IDisposable Under(string name)
    {
        string before = _scope;
        _scope = name;
        return new ScopeEnd(this, before);
    }

    /// <summary>Keeps a name from being given to anything else.</summary>
    /// <exception cref="ArgumentException">It is taken.</exception>
    public void Reserve(string name)
    {
        if (!_names.Add(name))
            throw new ArgumentException($"Two inputs or outputs are called '{name}'; names must differ.", nameof(name));
    }

    /// <summary>Adds an input of the model, under a name that has been reserved.</summary>
    public OnnxValue Input(string name, OnnxType type, Shape shape)
    {
        OnnxValue value = new(name, type, shape);
        Inputs.Add(value);
        return value;
    }

    /// <summary>Makes a value an output of the model, under a name that has been reserved.</summary>
    public void Output(string name, OnnxValue value)
    {
        // One value cannot have two names, and what is no node's output none of its own.
        if (value.Producer is null || Outputs.Contains(value))
            value = Add("Identity", value.Type, value.Shape, [value]);
        value.Name = name;
        Outputs.Add(value);
    }

    public OnnxValue Constant(float[] values, Shape shape, string? name = null) => new(UniqueName(name ?? $"{_scope}/constant"), OnnxType.Float, shape) { Data = values };

    public OnnxValue Constant(int[] values, Shape shape, string? name = null) => new(UniqueName(name ?? $"{_scope}/constant"), OnnxType.Int32, shape) { Data = values };

    public OnnxValue Constant(float value) => Constant([value], Shape.Scalar);

    /// <summary>A list of 64-bit integers, as ONNX wants shapes and ranges.</summary>
    public OnnxValue Longs(params long[] values) => new(UniqueName($"{_scope}/constant"), OnnxType.Int64, new Shape(values.Length)) { Data = values };

    /// <summary>Adds a node with one output.</summary>
    public OnnxValue Add(string op, OnnxType type, Shape shape, IEnumerable<OnnxValue?> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        OnnxNode node = AddNode(op, inputs, attributes);
        return AddOutput(node, type, shape);
    }

    /// <summary>Adds a node; its outputs are to follow.</summary>
    public OnnxNode AddNode(string op, IEnumerable<OnnxValue?> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        OnnxNode node = Create(op, inputs, attributes);
        Nodes.Add(node);
        return node;
    }

    /// <summary>A node that is not among <see cref="Nodes"/> yet: for passes.</summary>
    public OnnxNode Create(string op, IEnumerable<OnnxValue?> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        OnnxNode node = new(op, UniqueName($"{_scope}/{op}"));
        node.Inputs.AddRange(inputs);
        foreach ((string name, object value) in attributes)
            node.Attributes.Add(name, value);
        return node;
    }

    /// <summary>Gives a node a further output.</summary>
    public OnnxValue AddOutput(OnnxNode node, OnnxType type, Shape shape)
    {
        OnnxValue value = new(UniqueName($"{node.Name}/output"), type, shape) { Producer = node };
        node.Outputs.Add(value);
        return value;
    }

    public OnnxValue Unary(string op, OnnxValue x, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        attributes.Length == 0 && x.Floats is { } values && Folding.Unary(op) is { } f
            ? Constant([.. values.Select(f)], x.Shape)
            : Add(op, x.Type, x.Shape, [x], attributes);

    /// <summary>An elementwise operation of two, with NumPy's broadcasting.</summary>
    public OnnxValue Binary(string op, OnnxValue a, OnnxValue b, OnnxType? type = null)
    {
        Shape shape = Shape.Broadcast(a.Shape, b.Shape) ?? throw new ArgumentException($"{op}: {a.Shape} and {b.Shape} do not fit.", nameof(b));
        return a.Floats is { } x && b.Floats is { } y && Folding.Binary(op) is { } f
            ? Constant(Folding.Broadcast(x, a.Shape, y, b.Shape, shape, f), shape)
            : Add(op, type ?? a.Type, shape, [a, b]);
    }

    public OnnxValue Reshape(OnnxValue x, Shape shape) => x.Shape.Equals(shape) ? x
        : x.Floats is { } values ? Constant(values, shape)
        : Add("Reshape", x.Type, shape, [x], ("shape", Target(shape)));

    public OnnxValue Transpose(OnnxValue x, params int[] perm)
    {
        Shape shape = new([.. perm.Select(p => x.Shape[p])]);
        return x.Floats is { } values ? Constant(Folding.Transpose(values, x.Shape, perm), shape) : Add("Transpose", x.Type, shape, [x], ("perm", perm));
    }

    public OnnxValue Slice(OnnxValue x, int axis, int begin, int size)
    {
        Shape shape = x.Shape.With(axis, size);
        return x.Floats is { } values
            ? Constant(Folding.Slice(values, x.Shape, axis, begin, size), shape)
            : Add("Slice", x.Type, shape, [x], ("starts", (int[])[begin]), ("ends", (int[])[begin + size]), ("axes", (int[])[axis]));
    }

    public OnnxValue Cast(OnnxValue x, OnnxType type) => x.Type == type ? x : Add("Cast", type, x.Shape, [x], ("to", (int)type));

    /// <summary>The number of rows of this run, times a number, as a list of one 64-bit integer.</summary>
    public OnnxValue Batch(int times = 1)
    {
        if (_batch is null)
        {
            OnnxValue input = Inputs.First(i => i.Shape.BatchAxis == 0);
            _batch = Add("Shape", OnnxType.Int64, new Shape(1), [input], ("start", 0), ("end", 1));
            if (input.Shape[0] != -1)
                _batch = Add("Div", OnnxType.Int64, new Shape(1), [_batch, Longs(-input.Shape[0])]);
        }

        return times == 1 ? _batch : Add("Mul", OnnxType.Int64, new Shape(1), [_batch, Longs(times)]);
    }

    /// <summary>A shape as a list of 64-bit integers, with this run's number of rows.</summary>
    public OnnxValue Dimensions(Shape shape)
    {
        if (!shape.IsBatched)
            return Longs([.. shape.Dims.ToArray().Select(d => (long)d)]);
        int at = shape.BatchAxis;
        List<OnnxValue> parts = [Batch(-shape[at])];
        if (at > 0)
            parts.Insert(0, Longs([.. shape.Dims[..at].ToArray().Select(d => (long)d)]));
        if (at < shape.Rank - 1)
            parts.Add(Longs([.. shape.Dims[(at + 1)..].ToArray().Select(d => (long)d)]));
        return parts.Count == 1 ? parts[0] : Add("Concat", OnnxType.Int64, new Shape(shape.Rank), parts, ("axis", 0));
    }

    /// <summary>Drops nodes whose outputs nobody reads, and of recurrent operators, whose outputs are optional, those that nobody reads.</summary>
    public void RemoveUnused()
    {
        HashSet<OnnxValue> read = [.. Outputs];
        for (int i = Nodes.Count - 1; i >= 0; i--)
        {
            OnnxNode node = Nodes[i];
            if (!node.Outputs.Any(o => o is not null && read.Contains(o)))
            {
                Nodes.RemoveAt(i);
                continue;
            }

            bool areOptional = node.Op is "LSTM" or "GRU" or "RNN";
            for (int o = 0; o < node.Outputs.Count && areOptional; o++)
            {
                if (node.Outputs[o] is { } output && !read.Contains(output))
                    node.Outputs[o] = null;
            }

            while (node.Outputs[^1] is null)
                node.Outputs.RemoveAt(node.Outputs.Count - 1);
            read.UnionWith(node.Inputs.OfType<OnnxValue>());
        }
    }

    // Of the dimensions only the batched one is unknown; ONNX works it out.
    internal static int[] Target(Shape shape) => [.. shape.Dims.ToArray().Select(d => d < 0 ? -1 : d)];

    private string UniqueName(string name)
    {
        if (_names.Add(name))
            return name;
        int suffix = _suffixes.GetValueOrDefault(name);
        string unique;
        do
            unique = $"{name}_{++suffix}";
        while (!_names.Add(unique));
        _suffixes[name] = suffix;
        return unique;
    }

    private sealed class ScopeEnd(OnnxGraph graph, string before) : IDisposable
    {
        public void Dispose() => graph._scope = before;
    }
}
