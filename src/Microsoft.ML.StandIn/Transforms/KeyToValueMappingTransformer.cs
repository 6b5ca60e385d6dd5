using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel), "Map keys to values", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Gives what keys stand for, as their column says.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns.ToTuples())
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo Version => new("KEYTOVAL", 1, 1, 1, typeof(KeyToValueMappingTransformer).Assembly.FullName!, LoaderSignature);

    internal static InvalidOperationException NoKeyValues(string column) => new($"Metadata KeyValues does not exist on column '{column}'");

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) =>
        {
            var count = Keys.TypeOf(input).Count;
            if (input.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is not VectorDataViewType values || (ulong)values.Size != count)
                throw NoKeyValues(input.Name);
            return new MappedColumn(new(pair.outputColumnName, input.Type.WithItems(values.ItemType), input.Take(AnnotationNames.SlotNames).ToAnnotations()),
                input.Index, row => Getters.Call<Delegate>(typeof(KeyToValueMappingTransformer), nameof(MakeGetter), [values.ItemType.RawType], row, input));
        })]);

    private static Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column input)
    {
        VBuffer<T> buffer = default;
        input.GetKeyValues(ref buffer);
        var values = buffer.DenseValues().ToArray();
        var missing = typeof(T) == typeof(float) ? (T)(object)float.NaN : typeof(T) == typeof(double) ? (T)(object)double.NaN : default!;
        return Keys.Map(row, input, key => key < 0 ? missing : values[key], keepsDefaults: typeof(T) != typeof(float) && typeof(T) != typeof(double));
    }
}
