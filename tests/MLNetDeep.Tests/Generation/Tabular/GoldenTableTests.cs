using System.Text.Json;
using Microsoft.ML;
using MLNetDeep.Generation;
using MLNetDeep.Generation.Tabular;

namespace MLNetDeep.Tests.Generation.Tabular;

/// <summary>Comparisons of tables against SciPy and NumPy, mixtures against scikit-learn's <c>BayesianGaussianMixture</c> (Golden/make_golden.py).</summary>
public class GoldenTableTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Generation", "Tabular", "Golden", "golden.json"))).RootElement;

    private static readonly TabularMetrics Metrics = Ml.Generation.EvaluateTabular(View("real"), View("made"), View("holdout"));

    public static TheoryData<string> Mixtures => [.. Golden.GetProperty("mixtures").EnumerateArray().Select(m => m.GetProperty("name").GetString()!)];

    [Fact]
    public void Columns_are_as_alike_as_SciPy_and_NumPy_find_them() => Assert.All(
        Golden.GetProperty("tables").GetProperty("shapes").EnumerateObject(),
        s => Assert.Equal(s.Value.GetDouble(), Metrics.Columns.Single(c => c.Name == s.Name).Shape, 1e-12));

    [Fact]
    public void Pairs_of_columns_are_as_alike_as_SciPy_and_NumPy_find_them()
    {
        JsonElement[] trends = [.. Golden.GetProperty("tables").GetProperty("trends").EnumerateArray()];
        Assert.Equal(trends.Length, Metrics.Pairs.Count);
        Assert.All(trends, t => Assert.Equal(t[2].GetDouble(), Metrics.Pairs.Single(p => p.First == t[0].GetString() && p.Second == t[1].GetString()).Trend!.Value, 1e-12));
    }

    [Fact]
    public void Rows_are_as_near_to_others_as_NumPy_finds_them()
    {
        JsonElement tables = Golden.GetProperty("tables");
        double Number(string name) => tables.GetProperty(name).GetDouble();
        TabularPrivacy privacy = Metrics.Privacy;
        Assert.Equal((45L, 30L), (privacy.SyntheticRows, privacy.HoldoutRows!.Value));
        Assert.Equal((Number("copies"), Number("holdout_copies")), ((double)privacy.Copies, (double)privacy.HoldoutCopies!.Value));
        Assert.Equal(Number("median_distance"), privacy.MedianDistance, 1e-12);
        Assert.Equal(Number("holdout_median_distance"), privacy.HoldoutMedianDistance!.Value, 1e-12);
        Assert.Equal(Number("close_share"), privacy.CloseShare!.Value, 1e-12);
        Assert.Equal(Number("nearer_to_real_share"), privacy.NearerToRealShare!.Value, 1e-12);
    }

    [Fact]
    public void The_area_under_the_curve_is_scikit_learns()
    {
        JsonElement auc = Golden.GetProperty("auc");
        Assert.Equal(auc.GetProperty("auc").GetDouble(), TableModels.AreaUnderCurve([.. Numbers(auc, "score")], [.. Numbers(auc, "truth")]), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void Mixtures_are_scikit_learns(string name)
    {
        JsonElement golden = Golden.GetProperty("mixtures").EnumerateArray().Single(m => m.GetProperty("name").GetString() == name);
        double[] values = Numbers(golden, "values"), weights = Numbers(golden, "weights"), means = Numbers(golden, "means"), deviations = Numbers(golden, "deviations");
        VariationalMixture.Mode[] modes = VariationalMixture.Fit(values, golden.GetProperty("components").GetInt32());
        Assert.Equal(weights.Length, modes.Length);

        // Started alike and stopped by the same bound, they are the same but for rounding.
        double spread = values.Max() - values.Min();
        for (int k = 0; k < modes.Length; k++)
        {
            Assert.Equal(weights[k], modes[k].Weight, 1e-6);
            Assert.Equal(means[k], modes[k].Mean, 1e-6 * spread);
            Assert.Equal(deviations[k], modes[k].Deviation, 1e-6 * spread);
        }
    }

    private static double[] Numbers(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private static IDataView View(string name) => Ml.Data.LoadFromEnumerable(Golden.GetProperty("tables").GetProperty(name).EnumerateArray().Select(r => new Row
    {
        Income = r[0].ValueKind == JsonValueKind.Null ? float.NaN : r[0].GetSingle(),
        Age = r[1].GetSingle(),
        Job = r[2].GetString()!,
        Home = r[3].GetString()!,
    }).ToArray());

    private sealed class Row
    {
        public float Income { get; set; }

        public float Age { get; set; }

        public string Job { get; set; } = "";

        public string Home { get; set; } = "";
    }
}
