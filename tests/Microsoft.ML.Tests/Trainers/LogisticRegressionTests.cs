using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Tests.Trainers;

/// <summary>Logistic regression: the minimum of a known function, so that its conditions and its place can be checked.</summary>
public class LogisticRegressionTests
{
    private const int Size = 4;

    private readonly MLContext _ml = new(seed: 1);

    public sealed class Point
    {
        [VectorType(Size)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public string Kind { get; set; } = "";

        public float Weight { get; set; }
    }

    public sealed class Answer
    {
        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }

    // The second feature counts against, the last for nothing.
    private static List<Point> Points(int count = 120)
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] x = [.. Enumerable.Range(0, Size).Select(_ => (float)Math.Round(random.NextDouble() * 4 - 2, 3))];
            double z = 2 * x[0] - 1.5 * x[1] + 0.4 * x[2] - 1 + 2 * (random.NextDouble() - 0.5);
            return new Point { Features = x, Label = z > 0, Kind = z > 1 ? "high" : z > -1 ? "middle" : "low", Weight = 0.5f + i % 3 };
        })];
    }

    private IDataView View(IEnumerable<Point> points) => _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(_ml.Data.LoadFromEnumerable(points)) is var map
        ? map.Transform(_ml.Data.LoadFromEnumerable(points)) : throw new InvalidOperationException();

    [Theory]
    [InlineData(1f, 1f, false, false)]
    [InlineData(0f, 1f, false, false)]
    [InlineData(0f, 0.01f, false, true)]
    [InlineData(6f, 0f, false, true)]
    [InlineData(1f, 1f, true, false)]
    public void The_loss_of_two_classes_is_at_its_minimum(float l1, float l2, bool nonNegative, bool weighted)
    {
        List<Point> points = Points();
        var model = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(
            exampleWeightColumnName: weighted ? "Weight" : null, l1Regularization: l1, l2Regularization: l2, optimizationTolerance: 1e-9f, enforceNonNegativity: nonNegative).Fit(View(points)).Model;
        double[] w = [.. model.SubModel.Weights.Select(v => (double)v)], slopes = new double[Size];
        double bias = model.SubModel.Bias, biasSlope = 0;
        double scale = weighted ? points.Sum(p => p.Weight) : points.Count;
        foreach (Point p in points)
        {
            double z = bias + p.Features.Zip(w, (x, v) => x * v).Sum(), weight = weighted ? p.Weight : 1;
            double error = weight * (1 / (1 + Math.Exp(-z)) - (p.Label ? 1 : 0)) / scale;
            biasSlope += error;
            for (int i = 0; i < Size; i++)
                slopes[i] += error * p.Features[i];
        }

        Assert.Equal(0, biasSlope, 5e-4);
        double sum = l1 / points.Count;
        for (int i = 0; i < Size; i++)
        {
            double slope = slopes[i] + l2 * w[i] / scale;
            if (w[i] != 0)
                Assert.Equal(0, slope + sum * Math.Sign(w[i]), 5e-4);
            else
                Assert.InRange(slope, -sum - 5e-4, nonNegative ? double.PositiveInfinity : sum + 5e-4);
            Assert.True(!nonNegative || w[i] >= 0);
        }
    }

    [Fact]
    public void Weights_of_two_classes_are_those_of_mlnet()
    {
        var model = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(View(Points())).Model;
        Near([-1.78199, 2.20370, -1.81763, 0.32698, 0.26840], [model.SubModel.Bias, .. model.SubModel.Weights]);
        Assert.Equal((-1.0, 0.0), (model.Calibrator.Slope, model.Calibrator.Offset));
    }

    [Fact]
    public void Weights_of_several_classes_are_those_of_mlnet()
    {
        var model = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", exampleWeightColumnName: "Weight").Fit(View(Points())).Model;
        VBuffer<float>[] weights = [];
        model.GetWeights(ref weights, out int classes);
        Assert.Equal(3, classes);
        Near([0.83211, -1.57302, 0.74092, -2.37379, 1.83802, -0.34987, -0.12548, 2.48555, -1.87527, 0.40033, 0, 0, 0, 0, 0], [.. model.GetBiases(), .. weights.SelectMany(w => w.DenseValues())]);
    }

    [Fact]
    public void Columns_of_two_classes_are_those_of_mlnet()
    {
        var trainer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression();
        IDataView data = View(Points()), scored = Trial.Run(_ml, data, trainer);
        Expect.Text(
            """
            PredictedLabel: Boolean {ScoreColumnKind=BinaryClassification; ScoreColumnSetId=1; ScoreValueKind=PredictedLabel}
            Score: Single {ScoreColumnKind=BinaryClassification; ScoreColumnSetId=1; ScoreValueKind=Score}
            Probability: Single {IsNormalized=True; ScoreColumnKind=BinaryClassification; ScoreColumnSetId=1; ScoreValueKind=Probability}
            """,
            Text.Of(scored.Schema, "Score", "Probability", "PredictedLabel"));
        Expect.Text(
            """
            Score: Single {ScoreColumnKind: Text; ScoreColumnSetId: Key<UInt32>; ScoreValueKind: Text}
            Probability: Single {IsNormalized: Boolean; ScoreColumnKind: Text; ScoreColumnSetId: Key<UInt32>; ScoreValueKind: Text}
            PredictedLabel: Boolean {ScoreColumnKind: Text; ScoreColumnSetId: Key<UInt32>; ScoreValueKind: Text}
            """,
            Trial.Promise(data, trainer, "Score", "Probability", "PredictedLabel"));
        List<Answer> answers = [.. _ml.Data.CreateEnumerable<Answer>(scored, reuseRowObject: false)];
        Assert.All(answers, a => Assert.Equal(1 / (1 + Math.Exp(-a.Score)), a.Probability, 1e-5));
        Assert.All(answers, a => Assert.Equal(a.Score > 0, a.PredictedLabel));
        Assert.InRange(_ml.BinaryClassification.Evaluate(scored).Accuracy, 0.85, 1);
    }

    [Fact]
    public void Columns_of_several_classes_are_those_of_mlnet()
    {
        var trainer = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key");
        IDataView data = View(Points()), scored = Trial.Run(_ml, data, trainer);
        Expect.Text(
            """
            PredictedLabel: Key3<UInt32> {KeyValues=[low high middle]; ScoreColumnKind=MulticlassClassification; ScoreColumnSetId=1; ScoreValueKind=PredictedLabel}
            Score: Single[3] {ScoreColumnKind=MulticlassClassification; ScoreColumnSetId=1; ScoreValueKind=Score; SlotNames=[low high middle]; TrainingLabelValues=[low high middle]}
            """,
            Text.Of(scored.Schema, "Score", "PredictedLabel"));
        Expect.Text(
            """
            Score: Single[n] {ScoreColumnKind: Text; ScoreColumnSetId: Key<UInt32>; ScoreValueKind: Text; SlotNames: Text[n]; TrainingLabelValues: Text[n]}
            PredictedLabel: Key<UInt32> {KeyValues: Text[n]; ScoreColumnKind: Text; ScoreColumnSetId: Key<UInt32>; ScoreValueKind: Text}
            """,
            Trial.Promise(data, trainer, "Score", "PredictedLabel"));
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        Assert.All(scores, s => Assert.Equal(1, s.Sum(), 1e-5));
        Assert.Equal(scores.Select(s => (uint)Array.IndexOf(s, s.Max()) + 1), scored.GetColumn<uint>("PredictedLabel"));
        Assert.InRange(_ml.MulticlassClassification.Evaluate(scored, "Key").MicroAccuracy, 0.7, 1);
    }

    [Fact]
    public void Rows_that_lack_something_are_left_out()
    {
        List<Point> points = Points(), more = [.. points, new() { Features = [1, float.NaN, 0, 0], Label = true, Kind = "low", Weight = 1 }];
        var trainer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression();
        Near([.. trainer.Fit(View(points)).Model.SubModel.Weights], [.. trainer.Fit(View(more)).Model.SubModel.Weights]);
        Assert.ThrowsAny<InvalidOperationException>(() => trainer.Fit(View(more.TakeLast(1))));
    }

    [Fact]
    public void Sparse_features_give_the_same_model()
    {
        List<Point> points = Points();
        IDataView sparse = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Append(_ml.Transforms.Categorical.OneHotEncoding("Features", "Kind")).Fit(_ml.Data.LoadFromEnumerable(points)) is var model
            ? model.Transform(_ml.Data.LoadFromEnumerable(points)) : throw new InvalidOperationException();
        var binary = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(sparse).Model.SubModel;
        Assert.Equal(3, binary.Weights.Count);
        Assert.True(binary.Weights[(int)Key(sparse, "high")] > 0.5);
        Assert.True(_ml.MulticlassClassification.Evaluate(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key").Fit(sparse).Transform(sparse), "Key").MicroAccuracy > 0.99);
    }

    [Fact]
    public void Columns_that_do_not_fit_are_named()
    {
        IDataView data = View(Points());
        Assert.Contains("'Nothing'", Error(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Nothing")));
        Assert.Contains("'Kind'", Error(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Kind")));
        Assert.Contains("'Weight'", Error(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Weight")));
        Assert.Contains("'Label'", Error(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()));
        Assert.ThrowsAny<ArgumentException>(() => _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(l2Regularization: -1));

        string Error(IEstimator<ITransformer> trainer) => Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message;
    }

    private static uint Key(IDataView data, string value)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Key"].GetKeyValues(ref names);
        return (uint)names.DenseValues().Select(n => n.ToString()).ToList().IndexOf(value);
    }

    // The trainers stop when the loss hardly falls, each at a place of its own.
    private static void Near(double[] expected, IReadOnlyList<float> actual)
    {
        string text = string.Join(", ", actual.Select(v => v.ToString("F5", CultureInfo.InvariantCulture)));
        Assert.True(expected.Length == actual.Count && expected.Zip(actual, (e, a) => Math.Abs(e - a)).All(d => d < 3e-3), text);
    }

    private static void Near(float[] expected, float[] actual) => Near([.. expected.Select(v => (double)v)], actual);
}
