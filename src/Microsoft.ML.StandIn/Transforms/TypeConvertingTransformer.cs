using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(TypeConvertingTransformer), null, typeof(SignatureLoadModel), "Convert types", TypeConvertingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to another type.</summary>
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TypeConvertTransform";

    internal TypeConvertingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, DataKind outputKind)
        : base(env.Register(nameof(TypeConvertingTransformer)), columns.ToTuples())
        => OutputKind = outputKind;

    private TypeConvertingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        OutputKind = (DataKind)ctx.Reader.ReadByte();
        if (!Enum.IsDefined(OutputKind))
            throw new FormatException($"Corrupt model: there is no kind of data {(byte)OutputKind}.");
    }

    internal DataKind OutputKind { get; }

    private static VersionInfo Version => new("CONVERTT", 1, 1, 1, typeof(TypeConvertingTransformer).Assembly.FullName!, LoaderSignature);

    private static TypeConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(TypeConvertingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)OutputKind);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) => Convert(input, pair.outputColumnName))]);

    private MappedColumn Convert(DataViewSchema.Column input, string output)
    {
        var target = DataViewTypes.PrimitiveOf(OutputKind);
        var source = DataViewTypes.ItemTypeOf(input.Type);
        var key = source as KeyDataViewType;
        var conversion = key is not null && !KeyDataViewType.IsValidDataType(target.RawType) ? null : ValueConversion.FindOrNull(source.RawType, target.RawType);
        if (conversion is null)
            throw new ArgumentOutOfRangeException("inputSchema",
                $"source column '{input.Name}' with item type '{source}' is not compatible with destination type '{target}'");

        var annotations = input.Take(key is null ? [AnnotationNames.SlotNames] : [AnnotationNames.SlotNames, AnnotationNames.KeyValues]);
        if (key is null && target is NumberDataViewType && (source is BooleanDataViewType || input.IsNormalized()))
            annotations.AddIsNormalized();
        var type = input.Type.WithItems(key is null ? target : new KeyDataViewType(target.RawType, key.Count));
        return new(new(output, type, annotations.ToAnnotations()), input.Index, row => Getters.Call<Delegate>(typeof(TypeConvertingTransformer),
            nameof(MakeGetter), [source.RawType, target.RawType], row, input, conversion));
    }

    private static Delegate MakeGetter<TIn, TOut>(DataViewRow row, DataViewSchema.Column input, Func<TIn, TOut> conversion)
        => Getters.Map<TIn, TOut>(row, input, (_, value) => conversion(value),
            keepsDefaults: EqualityComparer<TOut>.Default.Equals(conversion(default!), default));
}
