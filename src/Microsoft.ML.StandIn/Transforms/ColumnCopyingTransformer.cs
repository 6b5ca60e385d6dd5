using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnCopyingTransformer), null, typeof(SignatureLoadModel), "Copy columns", ColumnCopyingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CopyTransform";

    internal ColumnCopyingTransformer(IHostEnvironment env, params InputOutputColumnPair[] columns)
        : base(env.Register(nameof(ColumnCopyingTransformer)), columns.ToTuples())
    {
    }

    private ColumnCopyingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo Version => new("COPYCOLS", 1, 1, 1, typeof(ColumnCopyingTransformer).Assembly.FullName!, LoaderSignature);

    private static ColumnCopyingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(ColumnCopyingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) =>
            new MappedColumn(new(pair.outputColumnName, input.Type, input.Annotations), input.Index, row => Getters.Of(row, input)))]);
}
