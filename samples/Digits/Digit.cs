using Microsoft.ML.Data;

namespace Digits;

/// <summary>A row of digits.csv: an image of 8 x 8 pixels and what it shows.</summary>
public sealed class Digit
{
    [LoadColumn(0)]
    public string Label { get; set; } = "";

    [LoadColumn(1, 64)]
    [VectorType(64)]
    public float[] Pixels { get; set; } = [];
}
