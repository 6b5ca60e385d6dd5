using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;

namespace Microsoft.ML.Tests.Evaluation;

public class BinaryEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static readonly Scored[] Ordinary =
    [
        new(true, 2.5f, 0.92f), new(false, 1.25f, 0.75f), new(true, 0.5f, 0.62f), new(false, -0.25f, 0.44f),
        new(true, -1, 0.27f), new(false, -2, 0.12f), new(false, -3, 0.05f), new(true, 3, 0.95f),
    ];

    private string Evaluate(params Scored[] rows) => MetricsText.Of(_ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows)));

    [Fact]
    public void All_metrics()
    {
        Expect.Text("""
            accuracy 0.75, AUC 0.8125, AUPRC 0.835417, F1 0.75
            positive 0.75 0.75, negative 0.75 0.75
            log-loss 0.733481, reduction 0.266519, entropy 1
            2 classes: 3 1 / 1 3; precision 0.75 0.75; recall 0.75 0.75
            """, Evaluate(Ordinary));
    }

    [Fact]
    public void Without_probabilities()
    {
        var metrics = _ml.BinaryClassification.EvaluateNonCalibrated(_ml.Data.LoadFromEnumerable(Ordinary));
        Assert.IsType<BinaryClassificationMetrics>(metrics, exactMatch: true);
        Expect.Text("""
            accuracy 0.75, AUC 0.8125, AUPRC 0.835417, F1 0.75
            positive 0.75 0.75, negative 0.75 0.75
            2 classes: 3 1 / 1 3; precision 0.75 0.75; recall 0.75 0.75
            """, MetricsText.Of(metrics));
    }

    [Fact]
    public void Tied_scores()
    {
        Expect.Text("""
            accuracy 0.714286, AUC 0.75, AUPRC 0.711111, F1 0.666667
            positive 0.666667 0.666667, negative 0.75 0.75
            log-loss 0.897241, reduction 0.089307, entropy 0.985228
            2 classes: 2 1 / 1 3; precision 0.666667 0.75; recall 0.666667 0.75
            """, Evaluate(new(true, 1, 0.7f), new(false, 1, 0.7f), new(true, 1, 0.7f), new(false, 0, 0.5f),
            new(true, 0, 0.5f), new(false, 0, 0.5f), new(false, -1, 0.3f)));
    }

    [Fact]
    public void All_scores_equal()
    {
        Expect.Text("""
            accuracy 0.666667, AUC 0.5, AUPRC 0.791667, F1 0.8
            positive 0.666667 1, negative 0 0
            log-loss 1, reduction -0.088974, entropy 0.918296
            2 classes: 2 0 / 1 0; precision 0.666667 0; recall 1 0
            """, Evaluate(new(true, 1, 0.5f), new(false, 1, 0.5f), new(true, 1, 0.5f)));
    }

    [Fact]
    public void Certain_and_wrong_probabilities()
    {
        Expect.Text("""
            accuracy 1, AUC 1, AUPRC 1, F1 1
            positive 1 1, negative 1 1
            log-loss 0.050668, reduction 0.944824, entropy 0.918296
            2 classes: 2 0 / 0 1; precision 1 1; recall 1 1
            """, Evaluate(new(true, 5, 1), new(false, -5, 0), new(true, 3, 0.9f)));
        Expect.Text("""
            accuracy 0.333333, AUC 0, AUPRC 0.416667, F1 0.5
            positive 0.5 0.5, negative 0 0
            log-loss Infinity, reduction -Infinity, entropy 0.918296
            2 classes: 1 1 / 1 0; precision 0.5 0; recall 0.5 0
            """, Evaluate(new(true, -5, 0), new(false, 5, 1), new(true, 3, 0.9f)));
        Expect.Text("""
            accuracy 0, AUC 0, AUPRC 0.25, F1 0
            positive 0 0, negative 0 0
            log-loss 25.287712, reduction -24.287712, entropy 1
            2 classes: 0 1 / 1 0; precision 0 0; recall 0 0
            """, Evaluate(new(true, -5, 1e-8f), new(false, 5, 0.99999994f)));
    }

    [Fact]
    public void One_class_only()
    {
        Assert.Contains("no negative class", Record.Exception(() => Evaluate(new(true, 5, 0.9f), new(true, -5, 0.2f)))!.Message, StringComparison.Ordinal);
        Assert.Contains("no positive class", Record.Exception(() => Evaluate(new(false, 5, 0.9f), new(false, -5, 0.2f)))!.Message, StringComparison.Ordinal);
        Assert.Contains("no positive class", Record.Exception(() => Evaluate())!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_whose_score_is_missing()
    {
        Expect.Text("""
            accuracy 0.75, AUC 0.8125, AUPRC 0.835417, F1 0.75
            positive 0.75 0.75, negative 0.75 0.75
            log-loss 0.733481, reduction 0.266519, entropy 1
            2 classes: 3 1 / 1 3; precision 0.75 0.75; recall 0.75 0.75
            """, Evaluate([.. Ordinary, new(true, float.NaN, 0.5f)]));
        Expect.Text("""
            accuracy 0.777778, AUC 0.85, AUPRC 0.893095, F1 0.8
            positive 0.8 0.8, negative 0.75 0.75
            log-loss NaN, reduction NaN, entropy 0.991076
            2 classes: 4 1 / 1 3; precision 0.8 0.75; recall 0.8 0.75
            """, Evaluate([.. Ordinary, new(true, 1.5f, float.NaN)]));
    }

    [Fact]
    public void The_sign_of_the_score_decides_not_the_predicted_label()
    {
        var rows = Ordinary.Select(row => row with { PredictedLabel = false });
        Assert.Equal(Evaluate(Ordinary), MetricsText.Of(_ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows))));
    }

    [Fact]
    public void Equal_scores_keep_the_order_of_the_rows_in_the_precision_recall_curve()
    {
        var rows = Enumerable.Range(0, 500).Select(i => new Scored(((i * i * 7) + (i * 3)) % 11 < 5, (i * 13 % 3) - 1, 0.5f));
        Expect.Text("accuracy 0.456, AUC 0.501832, AUPRC 0.637953, F1 0.438017", Evaluate([.. rows]).Split('\n')[0]);
    }

    [Fact]
    public void A_weight_column_has_no_part()
    {
        var rows = Ordinary.Select((row, i) => row with { Weight = i });
        Assert.Equal(Evaluate(Ordinary), MetricsText.Of(_ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows))));
    }

    [Fact]
    public void Columns_by_other_names()
    {
        var data = _ml.Transforms.CopyColumns("L", "Label").Append(_ml.Transforms.CopyColumns("S", "Score"))
            .Append(_ml.Transforms.CopyColumns("P", "Probability")).Append(_ml.Transforms.CopyColumns("PL", "PredictedLabel"))
            .Append(_ml.Transforms.SelectColumns("L", "S", "P", "PL"));
        var source = _ml.Data.LoadFromEnumerable(Ordinary);
        var renamed = data.Fit(source).Transform(source);
        Assert.Equal(Evaluate(Ordinary), MetricsText.Of(_ml.BinaryClassification.Evaluate(renamed, "L", "S", "P", "PL")));
        Assert.Contains("Label", Record.Exception(() => _ml.BinaryClassification.Evaluate(renamed))!.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing", Record.Exception(() => _ml.BinaryClassification.Evaluate(source, scoreColumnName: "Nothing"))!.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing", Record.Exception(() => _ml.BinaryClassification.Evaluate(source, probabilityColumnName: "Nothing"))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_are_numbers_or_keys()
    {
        Other[] rows = [new() { Single = 1, Double = 2, Two = 1, Score = 2 }, new() { Single = 0, Double = 0, Two = 0, Score = 1 },
            new() { Single = -1, Double = -2, Two = 0, Score = -1 }, new() { Single = float.NaN, Double = double.NaN, Two = uint.MaxValue, Score = -2 }];
        var data = _ml.Data.LoadFromEnumerable(rows);
        string Of(string label) => MetricsText.Of(_ml.BinaryClassification.EvaluateNonCalibrated(data, label, predictedLabelColumnName: "Score"));
        Expect.Text("""
            accuracy 0.666667, AUC 1, AUPRC 1, F1 0.666667
            positive 0.5 1, negative 1 0.5
            2 classes: 1 0 / 1 1; precision 0.5 1; recall 1 0.5
            """, Of("Single"));
        Expect.Text("""
            accuracy 0.666667, AUC 1, AUPRC 1, F1 0.666667
            positive 0.5 1, negative 1 0.5
            2 classes: 1 0 / 1 1; precision 0.5 1; recall 1 0.5
            """, Of("Double"));
        Expect.Text("""
            accuracy 0.666667, AUC 1, AUPRC 1, F1 0.666667
            positive 0.5 1, negative 1 0.5
            2 classes: 1 0 / 1 1; precision 0.5 1; recall 1 0.5
            """, Of("Two"));
        Assert.Contains("Three", Record.Exception(() => Of("Three"))!.Message, StringComparison.Ordinal);
        Assert.Contains("Text", Record.Exception(() => Of("Text"))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_confusion_table_for_people()
    {
        var matrix = _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(Ordinary)).ConfusionMatrix;
        Expect.Text("""
            TEST POSITIVE RATIO:	0.5000 (4.0/(4.0+4.0))
            Confusion table
                      ||======================
            PREDICTED || positive | negative | Recall
            TRUTH     ||======================
             positive ||        3 |        1 | 0.7500
             negative ||        1 |        3 | 0.7500
                      ||======================
            Precision ||   0.7500 |   0.7500 |

            """, matrix.GetFormattedConfusionTable().ReplaceLineEndings("\n"));
        Assert.Equal(3, matrix.GetCountForClassPair(0, 0));
        Assert.Equal(1, matrix.GetCountForClassPair(1, 0));
    }

    private sealed record Scored(bool Label, float Score, float Probability)
    {
        public bool PredictedLabel { get; init; } = Score > 0;
        public float Weight { get; init; } = 1;
    }

    private sealed class Other
    {
        public float Single { get; set; }
        public double Double { get; set; }
        [KeyType(2)] public uint Two { get; set; }
        [KeyType(3)] public uint Three { get; set; }
        public string Text { get; set; } = "";
        public float Score { get; set; }
    }
}
