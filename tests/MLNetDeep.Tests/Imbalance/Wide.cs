using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>A row most of whose features are zero.</summary>
public class Wide
{
    public const int Size = 40;

    public float Id { get; set; }

    public string Kind { get; set; } = "";

    [VectorType(Size)]
    public VBuffer<float> Features { get; set; }
}
