using Microsoft.ML;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;

namespace MLNetDeep.Transformers;

/// <summary>How a model's columns join the columns of an input schema.</summary>
internal sealed class OutputBindings
{
    private readonly int _inputs;

    public OutputBindings(NeuralNetworkTransformer transformer, DataViewSchema input)
    {
        Transformer = transformer;
        InputSchema = input;
        Features = [.. transformer.Features.Select(f => f.In(input).OfSize(f.Size))];
        Ids = transformer.Network.TokenCounts;
        for (int i = 0; i < Features.Count; i++)
            Features[i].CheckKeys(Ids[i]);
        Columns = transformer.Task.Columns(input);
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        foreach (OutputColumn column in Columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        OutputSchema = builder.ToSchema();
        _inputs = input.Count;
    }

    public NeuralNetworkTransformer Transformer { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IReadOnlyList<FeatureColumn> Features { get; }

    /// <summary>For each feature the number of ids that the network knows; null where it takes any.</summary>
    public IReadOnlyList<int?> Ids { get; }

    public IReadOnlyList<OutputColumn> Columns { get; }

    public IEnumerable<DataViewSchema.Column> FeatureColumns => Features.Select(f => InputSchema[f.Name]);

    public bool IsInput(DataViewSchema.Column column) => column.Index < _inputs;

    public bool IsOutput(DataViewSchema.Column column) => column.Index >= _inputs;

    /// <summary>The input columns that some output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] wanted = [.. columns];
        IEnumerable<DataViewSchema.Column> passed = wanted.Where(IsInput).Select(c => InputSchema[c.Index]);
        return [.. (wanted.Any(IsOutput) ? passed.Concat(FeatureColumns) : passed).DistinctBy(c => c.Index)];
    }

    /// <summary>A getter of one of the model's columns.</summary>
    public ValueGetter<T> Getter<T>(DataViewSchema.Column column, Scores scores)
    {
        OutputColumn output = Columns[column.Index - _inputs];
        return Transformer.Task.CreateGetter(output.Name, scores) as ValueGetter<T>
            ?? throw new InvalidOperationException($"Column '{output.Name}' has type {output.Type}; a getter of {typeof(T)} was asked for.");
    }
}
