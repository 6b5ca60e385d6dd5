using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation.Samples;

/// <summary>Scored rows of a regression.</summary>
internal sealed class RegressionSample : Sample
{
    private static readonly string[] AllNames = ["mae", "rmse", "r2", "explained_variance", "mape", "bias", "max_error"];

    public required double[] Labels { get; init; }

    public required double[] Scores { get; init; }

    public override IReadOnlyList<string> Names => AllNames;

    public override int[]? Strata => null;

    /// <summary>Reads scored rows; those whose label is missing are left out.</summary>
    /// <exception cref="ArgumentException">A column is missing or of a type that does not fit, or there are no rows.</exception>
    /// <exception cref="InvalidOperationException">A score or weight is no number.</exception>
    public static RegressionSample Read(IDataView data, ScoredColumns columns)
    {
        ArgumentNullException.ThrowIfNull(data);
        DataViewSchema.Column label = ColumnRef.Find(data.Schema, columns.Label, "label");
        DataViewSchema.Column score = ColumnRef.Find(data.Schema, columns.Score, "score");
        DataViewSchema.Column? weight = columns.Weight is { } name ? ColumnRef.Find(data.Schema, name, "weight") : null;
        List<double> labels = [], scores = [], weights = [];
        List<int> rows = [];
        using DataViewRowCursor cursor = data.GetRowCursor(new[] { label, score, weight }.OfType<DataViewSchema.Column>().DistinctBy(c => c.Index));
        Func<double> readLabel = Reading.Number(cursor, label, "label"), readScore = Reading.Number(cursor, score, "score");
        Func<double>? readWeight = weight is { } w ? Reading.Number(cursor, w, "weight") : null;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            double truth = readLabel();
            if (double.IsNaN(truth))
                continue;
            rows.Add(row);
            labels.Add(Checks.Number(truth, label.Name, "label", row));
            scores.Add(Checks.Number(readScore(), score.Name, "score", row));
            weights.Add(readWeight is null ? 1 : Checks.Weight(readWeight(), columns.Weight!, row));
        }

        Checks.NotEmpty(labels.Count, label.Name);
        return new() { Labels = [.. labels], Scores = [.. scores], Weights = [.. weights], Rows = [.. rows] };
    }

    public override double[] Compute(double[] weights)
    {
        double total = 0, absolute = 0, squares = 0, share = 0, bias = 0, mean = 0, largest = 0;
        for (int i = 0; i < Labels.Length; i++)
        {
            double error = Scores[i] - Labels[i], weight = weights[i];
            total += weight;
            absolute += weight * Math.Abs(error);
            squares += weight * error * error;
            share += weight * Math.Abs(error) / Math.Max(Math.Abs(Labels[i]), 2.220446049250313e-16);
            bias += weight * error;
            mean += weight * Labels[i];
            if (weight > 0)
                largest = Math.Max(largest, Math.Abs(error));
        }

        mean /= total;
        bias /= total;
        double spread = 0, unexplained = 0;
        for (int i = 0; i < Labels.Length; i++)
        {
            double error = Scores[i] - Labels[i];
            spread += weights[i] * (Labels[i] - mean) * (Labels[i] - mean);
            unexplained += weights[i] * (error - bias) * (error - bias);
        }

        // A label that does not vary is explained by nothing, or all by a model that is always right.
        double Explained(double rest) => spread > 0 ? 1 - rest / spread : rest == 0 ? 1 : 0;
        return [absolute / total, Math.Sqrt(squares / total), Explained(squares), Explained(unexplained), share / total, bias, largest];
    }
}
