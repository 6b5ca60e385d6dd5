using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImageLoadingTransformer), null, typeof(SignatureLoadModel), "Load images", ImageLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Reads image files.</summary>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageLoaderTransform";

    /// <summary>Where the files are; null where the column has whole paths.</summary>
    public readonly string? ImageFolder;

    internal ImageLoadingTransformer(IHostEnvironment env, string? imageFolder, bool asImage, InputOutputColumnPair[] columns)
        : base(env.Register(nameof(ImageLoadingTransformer)), columns.ToTuples())
    {
        ImageFolder = imageFolder;
        AsImage = asImage;
    }

    private ImageLoadingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        ImageFolder = ctx.LoadStringOrNull();
        AsImage = ctx.Reader.ReadBoolean();
    }

    internal bool AsImage { get; }

    private static VersionInfo Version => new("IMGLOADT", 1, 1, 1, typeof(ImageLoadingTransformer).Assembly.FullName!, LoaderSignature);

    private static ImageLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(ImageLoadingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.SaveStringOrNull(ImageFolder);
        ctx.Writer.Write(AsImage);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) =>
        {
            if (input.Type is not TextDataViewType)
                throw Shapes.Mismatch("input", input.Name, TextDataViewType.Instance.ToString()!, input.Type.ToString()!);
            return AsImage
                ? new MappedColumn(new(pair.outputColumnName, new ImageDataViewType()), input.Index, row => ImageGetter(row, input))
                : new MappedColumn(new(pair.outputColumnName, new VectorDataViewType(NumberDataViewType.Byte)), input.Index, row => BytesGetter(row, input));
        })]);

    private ValueGetter<MLImage> ImageGetter(DataViewRow row, DataViewSchema.Column input)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(input);
        ReadOnlyMemory<char> path = default;
        return (ref MLImage value) =>
        {
            getter(ref path);
            if (path.IsEmpty)
            {
                value = null!;
                return;
            }
            var name = path.ToString();
            value = MLImage.CreateFromFile(PathOf(name));
            value.Tag = name;
        };
    }

    private ValueGetter<VBuffer<byte>> BytesGetter(DataViewRow row, DataViewSchema.Column input)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(input);
        ReadOnlyMemory<char> path = default;
        return (ref VBuffer<byte> value) =>
        {
            getter(ref path);
            var bytes = path.IsEmpty ? [] : File.ReadAllBytes(PathOf(path.ToString()));
            var editor = VBufferEditor.Create(ref value, bytes.Length);
            bytes.CopyTo(editor.Values);
            value = editor.Commit();
        };
    }

    private string PathOf(string name) => string.IsNullOrEmpty(ImageFolder) ? name : Path.Combine(ImageFolder, name);
}
