using Microsoft.ML.Data;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML;

/// <summary>How a vector is made of an image's pixels.</summary>
internal sealed record PixelFormat(ColorBits Colors, ColorsOrder Order, bool Interleave, float Offset, float Scale, bool AsFloat)
{
    public PrimitiveDataViewType ItemType => AsFloat ? NumberDataViewType.Single : NumberDataViewType.Byte;

    /// <summary>Whether it can be.</summary>
    public bool IsValid => Colors != 0 && (Colors & ~ColorBits.All) == 0 && Enum.IsDefined(Order);

    /// <summary>For each extracted channel, in order, where its byte is in a pixel.</summary>
    public int[] Channels(MLPixelFormat format)
    {
        var order = Order switch
        {
            ColorsOrder.ARGB => "ARGB",
            ColorsOrder.ARBG => "ARBG",
            ColorsOrder.ABRG => "ABRG",
            ColorsOrder.ABGR => "ABGR",
            ColorsOrder.AGRB => "AGRB",
            _ => "AGBR",
        };
        var layout = format == MLPixelFormat.Rgba32 ? "RGBA" : "BGRA";
        return [.. order.Where(channel => Colors.HasFlag(Bit(channel))).Select(channel => layout.IndexOf(channel, StringComparison.Ordinal))];
    }

    private static ColorBits Bit(char channel) => channel switch
    {
        'A' => ColorBits.Alpha,
        'R' => ColorBits.Red,
        'G' => ColorBits.Green,
        _ => ColorBits.Blue,
    };
}
