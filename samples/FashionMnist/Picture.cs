using Microsoft.ML.Data;

namespace FashionMnist;

/// <summary>An image of 28 x 28 pixels and what it shows.</summary>
public sealed class Picture
{
    public const int Side = 28;

    public string Label { get; set; } = "";

    /// <summary>Brightness from 0 to 1, row by row.</summary>
    [VectorType(Side * Side)]
    public float[] Pixels { get; set; } = [];
}
