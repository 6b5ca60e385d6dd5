using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImageGrayscalingTransformer), null, typeof(SignatureLoadModel), "Make images grey", ImageGrayscalingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes images grey.</summary>
public sealed class ImageGrayscalingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageGrayscaleTransform";

    internal ImageGrayscalingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns)
        : base(env.Register(nameof(ImageGrayscalingTransformer)), columns.ToTuples())
    {
    }

    private ImageGrayscalingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo Version => new("IMGGRAYS", 1, 1, 1, typeof(ImageGrayscalingTransformer).Assembly.FullName!, LoaderSignature);

    private static ImageGrayscalingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(ImageGrayscalingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) =>
            new MappedColumn(new(pair.outputColumnName, ImageColumns.TypeOf(input)), input.Index, row => ImageColumns.Map(row, input, Gray)))]);

    private static MLImage Gray(MLImage image)
    {
        var pixels = image.Pixels.ToArray();
        var (red, blue) = image.PixelFormat == MLPixelFormat.Rgba32 ? (0, 2) : (2, 0);
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var gray = (byte)(((299 * pixels[i + red]) + (587 * pixels[i + 1]) + (114 * pixels[i + blue]) + 500) / 1000);
            pixels.AsSpan(i, 3).Fill(gray);
        }
        var result = MLImage.Over(image.Width, image.Height, image.PixelFormat, pixels);
        result.Tag = image.Tag;
        return result;
    }
}
