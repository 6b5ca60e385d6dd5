using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImagePixelExtractingTransformer), null, typeof(SignatureLoadModel), "Extract pixels", ImagePixelExtractingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes vectors of images' pixels.</summary>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImagePixelExtractor";

    internal ImagePixelExtractingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, PixelFormat format)
        : base(env.Register(nameof(ImagePixelExtractingTransformer)), columns.ToTuples())
        => Format = format.IsValid ? format : throw new ArgumentException("At least one of the four colors has to be extracted, in one of the six orders.", nameof(format));

    private ImagePixelExtractingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        var reader = ctx.Reader;
        Format = new((ImagePixelExtractingEstimator.ColorBits)reader.ReadByte(), (ImagePixelExtractingEstimator.ColorsOrder)reader.ReadByte(),
            reader.ReadBoolean(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadBoolean());
        if (!Format.IsValid)
            throw new FormatException("Corrupt model: pixels cannot be extracted so.");
    }

    internal PixelFormat Format { get; }

    private static VersionInfo Version => new("IMGPXEXT", 1, 1, 1, typeof(ImagePixelExtractingTransformer).Assembly.FullName!, LoaderSignature);

    private static ImagePixelExtractingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(ImagePixelExtractingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)Format.Colors);
        ctx.Writer.Write((byte)Format.Order);
        ctx.Writer.Write(Format.Interleave);
        ctx.Writer.Write(Format.Offset);
        ctx.Writer.Write(Format.Scale);
        ctx.Writer.Write(Format.AsFloat);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) =>
        {
            var image = ImageColumns.TypeOf(input);
            if (image.Height == 0)
                throw Shapes.Mismatch("input", input.Name, "image of known size (resize images first, with ResizeImages)", "image of unknown size");
            var channels = Format.Channels(MLPixelFormat.Bgra32).Length;
            var type = Format.Interleave
                ? new VectorDataViewType(Format.ItemType, image.Height, image.Width, channels)
                : new VectorDataViewType(Format.ItemType, channels, image.Height, image.Width);
            return new MappedColumn(new(pair.outputColumnName, type), input.Index, row => Format.AsFloat
                ? Getter(row, input, image, type.Size, value => (value - Format.Offset) * Format.Scale)
                : Getter(row, input, image, type.Size, value => value));
        })]);

    private ValueGetter<VBuffer<T>> Getter<T>(DataViewRow row, DataViewSchema.Column input, ImageDataViewType type, int size, Func<byte, T> map)
    {
        var getter = row.GetGetter<MLImage>(input);
        T[] values = [.. Enumerable.Range(0, 256).Select(value => map((byte)value))];
        MLImage? image = null;
        return (ref VBuffer<T> value) =>
        {
            getter(ref image!);
            var editor = VBufferEditor.Create(ref value, size);
            if (image is null)
                throw new InvalidOperationException($"Column '{input.Name}' has no image in row {row.Position}.");
            if (image.Height != type.Height || image.Width != type.Width)
            {
                throw new InvalidOperationException(
                    $"Column '{input.Name}' has an image of {image.Width}x{image.Height} in row {row.Position}; all images of the column are to be {type.Width}x{type.Height}.");
            }
            var channels = Format.Channels(image.PixelFormat);
            var pixels = image.Pixels;
            var count = image.Width * image.Height;
            var (pixelStep, channelStep) = Format.Interleave ? (channels.Length, 1) : (1, count);
            for (var c = 0; c < channels.Length; c++)
            {
                var target = editor.Values[(c * channelStep)..];
                for (var i = 0; i < count; i++)
                    target[i * pixelStep] = values[pixels[i * 4 + channels[c]]];
            }
            value = editor.Commit();
        };
    }
}
