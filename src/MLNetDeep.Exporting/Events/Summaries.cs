using System.Buffers.Binary;
using Google.Protobuf;
using MLNetDeep.Exporting.Events.Protos;

namespace MLNetDeep.Exporting.Events;

/// <summary>What TensorBoard shows, as its messages.</summary>
internal static class Summaries
{
    // As many as TensorBoard itself makes.
    private const int Buckets = 30;

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static Summary.Types.Value Scalar(string tag, double value) => new() { Tag = tag, SimpleValue = (float)value };

    /// <summary>Counts of values in ranges of equal width; null where no value is finite.</summary>
    public static Summary.Types.Value? Histogram(string tag, ReadOnlySpan<float> values)
    {
        double min = double.MaxValue, max = double.MinValue, sum = 0, squares = 0;
        long count = 0;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                continue;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            sum += value;
            squares += (double)value * value;
            count++;
        }

        if (count == 0)
            return null;
        int buckets = min == max ? 1 : Buckets;
        double[] counts = new double[buckets];
        double width = (max - min) / buckets;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
                counts[width > 0 ? Math.Min((int)((value - min) / width), buckets - 1) : 0]++;
        }

        HistogramProto histogram = new() { Min = min, Max = max, Num = count, Sum = sum, SumSquares = squares };
        histogram.Bucket.AddRange(counts);
        for (int i = 1; i < buckets; i++)
            histogram.BucketLimit.Add(min + (i * width));
        histogram.BucketLimit.Add(max);
        return new() { Tag = tag, Histo = histogram };
    }

    /// <summary>A picture.</summary>
    /// <exception cref="ArgumentException">The bytes are no PNG file.</exception>
    public static Summary.Types.Value Image(string tag, ReadOnlySpan<byte> png)
    {
        // After the signature and the first chunk's length and name: width, height, bits, kind of colour.
        if (png.Length < 33 || !png.StartsWith(PngSignature) || !png.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw new ArgumentException($"The image '{tag}' is no PNG file; expected the bytes of one.", nameof(png));
        int channels = png[25] switch { 0 => 1, 4 => 2, 6 => 4, _ => 3 };
        return new()
        {
            Tag = tag,
            Image = new()
            {
                Width = BinaryPrimitives.ReadInt32BigEndian(png[16..]),
                Height = BinaryPrimitives.ReadInt32BigEndian(png[20..]),
                Colorspace = channels,
                EncodedImageString = ByteString.CopyFrom(png),
            },
        };
    }
}
