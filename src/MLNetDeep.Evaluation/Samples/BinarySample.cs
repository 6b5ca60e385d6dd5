using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation.Samples;

/// <summary>Scored rows of two classes.</summary>
internal sealed class BinarySample : Sample
{
    public const int CalibrationBins = 10;

    private static readonly string[] Decisions =
    [
        "accuracy", "balanced_accuracy", "precision", "recall", "specificity", "negative_predictive_value", "f1", "g_mean", "mcc", "kappa", "youden",
        "roc_auc", "average_precision", "pr_auc",
    ];

    private int[]? _order;

    public required bool[] Labels { get; init; }

    public required double[] Scores { get; init; }

    /// <summary>Null where the model gives none.</summary>
    public required double[]? Probabilities { get; init; }

    public required bool[] Predicted { get; init; }

    /// <summary>Names of false and true.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Rows from the highest score to the lowest.</summary>
    public int[] Order => _order ??= Ranking.Order(Scores);

    public override IReadOnlyList<string> Names => Probabilities is null ? Decisions : [.. Decisions, "brier", "log_loss", "ece"];

    public override int[] Strata => [.. Labels.Select(l => l ? 1 : 0)];

    /// <summary>Reads scored rows; those whose label is missing are left out, as ML.NET does.</summary>
    /// <exception cref="ArgumentException">A column is missing or of a type that does not fit, there are no rows, or rows of one class only.</exception>
    /// <exception cref="InvalidOperationException">A score, probability or weight is no number.</exception>
    public static BinarySample Read(IDataView data, ScoredColumns columns, bool bothClasses = true)
    {
        ArgumentNullException.ThrowIfNull(data);
        DataViewSchema schema = data.Schema;
        DataViewSchema.Column label = ColumnRef.Find(schema, columns.Label, "label");
        DataViewSchema.Column score = ColumnRef.Find(schema, columns.Score, "score");
        if (score.Type is VectorDataViewType)
            throw new ArgumentException($"The score column '{score.Name}' has type {score.Type}; two classes have one score, a Single. For several classes use MulticlassClassification.");
        DataViewSchema.Column? probability = schema.GetColumnOrNull(columns.Probability), predicted = schema.GetColumnOrNull(columns.PredictedLabel);
        DataViewSchema.Column? weight = columns.Weight is { } name ? ColumnRef.Find(schema, name, "weight") : null;
        if (label.Type is KeyDataViewType { Count: not 2 } key)
            throw new ArgumentException($"The label column '{label.Name}' has type {key}; two classes need a Boolean, a number (1 or 0) or a key of two values.");
        bool labelled = label.Type is not KeyDataViewType && predicted is { Type: KeyDataViewType };
        if (labelled)
            predicted = null;

        List<bool> labels = [], decisions = [];
        List<double> scores = [], probabilities = [], weights = [];
        List<int> rows = [];
        using DataViewRowCursor cursor = data.GetRowCursor(new[] { label, score, probability, predicted, weight }.OfType<DataViewSchema.Column>().DistinctBy(c => c.Index));
        Func<double> readLabel = Reading.Number(cursor, label, "label"), readScore = Reading.Number(cursor, score, "score");
        Func<double>? readProbability = probability is { } p ? Reading.Number(cursor, p, "probability") : null;
        Func<double>? readPredicted = predicted is { } d && Reading.IsNumber(d.Type) ? Reading.Number(cursor, d, "predicted label") : null;
        Func<double>? readWeight = weight is { } w ? Reading.Number(cursor, w, "weight") : null;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            double truth = readLabel();
            if (double.IsNaN(truth))
                continue;
            if (truth is not (0 or 1))
                throw new InvalidOperationException($"The label column '{label.Name}' is {truth.ToString(CultureInfo.InvariantCulture)} in data row {row + 1}; two classes are 0 and 1.");
            rows.Add(row);
            labels.Add(truth > 0);
            scores.Add(Checks.Number(readScore(), score.Name, "score", row, allowInfinity: true));
            if (readProbability is not null)
                probabilities.Add(Checks.Probability(readProbability(), columns.Probability, row));
            decisions.Add(readPredicted is not null ? readPredicted() > 0 : scores[^1] > 0);
            weights.Add(readWeight is null ? 1 : Checks.Weight(readWeight(), columns.Weight!, row));
        }

        Checks.NotEmpty(labels.Count, label.Name);
        BinarySample sample = new()
        {
            Labels = [.. labels],
            Scores = [.. scores],
            Probabilities = readProbability is null ? null : [.. probabilities],
            Predicted = [.. decisions],
            Weights = [.. weights],
            Rows = [.. rows],
            ClassNames = label.Type is KeyDataViewType && Reading.Names(label) is { Count: 2 } names ? names : ["False", "True"],
        };
        if (bothClasses)
            sample.NeedBothClasses(label.Name);
        return sample;
    }

    /// <exception cref="ArgumentException">The rows with a weight are of one class only.</exception>
    public void NeedBothClasses(string label)
    {
        double positives = 0, negatives = 0;
        for (int i = 0; i < Count; i++)
        {
            if (Labels[i])
                positives += Weights[i];
            else
                negatives += Weights[i];
        }

        if (positives == 0 || negatives == 0)
            throw new ArgumentException($"The label column '{label}' has no rows of the class '{ClassNames[positives == 0 ? 1 : 0]}' ({Count} rows, all '{ClassNames[positives == 0 ? 0 : 1]}'); there is nothing to tell apart. Evaluate on data with rows of both classes, for instance from a stratified split.");
    }

    public override double[] Compute(double[] weights)
    {
        double tp = 0, fp = 0, tn = 0, fn = 0;
        for (int i = 0; i < Labels.Length; i++)
        {
            if (Labels[i] && Predicted[i])
                tp += weights[i];
            else if (Labels[i])
                fn += weights[i];
            else if (Predicted[i])
                fp += weights[i];
            else
                tn += weights[i];
        }

        ThresholdPoint point = new(0, tp, fp, tn, fn);
        (double roc, double averagePrecision, double precisionRecall) = Ranking.Areas(Order, Scores, i => Labels[i], weights);
        List<double> values =
        [
            point.Accuracy, point.BalancedAccuracy, point.Precision, point.Recall, point.Specificity, Confusion.Ratio(tn, tn + fn), point.FBeta(), point.GMean,
            point.MatthewsCorrelation, Confusion.Kappa(new[,] { { tn, fp }, { fn, tp } }, 0), point.Youden, roc, averagePrecision, precisionRecall,
        ];
        if (Probabilities is { } probabilities)
        {
            double total = 0, brier = 0, loss = 0;
            for (int i = 0; i < probabilities.Length; i++)
            {
                double p = probabilities[i], error = p - (Labels[i] ? 1 : 0);
                total += weights[i];
                brier += weights[i] * error * error;
                loss += weights[i] == 0 ? 0 : weights[i] * Reliability.Loss(Labels[i] ? p : 1 - p);
            }

            values.AddRange([brier / total, loss / total, Reliability.ExpectedError(probabilities, i => Labels[i], weights, CalibrationBins)]);
        }

        return [.. values];
    }

    /// <summary>What comes of every threshold that makes a difference, from the highest: first none is taken for positive, last all.</summary>
    public IReadOnlyList<ThresholdPoint> Sweep()
    {
        double positives = 0, negatives = 0;
        for (int i = 0; i < Count; i++)
        {
            if (Labels[i])
                positives += Weights[i];
            else
                negatives += Weights[i];
        }

        List<ThresholdPoint> points = [new(Scores[Order[0]], 0, 0, negatives, positives)];
        List<double> scores = [];
        Ranking.Walk(Order, Scores, i => Labels[i], Weights, (score, tp, fp) =>
        {
            scores.Add(score);
            points.Add(new(0, tp, fp, negatives - fp, positives - tp));
        });

        // A threshold lies halfway between the scores that it keeps apart; the last just below the lowest.
        for (int i = 0; i < scores.Count; i++)
            points[i + 1] = points[i + 1] with { Threshold = i + 1 < scores.Count ? Between(scores[i + 1], scores[i]) : MathF.BitDecrement((float)scores[i]) };
        return points;
    }

    /// <summary>A number from <paramref name="low"/>, inclusive, to <paramref name="high"/>, exclusive, that a Single can hold; halfway where it can be.</summary>
    public static double Between(double low, double high)
    {
        if (double.IsInfinity(low) || double.IsInfinity(high))
            return low;
        float middle = (float)(low + (high - low) / 2);
        return middle >= low && middle < high ? middle : low;
    }
}
