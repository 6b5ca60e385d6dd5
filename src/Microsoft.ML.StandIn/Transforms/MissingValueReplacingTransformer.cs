using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(MissingValueReplacingTransformer), null, typeof(SignatureLoadModel), "Replace missing values", MissingValueReplacingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Puts what was learnt where values are missing.</summary>
public sealed class MissingValueReplacingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "NAReplaceTransform";

    // For each pair of columns the type of the items, and one value for all slots or one for each.
    private readonly (Type ItemType, double[] Values)[] _replacements;

    internal MissingValueReplacingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, (Type, double[])[] replacements)
        : base(env.Register(nameof(MissingValueReplacingTransformer)), columns.ToTuples())
        => _replacements = replacements;

    private MissingValueReplacingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => _replacements = [.. ColumnPairs.Select(_ => Load(ctx))];

    private static VersionInfo Version => new("MISSINGR", 1, 1, 1, typeof(MissingValueReplacingTransformer).Assembly.FullName!, LoaderSignature);

    private static MissingValueReplacingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(MissingValueReplacingTransformer)), ctx);
    }

    private static (Type, double[]) Load(ModelLoadContext ctx)
    {
        var itemType = ctx.Reader.ReadBoolean() ? typeof(double) : typeof(float);
        var values = new double[ctx.ReadCount(sizeof(double))];
        for (var i = 0; i < values.Length; i++)
            values[i] = ctx.Reader.ReadDouble();
        return values.Length > 0 ? (itemType, values) : throw new FormatException("Corrupt model: there is no value to replace by.");
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var (itemType, values) in _replacements)
        {
            ctx.Writer.Write(itemType == typeof(double));
            ctx.Writer.Write(values.Length);
            foreach (var value in values)
                ctx.Writer.Write(value);
        }
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Select((input, i) =>
        {
            var (itemType, values) = _replacements[i];
            var size = input.Type is VectorDataViewType vector ? vector.Size : 1;
            if (DataViewTypes.ItemTypeOf(input.Type).RawType != itemType || (values.Length > 1 && values.Length != size))
                throw Shapes.Mismatch("input", input.Name, values.Length > 1 ? $"Vector<{itemType.Name}, {values.Length}>" : itemType.Name, input.Type.ToString()!);
            var annotations = input.Take(AnnotationNames.SlotNames, AnnotationNames.IsNormalized).ToAnnotations();
            return new MappedColumn(new(ColumnPairs[i].outputColumnName, input.Type, annotations), input.Index,
                row => Getters.Call<Delegate>(typeof(MissingValueReplacingTransformer), nameof(MakeGetter), [itemType], row, input, values));
        })]);

    private static Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column input, double[] values)
        where T : struct, IFloatingPointIeee754<T>
    {
        var typed = Array.ConvertAll(values, T.CreateChecked);
        return Getters.Map<T, T>(row, input, (slot, value) => T.IsNaN(value) ? typed[typed.Length == 1 ? 0 : slot] : value, keepsDefaults: true);
    }
}
