using Microsoft.ML;
using MLNetDeep.Generation;
using MLNetDeep.Generation.Tabular;

namespace MLNetDeep.Tests.Generation.Tabular;

public class EvaluationTests
{
    private static MLContext Ml => new(seed: 1);

    [Fact]
    public void Figures_are_those_of_their_definitions()
    {
        // Worked out by hand.
        Assert.Equal(0.5, TableComparison.KolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]), 12);
        Assert.Equal(0.25, TableComparison.KolmogorovSmirnov([1, 2, 3, 4, double.NaN], [1, 2, 3, 9]), 12);
        Assert.Equal(0, TableComparison.KolmogorovSmirnov([1, 1, 2], [1, 1, 2, 1, 1, 2]), 12);
        Assert.Equal(1, TableComparison.KolmogorovSmirnov([1, 2], [double.NaN, double.NaN]), 12);
        Assert.Equal(0.25, TableComparison.TotalVariation(["a", "a", "b", "c"], ["a", "b", "b", "c"]), 12);
        Assert.Equal(0.5, TableComparison.TotalVariation([0, double.NaN], [0, 1]), 12);
        Assert.Equal(1, TableComparison.Correlation([1, 2, 3, double.NaN], [2, 4, 6, 1])!.Value, 12);
        Assert.Null(TableComparison.Correlation([1, 1, 1], [1, 2, 3]));
        Assert.Equal(0, TableComparison.CorrelationSimilarity(([1, 2, 3], [1, 2, 3]), ([1, 2, 3], [3, 2, 1]))!.Value, 12);
        Assert.Equal(0.5, TableComparison.ContingencySimilarity(([0, 0, 1, 1], [0, 0, 1, 1]), ([0, 0, 1, 1], [0, 1, 0, 1])), 12);
        Assert.Equal([0, 1, 1, 0, double.NaN], TableComparison.Bins([0, 5, 10, -3, double.NaN], [0, 10], 2));
    }

    [Fact]
    public void Distances_are_Gowers()
    {
        double[][] rows = [[0, 1, 1, double.NaN], [10, 20, 30, 20]];
        double[] ranges = [TableComparison.Range([0, 1, double.NaN], isQuantity: false), TableComparison.Range([10, 20, 30, double.NaN], isQuantity: true)];
        Assert.Equal([0, 20], ranges);
        Assert.Equal(0.75, TableComparison.Distance(rows, 0, rows, 1, ranges), 12);
        Assert.Equal(0.25, TableComparison.Distance(rows, 1, rows, 2, ranges), 12);
        Assert.Equal(0.5, TableComparison.Distance(rows, 1, rows, 3, ranges), 12);
        Assert.Equal((0.75 + 0.25 + 0.25 + 0.5) / 4, TableComparison.NearestDistance(rows, ranges), 12);
    }

    [Fact]
    public void A_model_that_makes_one_row_is_reported_once()
    {
        TabularVaeTrainer.Options options = new() { ColumnNames = ["Flag", "Ratio"] };
        (TableEncoding encoding, EncodedTable table) = TableEncoding.Fit(Mixed.Data(Ml, 100), options, 1);
        List<string> warnings = [];
        using TableQuality quality = new(table, TabularNetworks.Decoder(encoding, options), name => name, _ => [], DefaultEngine.Instance, 50, 1, 0.1, warnings.Add);
        double[][] real = [[.. Enumerable.Range(0, 50).Select(i => table.Cell(2 * i, 0))], [.. Enumerable.Range(0, 50).Select(i => table.Cell(2 * i, 1))]];
        Dictionary<string, double> figures = [];
        quality.Note(1, real, figures);
        Assert.Equal((1, 1), (Math.Round(figures["column_shapes"], 9), Math.Round(figures["diversity"], 9)));
        Assert.Empty(warnings);

        // The same two rows, one for each flag.
        double[][] two = [real[0], [.. real[0].Select(f => f == 0 ? 3.0 : 4)]];
        quality.Note(2, two, figures);
        quality.Note(3, two, figures);
        Assert.Equal(0, figures["diversity"]);
        Assert.True(figures["column_shapes"] < 0.8);
        Assert.Contains("Epoch 2: the generator has collapsed", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_and_pairs_are_compared_by_kind()
    {
        TabularMetrics metrics = Ml.Generation.EvaluateTabular(
            View([new("a", 1, 10), new("a", 2, 20), new("b", 3, 30), new("b", 4, float.NaN)]),
            View([new("a", 1, 30), new("b", 2, 20), new("b", 3, 10), new("b", 4, 20)]));
        Assert.Equal(["Word", "X", "Y"], metrics.Columns.Select(c => c.Name));
        Assert.Equal([false, true, true], metrics.Columns.Select(c => c.IsQuantity));
        Assert.Equal(0.75, metrics.Columns[0].Shape, 12);
        Assert.Equal(1, metrics.Columns[1].Shape, 12);
        Assert.Equal(1 - (1 / 12.0), metrics.Columns[2].Shape, 12);
        Assert.Equal((0.25, 0), (metrics.Columns[2].RealMissing, metrics.Columns[2].SyntheticMissing));

        // X and Y: 1 among the real rows in which both are there.
        double made = TableComparison.Correlation([1, 2, 3, 4], [30, 20, 10, 20])!.Value;
        Assert.Equal(1 - ((1 - made) / 2), metrics.Pairs.Single(p => p is { First: "X", Second: "Y" }).Trend!.Value, 12);

        // Word and X in ten bins: (a 0) (a 3) (b 6) (b 9) against (a 0) (b 3) (b 6) (b 9).
        Assert.Equal(0.75, metrics.Pairs.Single(p => p is { First: "Word", Second: "X" }).Trend!.Value, 12);
        Assert.Equal((metrics.ColumnShapes + metrics.ColumnPairTrends!.Value) / 2, metrics.Score, 12);
        Assert.Null(metrics.Utility);
        string text = metrics.ToString();
        Assert.Contains("Column shapes", text, StringComparison.Ordinal);
        Assert.Contains("Word", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_are_found_and_strangers_are_not_taken_for_them()
    {
        IDataView real = Mixed.Data(Ml, 500), holdout = Mixed.Data(Ml, 400, seed: 5), strangers = Mixed.Data(Ml, 500, seed: 6);
        TabularPrivacy copied = Ml.Generation.EvaluateTabular(real, real, holdout).Privacy, fresh = Ml.Generation.EvaluateTabular(real, strangers, holdout).Privacy;
        Assert.Equal((500, 500), (copied.SyntheticRows, copied.Copies));
        Assert.Equal(0, copied.MedianDistance);
        Assert.Equal(1, copied.CloseShare);
        Assert.True(copied.NearerToRealShare > 0.85);
        Assert.Equal(0, fresh.Copies);
        Assert.InRange(fresh.CloseShare!.Value, 0.01, 0.12);
        Assert.InRange(fresh.NearerToRealShare!.Value, 0.42, 0.58);
        Assert.InRange(fresh.MedianDistance / fresh.HoldoutMedianDistance!.Value, 0.8, 1.25);
        Assert.Null(Ml.Generation.EvaluateTabular(real, strangers).Privacy.CloseShare);
    }

    [Theory]
    [InlineData("Kind", "accuracy")]
    [InlineData("Flag", "AUC")]
    [InlineData("Ratio", "R²")]
    public void Models_tell_rows_that_belong_together_from_such_as_do_not(string label, string metric)
    {
        List<Mixed> torn = Mixed.Rows(500, seed: 3), right = Mixed.Rows(500, seed: 3);
        for (int i = 0; i < torn.Count; i++)
            (torn[i].Kind, torn[i].Flag, torn[i].Ratio) = (right[(i + 1) % 500].Kind, right[(i + 2) % 500].Flag, right[(i + 3) % 500].Ratio);
        IDataView real = Mixed.Data(Ml, 500), holdout = Mixed.Data(Ml, 300, seed: 5);
        TabularUtility good = Ml.Generation.EvaluateTabular(real, Mixed.Data(Ml, 500, seed: 3), holdout, label).Utility!;
        Assert.Equal((label, metric), (good.LabelColumnName, good.Metric));
        Assert.InRange(good.Real, 0.95, 1);
        Assert.InRange(good.Ratio, 0.97, 1.03);
        IDataView mixed = Ml.Transforms.Conversion.MapValueToKey("Kind").Fit(Ml.Data.LoadFromEnumerable(Mixed.Rows(60))).Transform(Ml.Data.LoadFromEnumerable(torn));
        TabularUtility bad = Ml.Generation.EvaluateTabular(real, mixed, holdout, label).Utility!;
        Assert.True(bad.Ratio < 0.8, $"{bad.Synthetic} against {bad.Real}");
    }

    [Fact]
    public void The_same_rows_give_the_same_figures()
    {
        IDataView real = Mixed.Data(Ml, 300), made = Mixed.Data(Ml, 300, seed: 2), holdout = Mixed.Data(Ml, 200, seed: 5);
        Assert.Equal(Ml.Generation.EvaluateTabular(real, made, holdout, "Flag").ToString(), Ml.Generation.EvaluateTabular(real, made, holdout, "Flag").ToString());
        Assert.Equal(1, Ml.Generation.EvaluateTabular(real, real).Score, 12);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        IDataView real = Mixed.Data(Ml, 50), words = View([new("a", 1, 2)]);
        static string Fails(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains("'Kind' is not in the data", Fails(() => Ml.Generation.EvaluateTabular(real, words)), StringComparison.Ordinal);
        Assert.Contains("no synthetic rows", Fails(() => Ml.Generation.EvaluateTabular(real, Mixed.Data(Ml, 0))), StringComparison.Ordinal);
        Assert.Contains("no held-out rows, on which", Fails(() => Ml.Generation.EvaluateTabular(real, real, labelColumnName: "Kind")), StringComparison.Ordinal);
        Assert.Contains("'Pair' is not a column of single values", Fails(() => Ml.Generation.EvaluateTabular(real, real, real, "Pair")), StringComparison.Ordinal);
        Assert.Contains("DistanceRows is 0", Fails(() => Ml.Generation.EvaluateTabular(real, real, null, new TabularEvaluationOptions { DistanceRows = 0 })), StringComparison.Ordinal);
        Assert.Contains("the same in all held-out rows", Fails(() => Ml.Generation.EvaluateTabular(words, words, words, "Word")), StringComparison.Ordinal);
    }

    private static IDataView View(Row[] rows) => Ml.Data.LoadFromEnumerable(rows);

    private sealed class Row(string word, float x, float y)
    {
        public string Word { get; set; } = word;

        public float X { get; set; } = x;

        public float Y { get; set; } = y;
    }
}
