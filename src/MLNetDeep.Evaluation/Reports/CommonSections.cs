using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Rows;
using MLNetDeep.Training;

namespace MLNetDeep.Evaluation.Reports;

/// <summary>The sections that reports of all kinds have.</summary>
internal static class CommonSections
{
    private const int MostShown = 8, MostImportances = 30, MostProfiled = 100;

    public static void Summary(EvaluationReport report, DetailedMetrics metrics, ReportOptions options)
    {
        IReadOnlyDictionary<string, ConfidenceInterval>? intervals = options.Bootstrap is { } bootstrap ? metrics.ConfidenceIntervals(bootstrap) : null;
        string cards = string.Concat(metrics.Values.Select(v =>
            $"<div><dt>{Html.Text(Title(v.Key))}</dt><dd>{Html.Number(v.Value)}{(intervals?[v.Key] is { } i && double.IsFinite(i.Low) ? $"<small>{Html.Number(i.Low)} to {Html.Number(i.High)}</small>" : "")}</dd></div>"));
        string note = options.Bootstrap is { } b ? string.Create(CultureInfo.InvariantCulture, $"<p class=\"soft\">Small figures: {b.Confidence * 100:0.#} % confidence intervals, {(b.Method == BootstrapMethod.BCa ? "BCa " : "percentile ")}bootstrap of {b.Samples} samples.</p>") : "";
        report.Add("figures", "Figures", $"<dl class=\"figures\">{cards}</dl>{note}", new JsonObject(metrics.Values.Select(v => KeyValuePair.Create<string, JsonNode?>(v.Key, new JsonObject
        {
            ["value"] = Json.Number(v.Value),
            ["low"] = Json.Number(intervals?[v.Key].Low),
            ["high"] = Json.Number(intervals?[v.Key].High),
        }))));
    }

    public static void Balance(EvaluationReport report, IReadOnlyList<ClassMetrics> classes)
    {
        double total = classes.Sum(c => c.Support), most = classes.Max(c => c.Support);
        string rows = Html.Table("Class balance", ["Class", "Rows", "Share", "Predicted"], classes.Select(c => new[] { Html.Text(c.Name), Html.Number(c.Support), Html.Percent(100 * c.Support / total), Html.Number(c.Predicted) }), 0);
        report.Add("balance", "Class balance", $"<div class=\"grid\"><div>{HorizontalBars("Rows of each class", [.. classes.Select(c => (c.Name, c.Support / most, Html.Percent(100 * c.Support / total)))])}</div><div>{rows}</div></div>",
            new JsonArray([.. classes.Select(c => new JsonObject { ["class"] = c.Name, ["rows"] = Json.Number(c.Support), ["predicted"] = Json.Number(c.Predicted) })]));
    }

    public static void ConfusionMatrix(EvaluationReport report, IReadOnlyList<string> names, double[,] counts)
    {
        (double[] actual, _, _) = Confusion.Sums(counts);
        string Cell(int i, int j, string text) => string.Create(CultureInfo.InvariantCulture, $"<td class=\"heat\" style=\"--h:{Confusion.Ratio(counts[i, j], actual[i]):F3}\">{text}</td>");
        string Matrix(string caption, Func<int, int, string> cell) =>
            $"<div><h3>{caption}</h3><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Confusion matrix, {caption}\"><table><thead><tr><th scope=\"col\">true ↓ predicted →</th>"
            + string.Concat(names.Select(n => $"<th scope=\"col\">{Html.Text(n)}</th>")) + "</tr></thead><tbody>"
            + string.Concat(names.Select((n, i) => $"<tr><th scope=\"row\">{Html.Text(n)}</th>{string.Concat(names.Select((_, j) => Cell(i, j, cell(i, j))))}</tr>")) + "</tbody></table></div></div>";
        report.Add(
            "confusion", "Confusion matrix",
            $"<div class=\"grid\">{Matrix("Counts", (i, j) => Html.Number(counts[i, j]))}{Matrix("Share of the true class", (i, j) => Html.Percent(100 * Confusion.Ratio(counts[i, j], actual[i])))}</div>",
            new JsonObject
            {
                ["classes"] = new JsonArray([.. names.Select(n => (JsonNode)n)]),
                ["counts"] = new JsonArray([.. names.Select((_, i) => Json.Numbers(names.Select((_, j) => counts[i, j])))]),
            });
    }

    public static void PerClass(EvaluationReport report, IReadOnlyList<ClassMetrics> classes) => report.Add(
        "classes", "Figures by class",
        Html.Table("Figures by class", ["Class", "Rows", "Precision", "Recall", "Specificity", "F1", "ROC AUC", "Average precision"], classes.Select(c => new[]
        {
            Html.Text(c.Name), Html.Number(c.Support), Html.Number(c.Precision), Html.Number(c.Recall), Html.Number(c.Specificity), Html.Number(c.F1), Html.Number(c.RocAuc), Html.Number(c.AveragePrecision),
        }), 0),
        new JsonArray([.. classes.Select(c => new JsonObject
        {
            ["class"] = c.Name, ["rows"] = Json.Number(c.Support), ["precision"] = Json.Number(c.Precision), ["recall"] = Json.Number(c.Recall), ["specificity"] = Json.Number(c.Specificity),
            ["f1"] = Json.Number(c.F1), ["rocAuc"] = Json.Number(c.RocAuc), ["averagePrecision"] = Json.Number(c.AveragePrecision),
        })]));

    public static void Calibration(EvaluationReport report, IReadOnlyList<CalibrationBin> bins, double error)
    {
        Plot plot = new Plot("Calibration", "mean probability", "share that came true", (0, 1), (0, 1)).Guide(0, 0, 1, 1)
            .Dots("bins", 0, [.. bins.Select(b => (b.MeanProbability, b.ObservedShare))], 4.5, connected: true);
        string rows = Html.Table("Bins of probabilities", ["Mean probability", "Came true", "Rows"], bins.Select(b => new[] { Html.Number(b.MeanProbability), Html.Number(b.ObservedShare), Html.Number(b.Weight) }));
        report.Add(
            "calibration", "Calibration",
            $"<p>On the dashed line, probabilities hold: of the rows with 0.3, three in ten came true. Expected calibration error: {Html.Number(error)}.</p><div class=\"grid\">{plot.ToHtml($"Expected calibration error {Html.Number(error)}.")}<div>{rows}</div></div>",
            new JsonArray([.. bins.Select(b => new JsonObject { ["meanProbability"] = Json.Number(b.MeanProbability), ["observedShare"] = Json.Number(b.ObservedShare), ["rows"] = Json.Number(b.Weight) })]));
    }

    /// <summary>The rows with the greatest losses.</summary>
    /// <param name="report">The report.</param>
    /// <param name="sample">The rows.</param>
    /// <param name="losses">How bad each is.</param>
    /// <param name="heads">What is said of each, beside its columns.</param>
    /// <param name="cells">That, as text.</param>
    /// <param name="options">How many, and which columns of <see cref="ReportOptions.Data"/>.</param>
    public static void Worst(EvaluationReport report, Sample sample, double[] losses, string[] heads, Func<int, string[]> cells, ReportOptions options)
    {
        int[] worst = [.. Enumerable.Range(0, losses.Length).Where(i => losses[i] > 0).OrderByDescending(i => losses[i]).ThenBy(i => i).Take(Math.Max(0, options.WorstErrors))];
        if (worst.Length == 0 || options.Data is not { } data)
            return;
        DataViewSchema.Column[] columns = options.ErrorColumns is { } names ? [.. names.Select(n => ColumnRef.Find(data.Schema, n, "shown"))]
            : [.. data.Schema.Where(c => !c.IsHidden && c.Type is PrimitiveDataViewType && !Own(c.Name, options.Columns)).Take(MostShown)];
        Dictionary<int, string[]> rows = [];
        HashSet<int> wanted = [.. worst.Select(i => sample.Rows[i])];
        using (DataViewRowCursor cursor = data.GetRowCursor(columns))
        {
            Func<string>[] readers = [.. columns.Select(c => Reading.Text(cursor, c))];
            for (int row = 0; rows.Count < wanted.Count && cursor.MoveNext(); row++)
            {
                if (wanted.Contains(row))
                    rows.Add(row, [.. readers.Select(r => r())]);
            }
        }

        string[] heading = ["Row", .. heads, .. columns.Select(c => c.Name)];
        report.Add(
            "errors", "Worst errors",
            $"<p class=\"soft\">The rows on which the model is most wrong, the worst first. Look for wrong labels, and for what they have in common.</p>"
            + Html.Table("Worst errors", heading, worst.Select(i => new[] { Html.Number(sample.Rows[i] + 1) }.Concat(cells(i).Concat(rows.GetValueOrDefault(sample.Rows[i], [])).Select(Html.Text)).ToArray()), [.. Enumerable.Range(heads.Length + 1, columns.Length)]),
            new JsonArray([.. worst.Select(i => new JsonObject([KeyValuePair.Create<string, JsonNode?>("row", sample.Rows[i]), .. heads.Zip(cells(i)).Select(p => KeyValuePair.Create<string, JsonNode?>(p.First, p.Second)), KeyValuePair.Create<string, JsonNode?>("columns", new JsonObject(columns.Select((c, k) => KeyValuePair.Create<string, JsonNode?>(c.Name, rows.GetValueOrDefault(sample.Rows[i])?[k])).DistinctBy(p => p.Key)))]))]));
    }

    /// <summary>History, importance and profile, as far as they are given.</summary>
    public static void Rest(EvaluationReport report, ReportOptions options)
    {
        if (options.History is { Epochs.Count: > 0 } history)
            Training(report, history);
        if (options.Importance is { Count: > 0 } importance)
            Importance(report, importance);
        if (options.Profile is { } profile)
            Profile(report, profile);
    }

    public static string HorizontalBars(string title, IReadOnlyList<(string Name, double Length, string Label)> bars)
    {
        const int Row = 26, Name = 150, Room = 64, Width = 440;
        string marks = string.Concat(bars.Select((b, i) =>
        {
            string name = b.Name.Length > 22 ? b.Name[..21] + "…" : b.Name;
            double length = Math.Clamp(double.IsFinite(b.Length) ? b.Length : 0, 0, 1) * (Width - Name - Room);
            return string.Create(CultureInfo.InvariantCulture, $"<text x=\"{Name - 8}\" y=\"{i * Row + 17}\" text-anchor=\"end\">{Html.Text(name)}</text><rect class=\"bar c0\" x=\"{Name}\" y=\"{i * Row + 4}\" width=\"{Math.Max(1, length):F1}\" height=\"{Row - 8}\" rx=\"2\"/><text x=\"{Name + length + 6:F1}\" y=\"{i * Row + 17}\">{Html.Text(b.Label)}</text>");
        }));
        return $"<figure><figcaption>{Html.Text(title)}</figcaption><svg class=\"names\" viewBox=\"0 0 {Width} {bars.Count * Row}\" role=\"img\" aria-label=\"{Html.Text(title)}: {Html.Text(string.Join(", ", bars.Take(8).Select(b => $"{b.Name} {b.Label}")))}\">{marks}</svg></figure>";
    }

    private static bool Own(string name, ScoredColumns columns) => name == columns.Score || name == columns.Probability || name == columns.PredictedLabel || name == columns.Label;

    private static string Title(string name) => name switch
    {
        "mcc" => "Matthews correlation",
        "kappa" => "Cohen's kappa",
        "g_mean" => "G-mean",
        "youden" => "Youden's J",
        "roc_auc" => "ROC AUC",
        "roc_auc_ovr" => "ROC AUC, one v. rest",
        "pr_auc" => "PR AUC",
        "ece" => "Calibration error",
        "brier" => "Brier score",
        "mae" => "Mean absolute error",
        "rmse" => "RMSE",
        "r2" => "R²",
        "mape" => "Mean abs. share error",
        "smape" => "Symmetric share error",
        "mase" => "MASE",
        _ => char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' '),
    };

    private static void Training(EvaluationReport report, History history)
    {
        string[] names = [.. history.Epochs[0].Metrics.Keys.Where(k => !k.StartsWith("val_", StringComparison.Ordinal))];
        string plots = string.Concat(names.Select(name =>
        {
            (double, double)[] own = Curve(name), validation = Curve("val_" + name);
            Plot plot = new(Title(name), "epoch", name, (1, history.Epochs.Count), Plot.Range(own.Concat(validation).Select(p => p.Item2)));
            plot.Line("training", 0, own);
            if (validation.Length > 0)
                plot.Line("validation", 1, validation);
            return plot.ToHtml($"From {Html.Number(own[0].Item2)} to {Html.Number(own[^1].Item2)} over {history.Epochs.Count} epochs.");
        }));
        string note = $"<p>{history.Epochs.Count} epochs; the model has the weights of epoch {history.BestEpoch}.{(history.StopReason is { } reason ? $" Ended early: {Html.Text(reason)}" : "")}</p>";
        report.Add("training", "Training", $"{note}<div class=\"grid\">{plots}</div>", new JsonObject(
            history.Epochs[0].Metrics.Keys.Select(k => KeyValuePair.Create<string, JsonNode?>(k, Json.Numbers(history.Epochs.Select(e => e.Metrics.GetValueOrDefault(k, double.NaN)))))));

        (double, double)[] Curve(string name) => [.. history.Epochs.Where(e => e.Metrics.ContainsKey(name)).Select(e => ((double)e.Epoch, e.Metrics[name]))];
    }

    private static void Importance(EvaluationReport report, IReadOnlyList<FeatureImportance> importance)
    {
        FeatureImportance[] shown = [.. importance.OrderByDescending(i => i.Mean).Take(MostImportances)];
        double most = Math.Max(1e-12, shown[0].Mean);
        report.Add(
            "importance", "Importance of features",
            "<p class=\"soft\">By how much the model gets worse when a feature is put in disorder. Of two features that say the same, either can look unimportant.</p>"
            + $"<div class=\"grid\"><div>{HorizontalBars("Permutation importance", [.. shown.Select(i => (i.Name, i.Mean / most, Html.Number(i.Mean)))])}</div><div>{Html.Details("Table", Html.Table("Permutation importance", ["Feature", "Mean", "Standard deviation"], shown.Select(i => new[] { Html.Text(i.Name), Html.Number(i.Mean), Html.Number(i.StandardDeviation) }), 0))}</div></div>",
            new JsonArray([.. importance.Select(i => new JsonObject { ["name"] = i.Name, ["mean"] = Json.Number(i.Mean), ["standardDeviation"] = Json.Number(i.StandardDeviation) })]));
    }

    private static void Profile(EvaluationReport report, DataProfile profile)
    {
        string advice = profile.Advice.Count == 0 ? "<p>Nothing conspicuous.</p>" : $"<ul class=\"advice\">{string.Concat(profile.Advice.Select(a => $"<li>{Html.Text(a)}</li>"))}</ul>";
        string table = Html.Table("Columns", ["Column", "Missing", "Distinct", "Mean", "Deviation", "Min", "Max", "AUC alone", "Information"], profile.Columns.Take(MostProfiled).Select(c => new[]
        {
            Html.Text(c.Name), Html.Number(c.Missing), Html.Number(c.Distinct), Cell(c.Mean), Cell(c.StandardDeviation), Cell(c.Min), Cell(c.Max), Cell(c.LabelAuc), Cell(c.LabelInformation),
        }), 0);
        report.Add("data", "The data", $"<p>{Html.Number(profile.Rows)} rows, {Html.Number(profile.Duplicates)} of them duplicates.</p>{advice}{Html.Details("Columns", table)}", profile.ToJsonObject());

        static string Cell(double? value) => Html.Number(value ?? double.NaN);
    }
}
