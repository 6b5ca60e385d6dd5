namespace MLNetDeep.Exporting.Onnx;

/// <summary>
/// One ONNX operator applied to values. Settings that are no tensors to the network (axes, pads, a target shape, ...) are attributes here even where
/// ONNX takes them as inputs, so that a pass can read and change them; <see cref="OnnxWriter"/> makes inputs of them.
/// </summary>
internal sealed class OnnxNode(string op, string name)
{
    public string Op { get; } = op;

    /// <summary>Named after the network's node, so that a tool that shows the graph shows the layer.</summary>
    public string Name { get; } = name;

    /// <summary>What it reads; null for an optional input that is left out.</summary>
    public List<OnnxValue?> Inputs { get; } = [];

    /// <summary>What it computes; null for an optional output that nobody reads.</summary>
    public List<OnnxValue?> Outputs { get; } = [];

    /// <summary>int, float, string, int[] (a list of integers) or OnnxType by name.</summary>
    public Dictionary<string, object> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>The first output.</summary>
    public OnnxValue Output => Outputs[0]!;

    public int[] Ints(string name) => (int[])Attributes[name];

    public int[]? FindInts(string name) => Attributes.GetValueOrDefault(name) as int[];
}
