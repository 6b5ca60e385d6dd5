using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Evaluation.Tests.Support;

internal sealed class BinaryRow
{
    public bool Label { get; set; }

    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }

    public float Weight { get; set; } = 1;

    public string Note { get; set; } = "";
}

internal sealed class MulticlassRow
{
    // In objects keys count from 0.
    [KeyType(4)]
    public uint Label { get; set; }

    [VectorType(4)]
    public float[] Score { get; set; } = [];

    [KeyType(4)]
    public uint PredictedLabel { get; set; }

    public float Weight { get; set; }
}

internal sealed class RegressionRow
{
    public float Label { get; set; }

    public float Score { get; set; }

    public float Weight { get; set; }
}

/// <summary>Rows to learn from: two numbers, a text, a group.</summary>
internal sealed class Case
{
    public bool Label { get; set; }

    public string Color { get; set; } = "";

    public float X { get; set; }

    public float Y { get; set; }

    public float Id { get; set; }

    public float Group { get; set; }

    [VectorType(2)]
    public float[] Features { get; set; } = [];
}

internal static class Scored
{
    private static readonly Lazy<JsonDocument> Golden = new(() => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "golden.json"))));

    /// <summary>A context of its own each time: what a test gets must not depend on what others have made of a shared one.</summary>
    public static MLContext Ml => new(seed: 1);

    public static JsonElement Of(params string[] path) => path.Aggregate(Golden.Value.RootElement, (e, p) => e.GetProperty(p));

    public static double[] Numbers(params string[] path) => [.. Of(path).EnumerateArray().Select(e => e.GetDouble())];

    public static IDataView Binary()
    {
        double[] label = Numbers("binary", "label"), score = Numbers("binary", "score"), probability = Numbers("binary", "probability"), predicted = Numbers("binary", "predicted"), weight = Numbers("binary", "weight");
        return Ml.Data.LoadFromEnumerable(label.Select((l, i) => new BinaryRow
        {
            Label = l > 0, Score = (float)score[i], Probability = (float)probability[i], PredictedLabel = predicted[i] > 0, Weight = (float)weight[i],
        }).ToList());
    }

    public static IDataView Multiclass() => Ml.Data.LoadFromEnumerable(MulticlassRows());

    public static List<MulticlassRow> MulticlassRows()
    {
        double[] label = Numbers("multiclass", "label"), predicted = Numbers("multiclass", "predicted"), weight = Numbers("multiclass", "weight");
        float[][] scores = [.. Of("multiclass", "score").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetSingle()).ToArray())];
        return [.. label.Select((l, i) => new MulticlassRow { Label = (uint)l, Score = scores[i], PredictedLabel = (uint)predicted[i], Weight = (float)weight[i] })];
    }

    public static IDataView Regression()
    {
        double[] label = Numbers("regression", "label"), score = Numbers("regression", "score"), weight = Numbers("regression", "weight");
        return Ml.Data.LoadFromEnumerable(label.Select((l, i) => new RegressionRow { Label = (float)l, Score = (float)score[i], Weight = (float)weight[i] }).ToList());
    }

    /// <summary>Rare positives that lie towards the upper right.</summary>
    public static List<Case> Cases(int rows = 240, double rare = 0.15, int seed = 3)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, rows).Select(i =>
        {
            bool label = random.NextDouble() < rare;
            float x = (float)(random.NextDouble() * 2 - 1 + (label ? 0.9 : 0)), y = (float)(random.NextDouble() * 2 - 1);
            return new Case { Label = label, X = x, Y = y, Id = i, Group = i / 4, Features = [x, y], Color = label ? "red" : y > 0 ? "green" : "blue" };
        })];
    }

    public static IDataView View(IEnumerable<Case> cases) => Ml.Data.LoadFromEnumerable(cases.ToList());

    /// <summary>Scores a row by a formula: a "model" whose every number is known.</summary>
    public static IEstimator<ITransformer> Formula(MLContext ml, bool probability = true) => probability
        ? ml.Transforms.CustomMapping<Case, WithProbability>(Give, "scores-with-probability")
        : ml.Transforms.CustomMapping<Case, WithScore>((c, o) => o.Score = 4 * c.X - 2, "scores");

    private static void Give(Case c, WithProbability o)
    {
        o.Score = 4 * c.X - 2;
        o.Probability = 1 / (1 + MathF.Exp(-o.Score));
        o.PredictedLabel = o.Score > 0;
    }
}

internal sealed class WithScore
{
    public float Score { get; set; }
}

internal sealed class WithProbability
{
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }
}
