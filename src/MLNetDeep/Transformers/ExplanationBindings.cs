using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Transformers;

/// <summary>How an explanation's column joins the columns of an input schema.</summary>
internal sealed class ExplanationBindings
{
    private readonly ImageExplanationTransformer _transformer;
    private readonly FeatureColumn[] _features;

    public ExplanationBindings(ImageExplanationTransformer transformer, DataViewSchema input)
    {
        _transformer = transformer;
        InputSchema = input;
        _features = [.. transformer.Features.Select(f => f.In(input).OfSize(f.Size))];
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        builder.AddColumn(transformer.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, transformer.Explanation.Dimensions.ToArray()));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public bool IsInput(DataViewSchema.Column column) => column.Index < InputSchema.Count;

    /// <summary>The input columns that some output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] wanted = [.. columns];
        IEnumerable<DataViewSchema.Column> passed = wanted.Where(IsInput).Select(c => InputSchema[c.Index]);
        return [.. (wanted.All(IsInput) ? passed : passed.Concat(_features.Select(f => InputSchema[f.Name]))).DistinctBy(c => c.Index)];
    }

    /// <summary>A getter of a column over a row or cursor of the input.</summary>
    public ValueGetter<T> Getter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (IsInput(column))
            return row.GetGetter<T>(InputSchema[column.Index]);
        RowBuffer buffer = new([.. _features.Select(f => new RowColumn(f.Name, f.DType, f.Size))], 1);
        Action[] readers = [.. _features.Select((f, i) => Reader(row, f, i, buffer))];
        int size = _transformer.Explanation.Dimensions.Aggregate(1, (a, b) => a * b);
        ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
        {
            foreach (Action read in readers)
                read();
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, size);
            _transformer.Explanation.Explain(buffer, editor.Values);
            value = editor.Commit();
        };
        return getter as ValueGetter<T> ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(T)} was asked for.");
    }

    private static Action Reader(DataViewRow row, FeatureColumn feature, int index, RowBuffer buffer)
    {
        DataViewSchema.Column column = row.Schema[feature.Name];
        if (feature.DType == DType.Int32)
        {
            FeatureColumn.IdReader ints = feature.BindInts(row, column);
            return () => ints(buffer.Rows<int>(index, 0));
        }

        FeatureColumn.Reader<float> floats = feature.BindFloats(row, column);
        return () => floats(buffer.Rows<float>(index, 0));
    }
}
