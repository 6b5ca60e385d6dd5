using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MLNetDeep.Evaluation.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation.Tests;

public sealed partial class ReportTests : IDisposable
{
    private static MLContext Ml => Scored.Ml;

    private readonly string _folder = Environment.GetEnvironmentVariable("REPORT_FOLDER") ?? Directory.CreateTempSubdirectory("mlnd-report-").FullName;

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("REPORT_FOLDER") is null)
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_binary_report_has_every_section_and_JSON_says_the_same()
    {
        const string evil = "</script><script>alert(1)</script>\"'&<b>";
        List<Case> cases = Scored.Cases(500, 0.12);
        foreach (Case c in cases.Where(c => c.Label))
            c.Color = evil;
        IDataView data = Scored.View(cases);
        NeuralNetworkTransformer model = Ml.BinaryClassification.Trainers.NeuralNetwork(
            Networks.Mlp(hidden: [8]), "Label", "Features", new() { Epochs = 25, BatchSize = 16, ValidationFraction = 0.2 }).Fit(data);
        IDataView scored = model.Transform(data);
        EvaluationReport report = Ml.BinaryClassification.Report(scored, new()
        {
            Title = "Fraud " + evil, History = model.History, Profile = Ml.Data.Profile(data), Importance = Ml.BinaryClassification.ColumnImportance(model, data),
            Costs = new(FalsePositive: 1, FalseNegative: 10), Bootstrap = new() { Samples = 100 },
        });
        string html = report.ToHtml();
        Wellformed(html, ["figures", "balance", "confusion", "curves", "calibration", "thresholds", "gain", "classes", "errors", "training", "importance", "data"]);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("type=\"range\"", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);

        report.SaveHtml(Path.Combine(_folder, "binary.html"));
        report.SaveJson(Path.Combine(_folder, "binary.json"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "binary.json")));
        JsonElement root = json.RootElement;
        DetailedBinaryMetrics metrics = Ml.BinaryClassification.EvaluateDetailed(scored);
        Assert.Equal("Fraud " + evil, root.GetProperty("title").GetString());
        foreach ((string name, double value) in metrics.Values)
            Assert.Equal(value, root.GetProperty("figures").GetProperty(name).GetProperty("value").GetDouble(), 1e-12);
        Assert.Equal(metrics.Counts[1, 0], root.GetProperty("confusion").GetProperty("counts")[1][0].GetDouble());
        Assert.Equal(25, root.GetProperty("training").GetProperty("val_loss").GetArrayLength());
        Assert.Equal(20, root.GetProperty("errors").GetArrayLength());
        Assert.All(root.GetProperty("thresholds").EnumerateArray(), p => Assert.Equal(p.GetProperty("fp").GetDouble() + 10 * p.GetProperty("fn").GetDouble(), p.GetProperty("cost").GetDouble(), 1e-9));

        // The worst errors are the worst, and beside the values of their own rows.
        JsonElement worst = root.GetProperty("errors")[0];
        float[] probabilities = [.. Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float>(scored, "Probability")];
        int expected = Enumerable.Range(0, cases.Count).MinBy(i => cases[i].Label ? probabilities[i] : 1 - probabilities[i]);
        Assert.Equal(expected, worst.GetProperty("row").GetInt32());
        Assert.Equal($"{expected}", worst.GetProperty("columns").GetProperty("Id").GetString());
    }

    [Fact]
    public void A_multiclass_report_has_every_section()
    {
        EvaluationReport report = Ml.MulticlassClassification.Report(Scored.Multiclass(), new() { Title = "Kinds", Columns = new() { Weight = "Weight" }, Bootstrap = new() { Samples = 50 } });
        Wellformed(report.ToHtml(), ["figures", "balance", "confusion", "curves", "calibration", "thresholds", "classes", "errors"]);
        report.SaveHtml(Path.Combine(_folder, "multiclass.html"));
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(4, json.RootElement.GetProperty("curves").GetArrayLength());
        Assert.Equal(4, json.RootElement.GetProperty("confusion").GetProperty("counts")[3].GetArrayLength());
    }

    [Fact]
    public void A_regression_report_has_every_section()
    {
        EvaluationReport report = Ml.Regression.Report(Scored.Regression(), new() { Title = "Prices", Bootstrap = null });
        Wellformed(report.ToHtml(), ["figures", "residuals", "errors"]);
        report.SaveHtml(Path.Combine(_folder, "regression.html"));
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("figures").GetProperty("mae").GetProperty("low").ValueKind);
    }

    [Fact]
    public void A_forecast_report_shows_fans_and_counts_what_lies_within_bounds()
    {
        double[] series = [.. Enumerable.Range(0, 60).Select(i => 100 + i + 10 * Math.Sin(i * Math.PI / 6))], future = [.. Enumerable.Range(60, 12).Select(i => 100 + i + 10 * Math.Sin(i * Math.PI / 6))];
        double[] forecast = [.. future.Select((v, i) => v + (i % 3 - 1) * 2.0)];
        EvaluationReport report = EvaluationReport.OfForecasts(
        [
            new("Air <passengers>", series, forecast, [.. future.Take(10), double.NaN, double.NaN]) { Lower = [.. forecast.Select((f, i) => f - 1.5 * (i + 1) / 4)], Upper = [.. forecast.Select((f, i) => f + 1.5 * (i + 1) / 4)], SeasonLength = 12, Confidence = 0.8 },
            new("Gas", series, forecast, future),
        ]);
        Wellformed(report.ToHtml(), ["figures", "forecasts", "steps"]);
        report.SaveHtml(Path.Combine(_folder, "forecast.html"));
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        JsonElement figures = json.RootElement.GetProperty("figures");

        // Errors are 2, 0, 2, 2, 0, 2, ... over ten and twelve steps; bounds are 1.5 (step / 4) wide to each side.
        Assert.Equal((7 * 2.0 + 8 * 2.0) / 22, figures.GetProperty("Mean absolute error").GetDouble(), 1e-9);
        Assert.Equal(0.7, figures.EnumerateObject().Single(p => p.Name.StartsWith("Within bounds", StringComparison.Ordinal)).Value.GetDouble(), 1e-9);
        Assert.Equal(12, json.RootElement.GetProperty("steps").GetArrayLength());
        Assert.Contains("bounds for 80.0 %", report.ToHtml(), StringComparison.Ordinal);

        // What came is not known yet: the fans alone.
        Wellformed(EvaluationReport.OfForecasts([new("Oil", series, forecast, [.. forecast.Select(_ => double.NaN)])]).ToHtml(), ["forecasts"]);
    }

    [Fact]
    public void Forecasts_that_do_not_fit_together_are_refused()
    {
        double[] values = [1, 2, 3];
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => EvaluationReport.OfForecasts([new("a", values, values, [1])])).Message, StringComparison.Ordinal);
        Assert.Contains("no number", Assert.Throws<ArgumentException>(() => EvaluationReport.OfForecasts([new("a", values, [1, double.NaN, 2], values)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EvaluationReport.OfForecasts([new("a", values, values, values) { SeasonLength = 3 }]));
        Assert.Throws<ArgumentException>(() => EvaluationReport.OfForecasts([]));
    }

    // No network, each section linked and headed, elements closed, plots named for who cannot see them, ids unique.
    private static void Wellformed(string html, string[] sections)
    {
        Assert.DoesNotMatch("(?i)(src|href)=\"(?!#)|url\\(|@import|https?:", html);
        string markup = Script().Replace(html, "");
        foreach (string section in sections)
        {
            Assert.Contains($"<section id=\"{section}\"", markup, StringComparison.Ordinal);
            Assert.Contains($"href=\"#{section}\"", markup, StringComparison.Ordinal);
        }

        Assert.Equal(sections.Length, Regex.Count(markup, "<section "));
        Stack<string> open = [];
        foreach (Match tag in Tag().Matches(markup))
        {
            string name = tag.Groups[2].Value;
            if (name is "meta" or "input" || tag.Value.EndsWith("/>", StringComparison.Ordinal))
                continue;
            if (tag.Groups[1].Length == 0)
                open.Push(name);
            else
                Assert.Equal(open.Pop(), name);
        }

        Assert.Empty(open);
        Assert.All(Regex.Matches(markup, "<svg [^>]*>"), m => Assert.Contains("aria-label=\"", m.Value, StringComparison.Ordinal));
        string[] ids = [.. Regex.Matches(markup, " id=\"([^\"]*)\"").Select(m => m.Groups[1].Value)];
        Assert.Equal(ids.Distinct(), ids);
        Reachable(html, markup, ids);
        Assert.DoesNotContain("NaN", markup, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", markup, StringComparison.Ordinal);
    }

    // By keys alone: what scrolls or acts can be reached, in the order of the page, has a name, and shows where one is. Nothing waits for a mouse.
    private static void Reachable(string html, string markup, string[] ids)
    {
        Assert.All(Regex.Matches(markup, "href=\"#([^\"]*)\""), m => Assert.Contains(m.Groups[1].Value, ids));
        Assert.All(Regex.Matches(markup, "<[^>]*class=\"[^\"]*\\bscroll\\b[^>]*>"), m => Assert.Matches("tabindex=\"0\" role=\"region\" aria-label=\"[^\"]+\"", m.Value));
        Assert.All(Regex.Matches(markup, "tabindex=\"([^\"]*)\""), m => Assert.Equal("0", m.Groups[1].Value));
        Assert.All(Regex.Matches(markup, "<input [^>]*id=\"([^\"]*)\""), m => Assert.Contains($"<label for=\"{m.Groups[1].Value}\">", markup, StringComparison.Ordinal));
        Assert.Equal(Regex.Count(markup, "<details>"), Regex.Count(markup, "<details><summary>[^<]+</summary>"));
        Assert.Equal(Regex.Count(markup, "<table>"), Regex.Count(markup, "<div class=\"scroll\"[^>]*><table>"));
        Assert.DoesNotMatch("(?i) on[a-z]+=|mouse|pointerdown|touchstart|outline: *(none|0)", html);
        foreach (string focused in (string[])["a", "summary", "input", ".scroll"])
            Assert.Contains($"{focused}:focus-visible", html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        Assert.Contains("name=\"viewport\" content=\"width=device-width", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("<script[ >].*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<(/?)([a-z][a-z0-9]*)[^>]*>")]
    private static partial Regex Tag();
}
