using Digits;
using Microsoft.ML.Data;
using MLNetDeep.Images.Codec;

namespace TensorFlowSample;

/// <summary>An image of 8 x 8 pixels as both networks take it, and what it shows.</summary>
public sealed class Picture
{
    public const int Side = 8;

    private const float Brightest = 16;

    public string Label { get; set; } = "";

    /// <summary>Brightness from 0 to 1, row by row: what ours takes.</summary>
    [VectorType(Side * Side)]
    public float[] Pixels { get; set; } = [];

    /// <summary>The same as the bytes of a PNG file: what <c>ImageClassification</c> takes.</summary>
    public byte[] File { get; set; } = [];

    public static Picture Of(Digit digit)
    {
        using MemoryStream file = new();
        PngWriter.Write(file, Side, Side, 1, [.. digit.Pixels.Select(p => (byte)(p * 255 / Brightest))]);
        return new() { Label = digit.Label, Pixels = [.. digit.Pixels.Select(p => p / Brightest)], File = file.ToArray() };
    }
}
