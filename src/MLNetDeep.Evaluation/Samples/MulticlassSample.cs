using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation.Samples;

/// <summary>Scored rows of several classes.</summary>
internal sealed class MulticlassSample : Sample
{
    private static readonly string[] Always =
    [
        "accuracy", "balanced_accuracy", "g_mean", "mcc", "kappa", "precision_macro", "recall_macro", "f1_macro", "f1_weighted", "roc_auc_ovr", "average_precision_macro",
    ];

    private int[][]? _orders;
    private double[][]? _scores;

    public required int[] Labels { get; init; }

    /// <summary>For each row the score of each class.</summary>
    public required float[][] Scores { get; init; }

    public required int[] Predicted { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Whether the scores of each row are probabilities: none below 0, and their sum 1.</summary>
    public required bool AreProbabilities { get; init; }

    public int Classes => ClassNames.Count;

    public override IReadOnlyList<string> Names => AreProbabilities ? [.. Always, "brier", "log_loss", "ece"] : Always;

    public override int[] Strata => Labels;

    private double[][] ByClass => _scores ??= [.. Enumerable.Range(0, Classes).Select(c => Scores.Select(s => (double)s[c]).ToArray())];

    private int[][] Orders => _orders ??= [.. ByClass.Select(Ranking.Order)];

    /// <summary>Reads scored rows; those whose label is missing are left out, as ML.NET does.</summary>
    /// <exception cref="ArgumentException">A column is missing or of a type that does not fit, there are no rows, or rows of one class only.</exception>
    /// <exception cref="InvalidOperationException">A score or weight is no number.</exception>
    public static MulticlassSample Read(IDataView data, ScoredColumns columns, bool manyClasses = true)
    {
        ArgumentNullException.ThrowIfNull(data);
        DataViewSchema schema = data.Schema;
        DataViewSchema.Column label = ColumnRef.Find(schema, columns.Label, "label");
        DataViewSchema.Column score = ColumnRef.Find(schema, columns.Score, "score");
        DataViewSchema.Column? predicted = schema.GetColumnOrNull(columns.PredictedLabel);
        DataViewSchema.Column? weight = columns.Weight is { } name ? ColumnRef.Find(schema, name, "weight") : null;
        if (label.Type is not KeyDataViewType key)
            throw new ArgumentException($"The label column '{label.Name}' has type {label.Type}; several classes need a key. Make one with Conversion.MapValueToKey(\"{label.Name}\").");
        if (score.Type is not VectorDataViewType { Size: > 1 } vector)
            throw new ArgumentException($"The score column '{score.Name}' has type {score.Type}; several classes have a vector of Single with a slot for each. For two classes use BinaryClassification.");
        int classes = vector.Size;
        IReadOnlyList<string> classNames = Reading.Names(label) is { } known && known.Count == classes ? known
            : Reading.Names(score) is { } slots && slots.Count == classes ? slots
            : [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))];

        List<int> labels = [], decisions = [], rows = [];
        List<float[]> scores = [];
        List<double> weights = [];
        bool probabilities = true;
        using DataViewRowCursor cursor = data.GetRowCursor(new[] { label, score, predicted, weight }.OfType<DataViewSchema.Column>().DistinctBy(c => c.Index));
        Func<double> readLabel = Reading.Number(cursor, label, "label");
        Func<float[]> readScores = Reading.Vector(cursor, score, "score");
        Func<int>? readPredicted = predicted is { } column ? Decision(cursor, column, classNames) : null;
        Func<double>? readWeight = weight is { } w ? Reading.Number(cursor, w, "weight") : null;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            double truth = readLabel();
            if (double.IsNaN(truth))
                continue;
            if (truth >= classes)
                throw new InvalidOperationException($"The label '{(Reading.Names(label) is { } all && truth < all.Count ? all[(int)truth] : truth)}' of data row {row + 1} is none of the {classes} classes that the column '{score.Name}' has scores of. Map labels to keys with the mapping that the model was trained with.");
            float[] values = readScores();
            double sum = 0;
            foreach (float value in values)
            {
                sum += Checks.Number(value, score.Name, "score", row);
                probabilities &= value >= 0;
            }

            probabilities &= Math.Abs(sum - 1) < 1e-3;
            rows.Add(row);
            labels.Add((int)truth);
            scores.Add(values);
            decisions.Add(readPredicted is null ? Best(values) : readPredicted() is var decision && decision >= 0 ? decision : Best(values));
            weights.Add(readWeight is null ? 1 : Checks.Weight(readWeight(), columns.Weight!, row));
        }

        Checks.NotEmpty(labels.Count, label.Name);
        if (manyClasses && labels.Where((_, i) => weights[i] > 0).Distinct().Take(2).Count() < 2)
            throw new ArgumentException($"The label column '{label.Name}' has {labels.Count} rows, all of the class '{classNames[labels[0]]}'; there is nothing to tell apart. Evaluate on data with rows of several classes, for instance from a stratified split.");
        return new()
        {
            Labels = [.. labels],
            Scores = [.. scores],
            Predicted = [.. decisions],
            Weights = [.. weights],
            Rows = [.. rows],
            ClassNames = classNames,
            AreProbabilities = probabilities,
        };
    }

    public override double[] Compute(double[] weights)
    {
        double[,] counts = Confusion.Count(Labels, Predicted, weights, Classes);
        double[] recalls = Confusion.Recalls(counts);
        (double precision, double recall, double f1) = Confusion.Average(counts, 1, Average.Macro);
        double[] auc = new double[Classes], averagePrecision = new double[Classes];
        for (int c = 0; c < Classes; c++)
            (auc[c], averagePrecision[c]) = Areas(c, weights);
        List<double> values =
        [
            Accuracy(counts), recalls.Average(), GMean(recalls), Confusion.Matthews(counts), Confusion.Kappa(counts, 0), precision, recall, f1,
            Confusion.Average(counts, 1, Average.Weighted).FBeta, auc.Where(double.IsFinite).Average(), averagePrecision.Where(double.IsFinite).Average(),
        ];
        if (AreProbabilities)
        {
            double total = 0, brier = 0, loss = 0;
            double[] confidence = new double[Count];
            for (int i = 0; i < Count; i++)
            {
                double squares = 0, sum = 0;
                for (int c = 0; c < Classes; c++)
                {
                    double p = Scores[i][c], error = p - (Labels[i] == c ? 1 : 0);
                    squares += error * error;
                    sum += p;
                    confidence[i] = Math.Max(confidence[i], p);
                }

                total += weights[i];
                brier += weights[i] * squares;
                loss += weights[i] * Reliability.Loss(Scores[i][Labels[i]] / sum);
            }

            values.AddRange([brier / total, loss / total, Reliability.ExpectedError(confidence, i => Best(Scores[i]) == Labels[i], weights, BinarySample.CalibrationBins)]);
        }

        return [.. values];
    }

    /// <summary>Areas under the ROC curve and of average precision of a class against all others; NaN where it has no rows, or all.</summary>
    public (double Roc, double AveragePrecision) Areas(int index, double[] weights)
    {
        (double roc, double averagePrecision, _) = Ranking.Areas(Orders[index], ByClass[index], i => Labels[i] == index, weights);
        return (roc, averagePrecision);
    }

    /// <summary>The ROC area of each pair of classes (Hand and Till 2001), averaged.</summary>
    public double OneVersusOne(Average average)
    {
        double sum = 0, total = 0;
        for (int a = 0; a < Classes; a++)
        {
            for (int b = a + 1; b < Classes; b++)
            {
                double[] weights = [.. Weights.Select((w, i) => Labels[i] == a || Labels[i] == b ? w : 0)];
                double pair = (Areas(a, weights).Roc + Areas(b, weights).Roc) / 2, weight = average == Average.Macro ? 1 : weights.Sum();
                if (!double.IsFinite(pair))
                    continue;
                sum += weight * pair;
                total += weight;
            }
        }

        return sum / total;
    }

    public double TopK(int k)
    {
        double right = 0;
        for (int i = 0; i < Count; i++)
        {
            // Of equal scores the later class comes first, as in scikit-learn.
            float own = Scores[i][Labels[i]];
            int better = 0;
            for (int c = 0; c < Classes; c++)
                better += Scores[i][c] > own || (Scores[i][c] == own && c > Labels[i]) ? 1 : 0;
            right += better < k ? Weights[i] : 0;
        }

        return right / Weights.Sum();
    }

    public static int Best(float[] values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }

        return best;
    }

    public static double GMean(double[] recalls) => recalls.Contains(0) ? 0 : Math.Exp(recalls.Average(Math.Log));

    private static double Accuracy(double[,] counts)
    {
        (_, _, double total) = Confusion.Sums(counts);
        return Enumerable.Range(0, counts.GetLength(0)).Sum(i => counts[i, i]) / total;
    }

    // A decision may have become text again: pipelines often end with MapKeyToValue.
    private static Func<int>? Decision(DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string> classNames)
    {
        if (column.Type is KeyDataViewType)
        {
            Func<double> key = Reading.Number(row, column, "predicted label");
            return () => key() is var k && k >= 0 && k < classNames.Count ? (int)k : -1;
        }

        if (column.Type is not PrimitiveDataViewType)
            return null;
        Dictionary<string, int> indices = classNames.Select((n, i) => (n, i)).DistinctBy(p => p.n).ToDictionary(p => p.n, p => p.i);
        Func<string> text = Reading.Text(row, column);
        return () => indices.GetValueOrDefault(text(), -1);
    }
}
