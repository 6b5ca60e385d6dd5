using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Evaluation;

public class AnomalyEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    private AnomalyDetectionMetrics Evaluate(int falsePositives, params (float Label, float Score)[] rows) =>
        _ml.AnomalyDetection.Evaluate(_ml.Data.LoadFromEnumerable(rows.Select(r => new Scored { Label = r.Label, Score = r.Score, PredictedLabel = r.Score > 0.5f })), falsePositiveCount: falsePositives);

    [Fact]
    public void Area_and_detection_rate()
    {
        // Ten ordinary rows, four anomalies: of these 0, 1, 3 and 5 ordinary rows lie above.
        (float, float)[] rows = [(1, 0.95f), (0, 0.9f), (1, 0.85f), (0, 0.8f), (0, 0.7f), (1, 0.65f), (0, 0.6f), (0, 0.5f), (1, 0.45f), (0, 0.4f), (0, 0.3f), (0, 0.2f), (0, 0.1f), (0, 0.05f)];
        AnomalyDetectionMetrics metrics = Evaluate(1, rows);
        Assert.Equal((10 + 9 + 7 + 5) / 40.0, metrics.AreaUnderRocCurve, 1e-6);
        Assert.Equal(0.5, metrics.DetectionRateAtFalsePositiveCount, 1e-6);
        Assert.Equal(0.75, Evaluate(3, rows).DetectionRateAtFalsePositiveCount, 1e-6);

        // With no ordinary row to spare ML.NET keeps an anomaly below the last of them only if it comes before.
        Assert.Equal(0.75, Evaluate(5, rows).DetectionRateAtFalsePositiveCount, 1e-6);
        Assert.Equal(1, Evaluate(5, [.. rows.Reverse()]).DetectionRateAtFalsePositiveCount, 1e-6);
        Assert.Equal(1, Evaluate(10, rows).DetectionRateAtFalsePositiveCount, 1e-6);
        Assert.Equal(0.5, Evaluate(1, [.. rows.Reverse()]).DetectionRateAtFalsePositiveCount, 1e-6);
    }

    [Fact]
    public void Rows_without_label_or_score_do_not_count()
    {
        AnomalyDetectionMetrics metrics = Evaluate(1, (1, 0.9f), (0, 0.1f), (float.NaN, 0.95f), (0, float.NaN), (0, 0.2f));
        Assert.Equal(1, metrics.AreaUnderRocCurve);
        Assert.Equal(1, metrics.DetectionRateAtFalsePositiveCount);
    }

    [Fact]
    public void What_cannot_be_evaluated_is_an_error()
    {
        Assert.ThrowsAny<Exception>(() => Evaluate(1, (0, 0.9f), (0, 0.1f)));
        Assert.ThrowsAny<Exception>(() => Evaluate(1, (1, 0.9f), (1, 0.1f)));
        Assert.ThrowsAny<Exception>(() => Evaluate(0, (1, 0.9f), (0, 0.1f)));
        IDataView flags = _ml.Data.LoadFromEnumerable([new Scored { Flag = true }, new Scored()]);
        Assert.ThrowsAny<Exception>(() => _ml.AnomalyDetection.Evaluate(flags, nameof(Scored.Flag)));
        Assert.ThrowsAny<Exception>(() => _ml.AnomalyDetection.Evaluate(flags, scoreColumnName: "Nothing"));
    }

    private sealed class Scored
    {
        public float Label { get; set; }

        public bool Flag { get; set; }

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
