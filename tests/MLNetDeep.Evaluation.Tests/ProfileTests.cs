using System.Text.Json;
using Microsoft.ML;
using MLNetDeep.Evaluation.Tests.Support;

namespace MLNetDeep.Evaluation.Tests;

public sealed class ProfileTests
{
    private static MLContext Ml => Scored.Ml;

    [Fact]
    public void What_is_conspicuous_is_found_and_said()
    {
        DataProfile profile = Ml.Data.Profile(Ml.Data.LoadFromEnumerable(Table()));
        Assert.Equal(400, profile.Rows);
        Assert.Equal(["False", "True"], profile.Classes.Select(c => c.Key));
        Assert.Equal([380L, 20L], profile.Classes.Select(c => c.Value));
        Assert.Equal(19, profile.ImbalanceRatio!.Value, 1e-9);
        Assert.Equal((2, 1), (profile.Duplicates, profile.ConflictingDuplicates));

        ColumnProfile Of(string name) => profile.Columns.Single(c => c.Name == name);
        Assert.Equal((1, 0L), (Of("Constant").Distinct, Of("Constant").Missing));
        Assert.Equal(39, Of("Gaps").Missing);
        Assert.InRange(Of("Leak").LabelAuc!.Value, 0.999, 1);
        Assert.InRange(Of("Payout").LabelAuc!.Value, 0.99, 1);
        Assert.InRange(Of("Noise").LabelAuc!.Value, 0.5, 0.75);
        Assert.InRange(Of("Vector[1]").LabelAuc!.Value, 0.5, 0.75);
        Assert.InRange(Of("Code").LabelAuc!.Value, 0.5, 0.6);
        Assert.InRange(Of("Code").LabelInformation!.Value, 0, 0.1);

        string advice = string.Join('\n', profile.Advice);
        foreach (string expected in new[] { "'True' is rare: 20 of 400", "'Constant' is constant", "'Gaps' is missing in 39 rows", "'Leak' alone tells the label", "'Payout' alone tells the label", "2 rows are duplicates", "'Code' has a value of its own", "1 rows say the same" })
            Assert.Contains(expected, advice, StringComparison.Ordinal);
        Assert.DoesNotContain("'Noise'", advice, StringComparison.Ordinal);
        Assert.Contains("Payout", profile.ToText(), StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(profile.ToJson());
        Assert.Equal(profile.Columns.Count, json.RootElement.GetProperty("columns").GetArrayLength());
        Assert.Equal(19, json.RootElement.GetProperty("imbalanceRatio").GetDouble(), 1e-9);
    }

    [Fact]
    public void Means_and_bounds_are_those_of_the_numbers_given()
    {
        ColumnProfile gaps = Ml.Data.Profile(Ml.Data.LoadFromEnumerable(Table())).Columns.Single(c => c.Name == "Gaps");
        double[] known = [.. Table().Select(r => (double)r.Gaps).Where(v => !double.IsNaN(v))];
        Assert.Equal((known.Average(), known.Min(), known.Max()), (gaps.Mean!.Value, gaps.Min!.Value, gaps.Max!.Value));
        Assert.Equal(Math.Sqrt(known.Sum(v => Math.Pow(v - known.Average(), 2)) / (known.Length - 1)), gaps.StandardDeviation!.Value, 1e-9);
    }

    [Fact]
    public void A_number_to_be_predicted_is_no_class_but_what_tells_it_is_found()
    {
        List<RegressionRow> rows = [.. Enumerable.Range(0, 300).Select(i => new RegressionRow { Label = i, Score = 2 * i + 1, Weight = i * 7919 % 300 })];
        DataProfile profile = Ml.Data.Profile(Ml.Data.LoadFromEnumerable(rows));
        Assert.Empty(profile.Classes);
        Assert.Null(profile.ImbalanceRatio);
        Assert.True(profile.Columns.Single(c => c.Name == "Score").LabelInformation > 0.99);
        Assert.True(profile.Columns.Single(c => c.Name == "Weight").LabelInformation < 0.5);
    }

    [Fact]
    public void Bad_input_is_refused_and_no_label_is_none()
    {
        Assert.Contains("'Fraud' is not in the data", Assert.Throws<ArgumentException>(() => Ml.Data.Profile(Scored.Binary(), new() { LabelColumn = "Fraud" })).Message, StringComparison.Ordinal);
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => Ml.Data.Profile(Scored.View([]))).Message, StringComparison.Ordinal);
        DataProfile profile = Ml.Data.Profile(Scored.Binary(), new() { LabelColumn = null, Ignore = ["Note"] });
        Assert.All(profile.Columns, c => Assert.Null(c.LabelAuc));
        Assert.DoesNotContain(profile.Columns, c => c.Name == "Note");
    }

    private static List<Row> Table()
    {
        Random random = new(2);
        List<Row> rows = [.. Enumerable.Range(0, 400).Select(i => new Row
        {
            Label = i % 20 == 0, Constant = 3, Gaps = i % 10 == 1 ? float.NaN : i, Leak = i % 20 == 0 ? 1 + i : -i, Payout = i % 20 == 0 ? "paid" : i % 2 == 0 ? "" : "none",
            Noise = (float)random.NextDouble(), Code = $"c{i}", Vector = [i % 3, (float)random.NextDouble()],
        })];
        rows[3] = rows[2];
        rows[7] = rows[6];
        Row twin = rows[9];
        rows[8] = new() { Label = twin.Label, Constant = twin.Constant, Gaps = twin.Gaps, Leak = twin.Leak, Payout = twin.Payout, Noise = twin.Noise, Code = twin.Code, Vector = twin.Vector };
        rows[8].Label = false;
        rows[9] = new() { Label = false, Constant = twin.Constant, Gaps = twin.Gaps, Leak = twin.Leak, Payout = twin.Payout, Noise = 0.5f, Code = "x", Vector = twin.Vector };

        // A positive row and a negative one that are otherwise alike.
        Row positive = rows[20];
        rows[21] = new() { Label = false, Constant = 3, Gaps = positive.Gaps, Leak = positive.Leak, Payout = positive.Payout, Noise = positive.Noise, Code = positive.Code, Vector = positive.Vector };
        return rows;
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Constant { get; set; }

        public float Gaps { get; set; }

        public float Leak { get; set; }

        public string Payout { get; set; } = "";

        public float Noise { get; set; }

        public string Code { get; set; } = "";

        [Microsoft.ML.Data.VectorType(2)]
        public float[] Vector { get; set; } = [];
    }
}
