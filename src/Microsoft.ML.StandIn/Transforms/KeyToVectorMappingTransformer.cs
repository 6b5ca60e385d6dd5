using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToVectorMappingTransformer), null, typeof(SignatureLoadModel), "Map keys to vectors", KeyToVectorMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Gives vectors that are one at the keys' indices.</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToVectorTransform";

    internal KeyToVectorMappingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, bool addsUp)
        : base(env.Register(nameof(KeyToVectorMappingTransformer)), columns.ToTuples())
        => AddsUp = addsUp;

    private KeyToVectorMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => AddsUp = ctx.Reader.ReadBoolean();

    /// <summary>Whether the vectors of a vector's keys are added up.</summary>
    internal bool AddsUp { get; }

    private static VersionInfo Version => new("KEYTOVEC", 1, 1, 1, typeof(KeyToVectorMappingTransformer).Assembly.FullName!, LoaderSignature);

    private static KeyToVectorMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(KeyToVectorMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(AddsUp);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Zip(ColumnPairs, (input, pair) =>
        {
            var key = Keys.TypeOf(input);
            if (key.Count > int.MaxValue)
                throw Shapes.Mismatch("input", input.Name, "key type of known cardinality", input.Type.ToString()!);
            var count = (int)key.Count;
            var type = input.Type is not VectorDataViewType vector || AddsUp ? new VectorDataViewType(NumberDataViewType.Single, count)
                : vector.IsKnownSize ? new VectorDataViewType(NumberDataViewType.Single, vector.Size, count)
                : new VectorDataViewType(NumberDataViewType.Single);
            return new MappedColumn(new(pair.outputColumnName, type, Annotate(input, count)), input.Index, row => MakeGetter(row, input, count));
        })]);

    private DataViewSchema.Annotations Annotate(DataViewSchema.Column input, int count)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        var vector = input.Type as VectorDataViewType;
        var size = vector is null || AddsUp ? 1 : vector.Size;
        if (size > 0 && input.HasKeyValues())
        {
            VBuffer<ReadOnlyMemory<char>> values = default;
            input.GetKeyValues(ref values);
            var names = values.DenseValues().Select(name => name.ToString()).ToArray();
            var slots = input.SlotNamesOrNull();
            annotations.AddSlotNames(vector is null || AddsUp
                ? names
                : Enumerable.Range(0, size).SelectMany(slot => names.Select(name => (slots?[slot] ?? $"[{slot}]") + "." + name)));
        }
        if (size > 0 && !AddsUp)
            annotations.AddVector<int>(AnnotationNames.CategoricalSlotRanges, NumberDataViewType.Int32,
                [.. Enumerable.Range(0, size).SelectMany(slot => new[] { slot * count, (slot * count) + count - 1 })]);
        if (!AddsUp || vector is null)
            annotations.AddIsNormalized();
        return annotations.ToAnnotations();
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, DataViewSchema.Column input, int count)
    {
        if (input.Type is not VectorDataViewType)
        {
            var getter = (ValueGetter<int>)Keys.Map(row, input, key => key, keepsDefaults: false);
            var index = 0;
            return (ref VBuffer<float> destination) =>
            {
                getter(ref index);
                destination = OneAt(ref destination, count, index < 0 ? [] : [index]);
            };
        }
        var vectorGetter = (ValueGetter<VBuffer<int>>)Keys.Map(row, input, key => key, keepsDefaults: false);
        VBuffer<int> keys = default;
        List<int> ones = [];
        return (ref VBuffer<float> destination) =>
        {
            vectorGetter(ref keys);
            var indices = keys.GetValues();
            if (AddsUp)
            {
                var editor = VBufferEditor.Create(ref destination, count);
                editor.Values.Clear();
                foreach (var index in indices)
                    if (index >= 0)
                        editor.Values[index]++;
                destination = editor.Commit();
                return;
            }
            ones.Clear();
            for (var slot = 0; slot < indices.Length; slot++)
                if (indices[slot] >= 0)
                    ones.Add(checked((slot * count) + indices[slot]));
            destination = OneAt(ref destination, checked(keys.Length * count), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ones));
        };
    }

    private static VBuffer<float> OneAt(ref VBuffer<float> destination, int length, ReadOnlySpan<int> indices)
    {
        var editor = VBufferEditor.Create(ref destination, length, indices.Length);
        editor.Values.Fill(1);
        indices.CopyTo(editor.Indices);
        return editor.Commit();
    }
}
