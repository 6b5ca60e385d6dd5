using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>The nodes of a GraphDef in the making.</summary>
internal sealed class GraphDefBuilder
{
    // Of TensorFlow 2.4, which has every operation used here.
    private const int Producer = 561;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<(DataType, string), Value> _constants = [];
    private readonly Dictionary<int, Value> _batches = [];

    public GraphDef Definition { get; init; } = new() { Versions = new() { Producer = Producer } };

    /// <summary>Adds the batch size, an Int32 number, when it is first asked for.</summary>
    public required Func<Value> FindBatch { get; init; }

    /// <summary>A free name like <paramref name="name"/>, taken from now on.</summary>
    public string Take(string name)
    {
        string legal = TensorFlowText.OperationName(name), free = legal;
        for (int i = 1; !_names.Add(free); i++)
            free = $"{legal}_{i}";
        return free;
    }

    /// <summary>Adds a node under a name that was taken before.</summary>
    public NodeDef AddTaken(string op, string name, ReadOnlySpan<Value> inputs, ReadOnlySpan<Attr> attributes, params ReadOnlySpan<string> controls)
    {
        NodeDef node = new() { Op = op, Name = name };
        foreach (Value input in inputs)
            node.Input.Add(input.ToString());
        foreach (string control in controls)
            node.Input.Add("^" + control);
        foreach (Attr attribute in attributes)
            node.Attr.Add(attribute.Name, attribute.Value);
        Definition.Node.Add(node);
        return node;
    }

    /// <summary>Adds a node and returns its first output.</summary>
    public Value Add(string op, string name, DataType type, ReadOnlySpan<Value> inputs, params ReadOnlySpan<Attr> attributes) =>
        new(AddTaken(op, Take(name), inputs, attributes).Name, 0, type);

    public Value Constant<T>(string name, DataType type, ReadOnlySpan<T> values, ReadOnlySpan<int> dims)
        where T : unmanaged => Add("Const", name, type, [], ("dtype", type), ("value", TensorFlowText.Tensor(type, values, dims)));

    /// <summary>A small constant, added once however often it is asked for.</summary>
    public Value Shared<T>(string name, DataType type, ReadOnlySpan<T> values, ReadOnlySpan<int> dims)
        where T : unmanaged
    {
        string key = $"{string.Join(',', dims.ToArray())};{Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values))}";
        if (!_constants.TryGetValue((type, key), out Value value))
            _constants.Add((type, key), value = Constant(name, type, values, dims));
        return value;
    }

    /// <summary>So many times the batch size, an Int32 number.</summary>
    public Value Batch(int times)
    {
        if (_batches.TryGetValue(times, out Value value))
            return value;
        if (times == 1)
            value = FindBatch();
        else
            value = Add("Mul", $"batch_size/times_{times}", DataType.DtInt32, [Batch(1), Shared("batch_size/times", DataType.DtInt32, [times], [])], ("T", DataType.DtInt32));
        _batches.Add(times, value);
        return value;
    }

    /// <summary>Integers, where a negative one, -k, stands for k times the batch size.</summary>
    public Value Vector(string name, ReadOnlySpan<int> values)
    {
        if (values.IndexOfAnyInRange(int.MinValue, -1) < 0)
            return Shared(name + "/vector", DataType.DtInt32, values, [values.Length]);
        Value[] numbers = new Value[values.Length];
        for (int i = 0; i < values.Length; i++)
            numbers[i] = values[i] < 0 ? Batch(-values[i]) : Shared(name + "/number", DataType.DtInt32, values.Slice(i, 1), []);
        return Add("Pack", name + "/vector", DataType.DtInt32, numbers, ("N", numbers.Length), ("T", DataType.DtInt32));
    }

    /// <summary>Gives a node added since <paramref name="start"/> the name that was taken for it; nothing before it refers to it.</summary>
    public void Rename(int start, string from, string to)
    {
        for (int i = start; i < Definition.Node.Count; i++)
        {
            NodeDef node = Definition.Node[i];
            if (node.Name == from)
                node.Name = to;
            for (int k = 0; k < node.Input.Count; k++)
            {
                string input = node.Input[k];
                if (input == from)
                    node.Input[k] = to;
                else if (input.Length > from.Length && input[from.Length] == ':' && input.StartsWith(from, StringComparison.Ordinal))
                    node.Input[k] = to + input[from.Length..];
            }
        }

        _names.Remove(from);
    }
}
