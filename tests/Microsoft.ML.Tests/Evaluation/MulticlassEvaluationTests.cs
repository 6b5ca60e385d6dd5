using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;

namespace Microsoft.ML.Tests.Evaluation;

public class MulticlassEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static readonly Scored[] Ordinary =
    [
        new("red", 0.7f, 0.2f, 0.1f), new("green", 0.3f, 0.6f, 0.1f), new("blue", 0.2f, 0.5f, 0.3f),
        new("red", 0.4f, 0.35f, 0.25f), new("red", 0.1f, 0.2f, 0.7f), new("green", 0.05f, 0.9f, 0.05f), new("blue", 0, 0.1f, 0.9f),
    ];

    /// <summary>Labels become keys in the order red, green, blue, as a model's data would have them.</summary>
    private IDataView Keyed(params Scored[] rows)
    {
        var keys = _ml.Data.LoadFromEnumerable(new[] { new Word { Value = "red" }, new Word { Value = "green" }, new Word { Value = "blue" } });
        var data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey([new("Label"), new("PredictedLabel")], keyData: keys)
            .Append(_ml.Transforms.Concatenate("Score", "red", "green", "blue")).Fit(data).Transform(data);
    }

    private string Evaluate(params Scored[] rows) => MetricsText.Of(_ml.MulticlassClassification.Evaluate(Keyed(rows)));

    [Fact]
    public void All_metrics()
    {
        Expect.Text("""
            micro 0.714286, macro 0.722222
            log-loss 0.785867, reduction 0.271666, per class 1.19185 0.308093 0.654667
            top 0: 0 of none
            3 classes: 2 0 1 / 0 2 0 / 0 1 1; precision 1 0.666667 0.5; recall 0.666667 1 0.5
            """, Evaluate(Ordinary));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Top_k(int k)
    {
        string text = MetricsText.Of(_ml.MulticlassClassification.Evaluate(Keyed(Ordinary), topKPredictionCount: k)).Split('\n')[2];
        Expect.Text(k switch
        {
            1 => "top 1: 0.714286 of 0.714286",
            2 => "top 2: 0.857143 of 0.714286 0.857143",
            _ => "top 3: 1 of 0.714286 0.857143 1",
        }, text);
    }

    [Fact]
    public void Ties_in_top_k()
    {
        Scored[] rows = [new("red", 0.4f, 0.4f, 0.2f), new("green", 0.4f, 0.4f, 0.2f), new("blue", 0.4f, 0.2f, 0.4f), new("green", 0.3f, 0.3f, 0.3f)];
        Expect.Text("""
            micro 0.25, macro 0.333333
            log-loss 0.988211, reduction 0.049542, per class 0.916291 1.060132 0.916291
            top 2: 1 of 0.25 1
            3 classes: 1 0 0 / 2 0 0 / 1 0 0; precision 0.25 0 0; recall 1 0 0
            """, MetricsText.Of(_ml.MulticlassClassification.Evaluate(Keyed(rows), topKPredictionCount: 2)));
    }

    [Fact]
    public void Certain_and_wrong_probabilities()
    {
        Expect.Text("""
            micro 1, macro 1
            log-loss 0, reduction 1, per class 0 0 0
            top 0: 0 of none
            3 classes: 1 0 0 / 0 1 0 / 0 0 1; precision 1 1 1; recall 1 1 1
            """, Evaluate(new("red", 1, 0, 0), new("green", 0, 1, 0), new("blue", 0, 0, 1)));
        Expect.Text("""
            micro 0, macro 0
            log-loss 34.538776, reduction -30.438549, per class 34.538776 34.538776 34.538776
            top 0: 0 of none
            3 classes: 0 1 0 / 0 0 1 / 1 0 0; precision 0 0 0; recall 0 0 0
            """, Evaluate(new("red", 0, 1, 0), new("green", 0, 0, 1), new("blue", 0.5f, 0.5f, 0)));
    }

    [Fact]
    public void Scores_that_are_not_probabilities()
    {
        Expect.Text("""
            micro 1, macro 1
            log-loss 17.269388, reduction -23.914461, per class 0 34.538776 0
            top 0: 0 of none
            3 classes: 1 0 0 / 0 1 0 / 0 0 0; precision 1 1 0; recall 1 1 0
            """, Evaluate(new("red", 3, -1, 0.5f), new("green", -2, -1, -4)));
    }

    [Fact]
    public void Classes_that_do_not_occur()
    {
        Expect.Text("""
            micro 0.5, macro 0.5
            log-loss 0.983056, reduction Infinity, per class 0.983056 0 0
            top 0: 0 of none
            3 classes: 1 1 0 / 0 0 0 / 0 0 0; precision 1 0 0; recall 0.5 0 0
            """, Evaluate(new("red", 0.7f, 0.2f, 0.1f), new("red", 0.2f, 0.7f, 0.1f)));
    }

    [Fact]
    public void Rows_with_an_unknown_label_or_no_score()
    {
        Expect.Text("""
            micro 0.714286, macro 0.722222
            log-loss 0.785867, reduction 0.271666, per class 1.19185 0.308093 0.654667
            top 0: 0 of none
            3 classes: 2 0 1 / 0 2 0 / 0 1 1; precision 1 0.666667 0.5; recall 0.666667 1 0.5
            """, Evaluate([.. Ordinary, new("violet", 0.3f, 0.3f, 0.4f)]));
        Expect.Text("""
            micro 0.714286, macro 0.722222
            log-loss 0.785867, reduction 0.271666, per class 1.19185 0.308093 0.654667
            top 0: 0 of none
            3 classes: 2 0 1 / 0 2 0 / 0 1 1; precision 1 0.666667 0.5; recall 0.666667 1 0.5
            """, Evaluate([.. Ordinary, new("red", float.NaN, 0.3f, 0.4f)]));
    }

    [Fact]
    public void The_highest_score_decides_not_the_predicted_label()
    {
        var rows = Ordinary.Select(row => row with { PredictedLabel = "green" }).ToArray();
        Assert.Equal(Evaluate(Ordinary), Evaluate(rows));
    }

    [Fact]
    public void Labels_beyond_the_scores()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Numbered { Label = 2, Score = [0.8f, 0.2f] }, new Numbered { Label = 0, Score = [0.6f, 0.4f] }, new Numbered { Label = -1, Score = [0.6f, 0.4f] } });
        Expect.Text("""
            micro 0.5, macro 1
            log-loss 17.524801, reduction -49.565887, per class 0.510826 0
            top 0: 0 of none
            2 classes: 1 0 / 0 0; precision 1 0; recall 1 0
            """, Record.Exception(() => _ml.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "Predicted"))?.GetType().Name ?? MetricsText.Of(_ml.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "Predicted")));
    }

    [Fact]
    public void No_rows()
    {
        Expect.Text("""
            micro 0, macro 0
            log-loss 0, reduction NaN, per class 0 0 0
            top 0: 0 of none
            3 classes: 0 0 0 / 0 0 0 / 0 0 0; precision 0 0 0; recall 0 0 0
            """, Evaluate());
    }

    [Fact]
    public void The_confusion_table_names_the_classes()
    {
        var matrix = _ml.MulticlassClassification.Evaluate(Keyed(Ordinary)).ConfusionMatrix;
        Expect.Text("""

            Confusion table
                      ||========================
            PREDICTED ||   red | green |  blue | Recall
            TRUTH     ||========================
                  red ||     2 |     0 |     1 | 0.6667
                green ||     0 |     2 |     0 | 1.0000
                 blue ||     0 |     1 |     1 | 0.5000
                      ||========================
            Precision ||1.0000 |0.6667 |0.5000 |

            """, matrix.GetFormattedConfusionTable().ReplaceLineEndings("\n"));
        Assert.Equal(1, matrix.GetCountForClassPair(1, 2));
        Assert.Equal(0, matrix.GetCountForClassPair(2, 1));
        Assert.NotNull(Record.Exception(() => matrix.GetCountForClassPair(3, 0)));
    }

    [Fact]
    public void The_confusion_table_of_two_classes_and_large_counts()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12345).Select(i => new Numbered { Label = i % 7 == 0 ? 1 : 0, Score = i % 5 == 0 ? [0.1f, 0.9f] : [0.9f, 0.1f] }));
        var metrics = _ml.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "Predicted");
        Expect.Text("""

            Confusion table
                      ||======================
            PREDICTED ||        0 |        1 | Recall
            TRUTH     ||======================
                    0 ||    8,465 |    2,116 | 0.8000
                    1 ||    1,411 |      353 | 0.2001
                      ||======================
            Precision ||   0.8571 |   0.1430 |

            """, metrics.ConfusionMatrix.GetFormattedConfusionTable().ReplaceLineEndings("\n"));
        Expect.Text("""
            micro 0.714297, macro 0.500066
            log-loss 0.733114, reduction -0.787304, per class 0.544764 1.862891
            top 0: 0 of none
            2 classes: 8465 2116 / 1411 353; precision 0.857128 0.142973; recall 0.800019 0.200113
            """, MetricsText.Of(metrics));
    }

    [Fact]
    public void The_confusion_table_gives_long_names_beside_their_numbers()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new LongNamed { Label = 0, a = 1 }, new LongNamed { Label = 2, somewhat_longer = 1 } });
        var named = _ml.Transforms.Concatenate("Score", "a", "somewhat_longer", "as_long_as_names_come").Fit(data).Transform(data);
        Expect.Text("""

            Confusion table
                                     ||========================
            PREDICTED                ||     0 |     1 |     2 | Recall
            TRUTH                    ||========================
            0.                     a ||     1 |     0 |     0 | 1.0000
            1.       somewhat_longer ||     0 |     0 |     0 | 0.0000
            2. as_long_as_names_come ||     0 |     1 |     0 | 0.0000
                                     ||========================
            Precision                ||1.0000 |0.0000 |0.0000 |

            """, _ml.MulticlassClassification.Evaluate(named, predictedLabelColumnName: "a").ConfusionMatrix.GetFormattedConfusionTable().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Many_classes()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Many { Label = i % 11, Score = [.. Enumerable.Range(0, 11).Select(c => c == i % 10 ? 0.5f : 0.05f)] }));
        var metrics = _ml.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "Label", topKPredictionCount: 4);
        Expect.Text("""
            micro 0.166667, macro 0.166667
            log-loss 2.611968, reduction -0.091163, per class 2.611968 2.611968 2.611968 2.611968 2.611968 2.535215 2.535215 2.535215 2.535215 2.535215 2.995732
            top 4: 0.416667 of 0.166667 0.25 0.333333 0.416667
            11 classes: 1 1 1 1 1 1 0 0 0 0 0 / 0 1 1 1 1 1 1 0 0 0 0 / 0 0 1 1 1 1 1 1 0 0 0 / 0 0 0 1 1 1 1 1 1 0 0 / 0 0 0 0 1 1 1 1 1 1 0 / 0 0 0 0 0 1 1 1 1 1 0 / 1 0 0 0 0 0 1 1 1 1 0 / 1 1 0 0 0 0 0 1 1 1 0 / 1 1 1 0 0 0 0 0 1 1 0 / 1 1 1 1 0 0 0 0 0 1 0 / 1 1 1 1 1 0 0 0 0 0 0; precision 0.166667 0.166667 0.166667 0.166667 0.166667 0.166667 0.166667 0.166667 0.166667 0.166667 0; recall 0.166667 0.166667 0.166667 0.166667 0.166667 0.2 0.2 0.2 0.2 0.2 0
            """, MetricsText.Of(metrics));
        string table = metrics.ConfusionMatrix.GetFormattedConfusionTable().ReplaceLineEndings("\n");
        Assert.Equal(19, table.Split('\n').Length);
        Assert.Contains("       10 ||     1 |     1 |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_are_numbers()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Numbered { Label = 0, Predicted = 0, Score = [0.8f, 0.2f] }, new Numbered { Label = 1, Predicted = 0, Score = [0.6f, 0.4f] } });
        Expect.Text("""
            micro 0.5, macro 0.5
            log-loss 0.569717, reduction 0.178072, per class 0.223144 0.916291
            top 0: 0 of none
            2 classes: 1 0 / 1 0; precision 0.5 0; recall 1 0
            """, MetricsText.Of(_ml.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "Predicted")));
        Expect.Text("""
            micro 1, macro 1
            log-loss 0.366985, reduction Infinity, per class 0.366985 0
            top 0: 0 of none
            2 classes: 2 0 / 0 0; precision 1 0; recall 1 0
            """, MetricsText.Of(_ml.MulticlassClassification.Evaluate(data, "Key", predictedLabelColumnName: "PredictedKey")));
    }

    [Fact]
    public void Columns_that_do_not_fit()
    {
        var data = Keyed(Ordinary);
        Assert.Contains("Nothing", Record.Exception(() => _ml.MulticlassClassification.Evaluate(data, "Nothing"))!.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing", Record.Exception(() => _ml.MulticlassClassification.Evaluate(data, scoreColumnName: "Nothing"))!.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing", Record.Exception(() => _ml.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "Nothing"))!.Message, StringComparison.Ordinal);
        Assert.NotNull(Record.Exception(() => _ml.MulticlassClassification.Evaluate(data, scoreColumnName: "red")));
        Assert.NotNull(Record.Exception(() => _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(Ordinary), scoreColumnName: "red")));
    }

    private sealed record Scored(string Label, float red, float green, float blue)
    {
        public string PredictedLabel { get; init; } = red >= green && red >= blue ? "red" : green >= blue ? "green" : "blue";
    }

    private sealed class Word
    {
        public string Value { get; set; } = "";
    }

    private sealed class LongNamed
    {
        public float Label { get; set; }
        public float a { get; set; }
        public float somewhat_longer { get; set; }
        public float as_long_as_names_come { get; set; }
    }

    private sealed class Many
    {
        public float Label { get; set; }
        [VectorType(11)] public float[] Score { get; set; } = [];
    }

    private sealed class Numbered
    {
        public float Label { get; set; }
        public float Predicted { get; set; }
        [KeyType(2)] public uint Key { get; set; }
        [KeyType(2)] public uint PredictedKey { get; set; }
        [VectorType(2)] public float[] Score { get; set; } = [];
    }
}
