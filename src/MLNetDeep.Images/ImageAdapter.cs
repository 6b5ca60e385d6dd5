using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetDeep.Images.Codec;
using MLNetDeep.Rows;

namespace MLNetDeep.Images;

/// <summary>Images as numbers from 0 to 1: row by row, the channels of each pixel together.</summary>
internal sealed class ImageAdapter(int height, int width, int channels, bool resize) : FeatureAdapter
{
    private static readonly float[] Scaled = [.. Enumerable.Range(0, 256).Select(v => v / 255f)];

    /// <inheritdoc/>
    public override string Kind => "image";

    /// <inheritdoc/>
    public override DataViewType ColumnType { get; } = resize ? new ImageDataViewType() : new ImageDataViewType(height, width);

    /// <inheritdoc/>
    public override IReadOnlyList<int> Shape { get; } = [height, width, channels];

    /// <inheritdoc/>
    public override void Check(string name, DataViewType type)
    {
        if (type is not ImageDataViewType images)
            throw new ArgumentException($"The feature column '{name}' has type {type}; the network takes images.");
        if (!resize && images.Height > 0 && (images.Height != height || images.Width != width))
        {
            throw new ArgumentException(
                $"The feature column '{name}' has images of {images.Width}x{images.Height}; the network takes {width}x{height}. Use ResizeImages(\"{name}\", {width}, {height}) before the trainer, or set ResizeImages in its options.");
        }
    }

    /// <inheritdoc/>
    public override FeatureColumn.Reader<float> Bind(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<MLImage> getter = row.GetGetter<MLImage>(column);
        MLImage? image = null;
        return target =>
        {
            getter(ref image!);
            if (image is null)
                throw new InvalidOperationException($"The feature column '{column.Name}' has no image in data row {row.Position + 1}.");
            if (image.Width == width && image.Height == height)
                Fill(target, image.Pixels, RedAt(image, column, row));
            else if (resize)
                Fill(target, Resampling.Resize(image.Pixels, image.Width, image.Height, width, height), RedAt(image, column, row));
            else
                throw WrongSize(image, column, row);
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteNumber("height", height);
        json.WriteNumber("width", width);
        json.WriteNumber("channels", channels);
        json.WriteBoolean("resize", resize);
    }

    private static int RedAt(MLImage image, DataViewSchema.Column column, DataViewRow row) => image.PixelFormat switch
    {
        MLPixelFormat.Rgba32 => 0,
        MLPixelFormat.Bgra32 => 2,
        _ => throw new InvalidOperationException($"The feature column '{column.Name}' has an image of the unknown pixel format {image.PixelFormat} in data row {row.Position + 1}."),
    };

    private void Fill(Span<float> target, ReadOnlySpan<byte> pixels, int red)
    {
        int blue = 2 - red;
        if (channels == 1)
        {
            for (int i = 0; i < target.Length; i++)
            {
                ReadOnlySpan<byte> pixel = pixels.Slice(i * 4, 4);

                // Of a pixel that is grey already exactly its grey.
                target[i] = pixel[0] == pixel[1] && pixel[1] == pixel[2]
                    ? Scaled[pixel[0]]
                    : 0.299f * Scaled[pixel[red]] + 0.587f * Scaled[pixel[1]] + 0.114f * Scaled[pixel[blue]];
            }

            return;
        }

        for (int from = 0, to = 0; to < target.Length; from += 4, to += channels)
        {
            target[to] = Scaled[pixels[from + red]];
            target[to + 1] = Scaled[pixels[from + 1]];
            target[to + 2] = Scaled[pixels[from + blue]];
            if (channels == 4)
                target[to + 3] = Scaled[pixels[from + 3]];
        }
    }

    private InvalidOperationException WrongSize(MLImage image, DataViewSchema.Column column, DataViewRow row) => new(
        $"The feature column '{column.Name}' has an image of {image.Width}x{image.Height}{(string.IsNullOrEmpty(image.Tag) ? "" : $" ('{image.Tag}')")} in data row {row.Position + 1}; the network takes {width}x{height}. " +
        $"Use ResizeImages(\"{column.Name}\", {width}, {height}) before the trainer, or set ResizeImages in its options.");
}
