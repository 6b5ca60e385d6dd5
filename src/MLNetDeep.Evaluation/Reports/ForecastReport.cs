using System.Text.Json.Nodes;

namespace MLNetDeep.Evaluation.Reports;

/// <summary>The report of forecasts.</summary>
internal static class ForecastReport
{
    private const int MostShown = 12;

    private const string Within = "Within bounds";

    public static EvaluationReport Build(IReadOnlyList<ForecastSeries> series, string title)
    {
        if (series.Count == 0)
            throw new ArgumentException("There is no series to report on.", nameof(series));
        foreach (ForecastSeries s in series)
            s.Check();
        EvaluationReport report = new(title, $"{series.Count} series, up to {series.Max(s => s.Forecast.Count)} steps ahead.", "forecast");
        (ForecastSeries Series, int Step, double Actual, double Forecast)[] known =
            [.. series.SelectMany(s => Enumerable.Range(0, s.Forecast.Count).Where(i => double.IsFinite(s.Actual[i])).Select(i => (s, i, s.Actual[i], s.Forecast[i])))];
        if (known.Length > 0)
            Figures(report, series, known);
        Fans(report, series);
        if (known.Length == 0)
            return report;
        (int Step, double Error)[] steps = [.. known.GroupBy(k => k.Step).OrderBy(g => g.Key).Select(g => (g.Key + 1, g.Average(k => Math.Abs(k.Actual - k.Forecast))))];
        string plot = new Plot("Error by step", "steps ahead", "mean absolute error", (1, Math.Max(2, steps[^1].Step)), (0, steps.Max(s => s.Error) * 1.05)).Dots("error", 0, [.. steps.Select(s => ((double)s.Step, s.Error))], 4, connected: true).ToHtml("Mean absolute error of each step.");
        report.Add("steps", "Errors", $"<div class=\"grid\">{plot}{ReportBuilder.Histogram([.. known.Select(k => k.Actual - k.Forecast)])}</div>",
            new JsonArray([.. steps.Select(s => new JsonObject { ["step"] = s.Step, ["mae"] = Json.Number(s.Error) })]));
        return report;
    }

    private static void Figures(EvaluationReport report, IReadOnlyList<ForecastSeries> series, (ForecastSeries Series, int Step, double Actual, double Forecast)[] known)
    {
        double[] errors = [.. known.Select(k => Math.Abs(k.Actual - k.Forecast))];
        Dictionary<ForecastSeries, double> scales = series.Distinct().ToDictionary(s => s, s => Enumerable.Range(s.SeasonLength, s.History.Count - s.SeasonLength).Average(i => Math.Abs(s.History[i] - s.History[i - s.SeasonLength])));
        List<(string Name, double Value)> figures =
        [
            ("Mean absolute error", errors.Average()),
            ("RMSE", Math.Sqrt(errors.Average(e => e * e))),
            ("Symmetric share error", known.Average(k => Math.Abs(k.Actual) + Math.Abs(k.Forecast) is > 0 and var sum ? 2 * Math.Abs(k.Actual - k.Forecast) / sum : 0)),
            ("MASE", known.Where(k => scales[k.Series] > 0).Select(k => Math.Abs(k.Actual - k.Forecast) / scales[k.Series]).DefaultIfEmpty(double.NaN).Average()),
        ];
        var bounded = known.Where(k => k.Series.Lower is not null).ToArray();
        if (bounded.Length > 0)
        {
            figures.Add(($"{Within} (aim {Html.Percent(100 * bounded.Average(k => k.Series.Confidence))})", bounded.Average(k => k.Actual >= k.Series.Lower![k.Step] && k.Actual <= k.Series.Upper![k.Step] ? 1.0 : 0)));
            figures.Add(("Mean width of bounds", bounded.Average(k => k.Series.Upper![k.Step] - k.Series.Lower![k.Step])));
        }

        report.Add("figures", "Figures", $"<dl class=\"figures\">{string.Concat(figures.Select(f => $"<div><dt>{Html.Text(f.Name)}</dt><dd>{(f.Name.StartsWith(Within, StringComparison.Ordinal) ? Html.Percent(100 * f.Value) : Html.Number(f.Value))}</dd></div>"))}</dl><p class=\"soft\">MASE: the error as a multiple of that of repeating the value of a season ago, in the history; below 1 is better than that.</p>",
            new JsonObject(figures.Select(f => KeyValuePair.Create(f.Name, Json.Number(f.Value)))));
    }

    private static void Fans(EvaluationReport report, IReadOnlyList<ForecastSeries> series)
    {
        string plots = string.Concat(series.Take(MostShown).Select(s =>
        {
            int shown = Math.Min(s.History.Count, Math.Max(3 * s.Forecast.Count, 24)), first = s.History.Count - shown;
            double At(int step) => s.History.Count + step + 1;
            Plot plot = new(s.Name, "step", "value", (first + 1, At(s.Forecast.Count - 1)), Plot.Range(s.History.Skip(first), s.Forecast, s.Actual, s.Lower ?? [], s.Upper ?? []));
            if (s.Lower is { } lower && s.Upper is { } upper)
                plot.Band($"bounds for {Html.Percent(100 * s.Confidence)}", 1, [.. lower.Select((l, i) => (At(i), l, upper[i]))]);
            plot.Line("history", 0, [.. s.History.Skip(first).Select((v, i) => ((double)(first + i + 1), v))]);
            plot.Line("forecast", 1, [.. s.Forecast.Select((v, i) => (At(i), v))]);
            if (s.Actual.Any(double.IsFinite))
                plot.Dots("actual", 2, [.. s.Actual.Select((v, i) => (At(i), v)).Where(p => double.IsFinite(p.v))], 3);
            return plot.ToHtml($"{shown} values of history and a forecast of {s.Forecast.Count} steps.");
        }));
        string note = series.Count > MostShown ? $"<p class=\"soft\">The first {MostShown} of {series.Count} series.</p>" : "";
        report.Add("forecasts", "Forecasts", $"{note}<div class=\"grid\">{plots}</div>", new JsonArray([.. series.Select(s => new JsonObject
        {
            ["name"] = s.Name, ["forecast"] = Json.Numbers(s.Forecast), ["actual"] = Json.Numbers(s.Actual), ["lower"] = s.Lower is null ? null : Json.Numbers(s.Lower), ["upper"] = s.Upper is null ? null : Json.Numbers(s.Upper),
        })]));
    }
}
