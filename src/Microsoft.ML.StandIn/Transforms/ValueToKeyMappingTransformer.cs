using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel), "Map values to keys", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Gives the keys of values.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private readonly KeyMap[] _maps;
    private readonly bool _asText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, KeyMap[] maps, bool asText)
        : base(env.Register(nameof(ValueToKeyMappingTransformer)), columns.ToTuples())
    {
        _maps = maps;
        _asText = asText;
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _asText = ctx.Reader.ReadBoolean();
        _maps = [.. ColumnPairs.Select(_ => KeyMap.Load(ctx))];
    }

    private static VersionInfo Version => new("VALTOKEY", 1, 1, 1, typeof(ValueToKeyMappingTransformer).Assembly.FullName!, LoaderSignature);

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(ValueToKeyMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(_asText);
        foreach (var map in _maps)
            map.Save(ctx);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Select((input, i) =>
        {
            var map = _maps[i];
            if (!DataViewTypes.ItemTypeOf(input.Type).Equals(map.ItemType))
                throw new InvalidOperationException($"Could not apply a map over type '{map.ItemType}' to column '{input.Name}' since it has type '{input.Type}'");
            var annotations = input.Take(AnnotationNames.SlotNames);
            map.Annotate(annotations, _asText);
            var type = input.Type.WithItems(new KeyDataViewType(typeof(uint), Math.Max(1, map.Count)));
            return new MappedColumn(new(ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations()), input.Index, row => map.MakeGetter(row, input));
        })]);
}
