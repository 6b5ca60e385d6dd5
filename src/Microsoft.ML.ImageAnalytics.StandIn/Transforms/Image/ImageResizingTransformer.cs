using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetDeep.Images.Codec;

[assembly: LoadableClass(typeof(ImageResizingTransformer), null, typeof(SignatureLoadModel), "Resize images", ImageResizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes images of one size.</summary>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageScalerTransform";

    private readonly ImageResizingEstimator.ResizingKind _kind;
    private readonly ImageResizingEstimator.Anchor _anchor;

    internal ImageResizingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, int width, int height,
        ImageResizingEstimator.ResizingKind kind, ImageResizingEstimator.Anchor anchor)
        : base(env.Register(nameof(ImageResizingTransformer)), columns.ToTuples())
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of resizing.");
        if (!Enum.IsDefined(anchor))
            throw new ArgumentOutOfRangeException(nameof(anchor), anchor, "Unknown anchor.");
        OutputType = new(height, width);
        (_kind, _anchor) = (kind, anchor);
    }

    private ImageResizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        var (width, height) = (ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32());
        (_kind, _anchor) = ((ImageResizingEstimator.ResizingKind)ctx.Reader.ReadByte(), (ImageResizingEstimator.Anchor)ctx.Reader.ReadByte());
        if (width < 1 || height < 1 || (long)width * height > PngReader.MostPixels || !Enum.IsDefined(_kind) || !Enum.IsDefined(_anchor))
            throw new FormatException("Corrupt model: images cannot be resized so.");
        OutputType = new(height, width);
    }

    internal ImageDataViewType OutputType { get; }

    private static VersionInfo Version => new("IMGSCALF", 1, 1, 1, typeof(ImageResizingTransformer).Assembly.FullName!, LoaderSignature);

    private static ImageResizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(ImageResizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(OutputType.Width);
        ctx.Writer.Write(OutputType.Height);
        ctx.Writer.Write((byte)_kind);
        ctx.Writer.Write((byte)_anchor);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) =>
        {
            ImageColumns.TypeOf(input);
            return new MappedColumn(new(pair.outputColumnName, OutputType), input.Index, row => ImageColumns.Map(row, input, Resize));
        })]);

    private MLImage Resize(MLImage image)
    {
        var (width, height) = (OutputType.Width, OutputType.Height);
        var (across, down) = ((double)width / image.Width, (double)height / image.Height);
        var pixels = _kind switch
        {
            ImageResizingEstimator.ResizingKind.Fill => Scale(image, width, height),
            ImageResizingEstimator.ResizingKind.IsoPad => Pad(image, width, height, Math.Min(across, down)),
            _ => Crop(image, width, height, Math.Max(across, down)),
        };
        var result = MLImage.Over(width, height, image.PixelFormat, pixels);
        result.Tag = image.Tag;
        return result;
    }

    private static byte[] Scale(MLImage image, int width, int height)
        => width == image.Width && height == image.Height ? image.Pixels.ToArray() : Resampling.Resize(image.Pixels, image.Width, image.Height, width, height);

    private static byte[] Pad(MLImage image, int width, int height, double scale)
    {
        var innerWidth = Math.Clamp((int)Math.Round(image.Width * scale), 1, width);
        var innerHeight = Math.Clamp((int)Math.Round(image.Height * scale), 1, height);
        var inner = Scale(image, innerWidth, innerHeight).AsSpan();
        var (left, top) = ((width - innerWidth) / 2, (height - innerHeight) / 2);
        var pixels = new byte[width * height * 4];
        for (var y = 0; y < innerHeight; y++)
            inner.Slice(y * innerWidth * 4, innerWidth * 4).CopyTo(pixels.AsSpan(((top + y) * width + left) * 4));
        return pixels;
    }

    // Only the part that is kept is scaled: the whole of a long thin image could be far too large.
    private byte[] Crop(MLImage image, int width, int height, double scale)
    {
        var (keptWidth, keptHeight) = (Math.Min(width / scale, image.Width), Math.Min(height / scale, image.Height));
        var left = _anchor switch
        {
            ImageResizingEstimator.Anchor.Left => 0,
            ImageResizingEstimator.Anchor.Right => image.Width - keptWidth,
            _ => (image.Width - keptWidth) / 2,
        };
        var top = _anchor switch
        {
            ImageResizingEstimator.Anchor.Top => 0,
            ImageResizingEstimator.Anchor.Bottom => image.Height - keptHeight,
            _ => (image.Height - keptHeight) / 2,
        };
        return Resampling.Resize(image.Pixels, image.Width, image.Height, width, height, left, top, keptWidth, keptHeight);
    }
}
