namespace MLNetDeep.Exporting.Onnx;

/// <summary>What an ONNX file is to say beside the network.</summary>
public sealed record OnnxOptions
{
    /// <summary>Names of the inputs, in the order of <see cref="Network.InputLayers"/>. Default null: the names of the input layers.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>Names of the outputs. Default null: <c>Score</c>, and where there are several <c>Score</c>, <c>Score1</c>, ...</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }

    /// <summary>The model's name. Default <c>network</c>.</summary>
    public string ModelName { get; init; } = "network";

    /// <summary>A text about the model. Default none.</summary>
    public string? Description { get; init; }

    /// <summary>Further properties by name, as ONNX Runtime's custom metadata. Default none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
