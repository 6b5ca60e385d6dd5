using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Interop;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation;

/// <summary>
/// Chooses a threshold from rows that are already scored. They should be rows that the model has not learned from: out-of-fold scores, or a set held out;
/// <see cref="TunedThresholdEstimator"/> sees to that by itself.
/// </summary>
public sealed class ThresholdEstimator : IEstimator<ThresholdTransformer>
{
    private readonly ThresholdAim _aim;
    private readonly ScoredColumns _columns;

    internal ThresholdEstimator(ThresholdAim aim, ScoredColumns columns)
    {
        ArgumentNullException.ThrowIfNull(aim);
        ArgumentNullException.ThrowIfNull(columns);
        _aim = aim;
        _columns = columns;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of a type that does not fit, there are no rows, or rows of one class only.</exception>
    /// <exception cref="InvalidOperationException">No threshold reaches the aim, or a score is no number.</exception>
    public ThresholdTransformer Fit(IDataView input) => Choose(BinarySample.Read(input, _columns), _aim, _columns);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape(inputSchema, _columns, probability: false);

    internal static ThresholdTransformer Choose(BinarySample sample, ThresholdAim aim, ScoredColumns columns)
    {
        float threshold = (float)aim.Best(sample).Threshold;
        double? probability = null;
        if (sample.Probabilities is { } probabilities)
        {
            // Between the least of the rows above and the greatest of the others.
            double above = probabilities.Where((_, i) => sample.Scores[i] > threshold).DefaultIfEmpty(1).Min();
            double below = probabilities.Where((_, i) => sample.Scores[i] <= threshold).DefaultIfEmpty(0).Max();
            probability = (above + below) / 2;
        }

        return new(columns.Score, columns.PredictedLabel, threshold, probability);
    }

    internal static SchemaShape Shape(SchemaShape input, ScoredColumns columns, bool probability)
    {
        ArgumentNullException.ThrowIfNull(input);
        Rows.ColumnRef.Find(input, columns.Score, "score");
        List<SchemaShape.Column> replaced =
        [
            Replaced(columns.Score, NumberDataViewType.Single),
            Replaced(columns.PredictedLabel, BooleanDataViewType.Instance),
        ];
        if (probability)
            replaced.Add(Replaced(columns.Probability, NumberDataViewType.Single));
        return new([.. input.Where(c => replaced.All(r => r.Name != c.Name)), .. replaced]);

        SchemaShape.Column Replaced(string name, DataViewType type)
        {
            foreach (SchemaShape.Column column in input)
            {
                if (column.Name == name && column.ItemType.Equals(type) && column.Kind == SchemaShape.Column.VectorKind.Scalar)
                    return column;
            }

            return Internals.Column(name, SchemaShape.Column.VectorKind.Scalar, type, false);
        }
    }
}
