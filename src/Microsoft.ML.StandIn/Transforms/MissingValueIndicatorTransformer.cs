using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(MissingValueIndicatorTransformer), null, typeof(SignatureLoadModel), "Indicate missing values", MissingValueIndicatorTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Says where values are missing.</summary>
public sealed class MissingValueIndicatorTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "MissingIndicator";

    internal MissingValueIndicatorTransformer(IHostEnvironment env, InputOutputColumnPair[] columns)
        : base(env.Register(nameof(MissingValueIndicatorTransformer)), columns.ToTuples())
    {
    }

    private MissingValueIndicatorTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo Version => new("MISSINGI", 1, 1, 1, typeof(MissingValueIndicatorTransformer).Assembly.FullName!, LoaderSignature);

    private static MissingValueIndicatorTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(MissingValueIndicatorTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) =>
        {
            var itemType = DataViewTypes.ItemTypeOf(input.Type).RawType;
            if (itemType != typeof(float) && itemType != typeof(double))
                throw Shapes.Mismatch("input", input.Name, "vector or scalar of Single or Double", input.Type.ToString()!);
            var annotations = input.Take(AnnotationNames.SlotNames).AddIsNormalized().ToAnnotations();
            return new MappedColumn(new(pair.outputColumnName, input.Type.WithItems(BooleanDataViewType.Instance), annotations), input.Index,
                row => itemType == typeof(float)
                    ? Getters.Map<float, bool>(row, input, (_, value) => float.IsNaN(value), keepsDefaults: true)
                    : Getters.Map<double, bool>(row, input, (_, value) => double.IsNaN(value), keepsDefaults: true));
        })]);
}
