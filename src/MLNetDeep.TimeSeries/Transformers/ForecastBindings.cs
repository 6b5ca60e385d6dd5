using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;
using MLNetDeep.TimeSeries.Models;
using MLNetDeep.TimeSeries.Series;

namespace MLNetDeep.TimeSeries.Transformers;

/// <summary>How a forecaster's columns join the columns of an input schema.</summary>
internal sealed class ForecastBindings
{
    private readonly int _inputs;
    private readonly List<Func<ForecastNumbers, float[]>> _outputs = [];

    public ForecastBindings(ForecastingTransformer transformer, DataViewSchema input)
    {
        Transformer = transformer;
        InputSchema = input;
        SeriesColumns = Series.SeriesColumns.Find(input, transformer.Forecaster.Settings);
        _inputs = input.Count;
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        VectorDataViewType type = new(NumberDataViewType.Single, transformer.Horizon);
        Add(transformer.OutputColumn, n => n.Values);
        Add(transformer.LowerColumn, n => n.Lower);
        Add(transformer.UpperColumn, n => n.Upper);
        OutputSchema = builder.ToSchema();

        void Add(string? name, Func<ForecastNumbers, float[]> read)
        {
            if (name is null)
                return;
            builder.AddColumn(name, type);
            _outputs.Add(read);
        }
    }

    public ForecastingTransformer Transformer { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IReadOnlyList<DataViewSchema.Column> SeriesColumns { get; }

    public bool IsInput(DataViewSchema.Column column) => column.Index < _inputs;

    public bool IsOutput(DataViewSchema.Column column) => column.Index >= _inputs;

    /// <summary>The input columns that some output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] wanted = [.. columns];
        IEnumerable<DataViewSchema.Column> passed = wanted.Where(IsInput).Select(c => InputSchema[c.Index]);
        return [.. (wanted.Any(IsOutput) ? passed.Concat(SeriesColumns) : passed).DistinctBy(c => c.Index)];
    }

    /// <summary>A getter of one of the forecaster's columns.</summary>
    /// <param name="column">The column.</param>
    /// <param name="forecast">Gives the forecast for the present row, and how many of its steps are wanted.</param>
    public ValueGetter<T> Getter<T>(DataViewSchema.Column column, Func<(ForecastNumbers Numbers, int Steps)> forecast)
    {
        Func<ForecastNumbers, float[]> read = _outputs[column.Index - _inputs];
        ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
        {
            (ForecastNumbers numbers, int steps) = forecast();
            Vectors.Set(ref value, read(numbers).AsSpan(0, steps));
        };
        return getter as ValueGetter<T> ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(T)} was asked for.");
    }
}
