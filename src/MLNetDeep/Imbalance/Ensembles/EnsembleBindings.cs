using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tasks;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>How an ensemble's columns join the columns of an input schema.</summary>
internal sealed class EnsembleBindings
{
    private readonly OutputColumn[] _columns;

    public EnsembleBindings(EnsembleTransformer transformer, DataViewSchema input)
    {
        Transformer = transformer;
        InputSchema = input;
        Mappers = [.. transformer.Models.Select(m => m.GetRowToRowMapper(input))];
        bool isBinary = transformer.Task is BinaryTask;
        HasProbability = isBinary && Mappers.All(m => m.OutputSchema.GetColumnOrNull("Probability") is not null);
        Wanted = [.. Mappers.Select(m => m.OutputSchema[HasProbability ? "Probability" : "Score"])];
        foreach (DataViewSchema.Column column in Wanted)
        {
            int size = column.Type is VectorDataViewType vector ? vector.Size : 1;
            if (size != transformer.Task.OutputUnits || isBinary == column.Type is VectorDataViewType)
                throw new ArgumentException($"A model of the ensemble gives '{column.Name}' of type {column.Type}, but the label has {(isBinary ? "two" : transformer.Task.OutputUnits)} classes: take a trainer of {(isBinary ? "two" : "several")} classes.");
        }

        _columns = [.. transformer.Task.Columns(input).Where(c => HasProbability || c.Name != "Probability")];
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        foreach (OutputColumn column in _columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        OutputSchema = builder.ToSchema();
    }

    public EnsembleTransformer Transformer { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>Whether models of two classes give probabilities.</summary>
    public bool HasProbability { get; }

    /// <summary>What scores single rows, by model.</summary>
    public IReadOnlyList<IRowToRowMapper> Mappers { get; }

    /// <summary>The column of each model that is averaged.</summary>
    public IReadOnlyList<DataViewSchema.Column> Wanted { get; }

    public bool IsOutput(DataViewSchema.Column column) => column.Index >= InputSchema.Count;

    /// <summary>The input columns that some output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] wanted = [.. columns];
        IEnumerable<DataViewSchema.Column> needed = wanted.Where(c => !IsOutput(c)).Select(c => InputSchema[c.Index]);
        if (wanted.Any(IsOutput))
            needed = needed.Concat(Mappers.SelectMany((m, i) => m.GetDependencies([Wanted[i]])));
        return [.. needed.DistinctBy(c => c.Index)];
    }

    /// <summary>A getter of one of the ensemble's columns.</summary>
    public ValueGetter<T> Getter<T>(DataViewSchema.Column column, Scores scores)
    {
        OutputColumn output = _columns[column.Index - InputSchema.Count];
        return Transformer.Task.CreateGetter(output.Name, scores) as ValueGetter<T>
            ?? throw new InvalidOperationException($"Column '{output.Name}' has type {output.Type}; a getter of {typeof(T)} was asked for.");
    }
}
