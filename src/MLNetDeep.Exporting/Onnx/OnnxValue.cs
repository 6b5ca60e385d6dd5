using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx;

/// <summary>What flows between nodes: an input of the model, a constant, or an output of a node.</summary>
internal sealed class OnnxValue(string name, OnnxType type, Shape shape)
{
    /// <summary>Its name, unique in the model.</summary>
    public string Name { get; set; } = name;

    public OnnxType Type { get; } = type;

    /// <summary>Its dimensions; a batched one is negative.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>The values of a constant (float[], int[], long[] or bool[]); null for what is computed.</summary>
    public Array? Data { get; init; }

    /// <summary>What computes it; null for inputs and constants.</summary>
    public OnnxNode? Producer { get; set; }

    public bool IsConstant => Data is not null;

    /// <summary>The values of a constant of numbers; null for anything else.</summary>
    public float[]? Floats => Data as float[];
}
