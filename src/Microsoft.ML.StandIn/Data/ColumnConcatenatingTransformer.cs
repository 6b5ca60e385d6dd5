using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "Concatenate columns", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Joins columns to one vector column.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string output, params string[] inputs)
        : base(env.Register(nameof(ColumnConcatenatingTransformer)))
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        if (inputs is null || inputs.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(inputs), "Input columns not specified");
        foreach (var input in inputs)
            ArgumentException.ThrowIfNullOrEmpty(input, nameof(inputs));
        Output = output;
        Inputs = inputs;
    }

    internal string Output { get; }

    internal string[] Inputs { get; }

    private static VersionInfo Version => new("CONCATCO", 1, 1, 1, typeof(ColumnConcatenatingTransformer).Assembly.FullName!, LoaderSignature);

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var output = ctx.LoadNonEmptyString();
        var inputs = new string[ctx.ReadCount(minimumItemSize: 2)];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = ctx.LoadNonEmptyString();
        return new(env, output, inputs);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.SaveNonEmptyString(Output);
        ctx.Writer.Write(Inputs.Length);
        foreach (var input in Inputs)
            ctx.SaveNonEmptyString(input);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
    {
        var inputs = Inputs.Select(inputSchema.Find).ToArray();
        var itemType = DataViewTypes.ItemTypeOf(inputs[0].Type) as PrimitiveDataViewType
            ?? throw Shapes.Mismatch("input", inputs[0].Name, "a primitive type or a vector of one", inputs[0].Type.ToString()!);
        foreach (var input in inputs)
        {
            if (DataViewTypes.ItemTypeOf(input.Type) is KeyDataViewType)
                throw new InvalidOperationException($"Column '{input.Name}' is key. Concatenation of keys is unsupported.");
            if (!DataViewTypes.ItemTypeOf(input.Type).Equals(itemType))
                throw Shapes.Mismatch("input", input.Name, itemType.ToString()!, input.Type.ToString()!);
        }
        // A vector alone stays as it is.
        var output = inputs is [{ Type: VectorDataViewType alone }]
            ? new DataViewSchema.DetachedColumn(Output, alone, inputs[0].Annotations)
            : new(Output, new VectorDataViewType(itemType, TotalSize(inputs)), Annotate(inputs));
        return new ColumnMapping(inputSchema, new MappedColumn(output, [.. inputs.Select(input => input.Index)],
            row => Getters.Call<Delegate>(typeof(ColumnConcatenatingTransformer), nameof(MakeGetter), [itemType.RawType], row, inputs)));
    }

    private static int TotalSize(DataViewSchema.Column[] inputs)
    {
        var sizes = inputs.Select(input => input.Type is VectorDataViewType vector ? vector.Size : 1).ToArray();
        return sizes.Contains(0) ? 0 : checked(sizes.Sum());
    }

    private static DataViewSchema.Annotations Annotate(DataViewSchema.Column[] inputs)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (inputs.All(input => input.IsNormalized()))
            annotations.AddIsNormalized();
        if (TotalSize(inputs) > 0)
        {
            if (inputs.Any(input => input.Type is not VectorDataViewType || input.HasSlotNames()))
                annotations.AddSlotNames(inputs.SelectMany(NamesOfSlots));
            List<int> ranges = [];
            var offset = 0;
            foreach (var input in inputs)
            {
                ranges.AddRange(input.CategoricalSlotRanges().Select(slot => slot + offset));
                offset += input.Type is VectorDataViewType vector ? vector.Size : 1;
            }
            if (ranges.Count > 0)
                annotations.AddVector<int>(AnnotationNames.CategoricalSlotRanges, NumberDataViewType.Int32, [.. ranges]);
        }
        return annotations.ToAnnotations();
    }

    private static IEnumerable<string> NamesOfSlots(DataViewSchema.Column input)
        => input.Type is not VectorDataViewType vector ? [input.Name]
            : input.SlotNamesOrNull()?.Select(slot => slot.Length == 0 ? "" : input.Name + "." + slot) ?? Enumerable.Repeat("", vector.Size);

    private static ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow row, DataViewSchema.Column[] inputs)
    {
        var scalars = Array.ConvertAll(inputs, input => input.Type is VectorDataViewType ? null : row.GetGetter<T>(input));
        var vectors = Array.ConvertAll(inputs, input => input.Type is VectorDataViewType ? row.GetGetter<VBuffer<T>>(input) : null);
        var parts = new VBuffer<T>[inputs.Length];
        var single = new T[inputs.Length];
        return (ref VBuffer<T> destination) =>
        {
            int length = 0, count = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                scalars[i]?.Invoke(ref single[i]);
                vectors[i]?.Invoke(ref parts[i]);
                length = checked(length + (scalars[i] is null ? parts[i].Length : 1));
                count += scalars[i] is null ? parts[i].GetValues().Length : 1;
            }
            var sparse = count < length / 2;
            var editor = VBufferEditor.Create(ref destination, length, sparse ? count : length);
            for (int i = 0, offset = 0, next = 0; i < parts.Length; i++)
            {
                var values = scalars[i] is null ? parts[i].GetValues() : single.AsSpan(i, 1);
                var indices = parts[i].GetIndices();
                var size = scalars[i] is null ? parts[i].Length : 1;
                if (!sparse)
                {
                    if (scalars[i] is null)
                        parts[i].CopyTo(editor.Values, offset);
                    else
                        editor.Values[offset] = single[i];
                }
                else
                    for (var k = 0; k < values.Length; k++, next++)
                    {
                        editor.Values[next] = values[k];
                        editor.Indices[next] = offset + (values.Length == size ? k : indices[k]);
                    }
                offset += size;
            }
            destination = editor.Commit();
        };
    }
}
