using Microsoft.ML;
using MLNetDeep.Evaluation.Deciding;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation;

/// <summary>Fits a temperature to rows of several classes that are already scored, best by a model that has not learned from them.</summary>
public sealed class TemperatureEstimator : IEstimator<TemperatureTransformer>
{
    private readonly ScoredColumns _columns;

    internal TemperatureEstimator(ScoredColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of a type that does not fit, there are no rows, or rows of one class only.</exception>
    /// <exception cref="InvalidOperationException">A score is no number.</exception>
    public TemperatureTransformer Fit(IDataView input) => Of(MulticlassSample.Read(input, _columns), _columns);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Rows.ColumnRef.Find(inputSchema, _columns.Score, "score");
        return inputSchema;
    }

    internal static TemperatureTransformer Of(MulticlassSample sample, ScoredColumns columns) => new(columns.Score, CalibratorFitting.Temperature(sample), sample.AreProbabilities);
}
