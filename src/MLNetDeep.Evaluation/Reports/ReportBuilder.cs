using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation.Reports;

/// <summary>Puts reports together.</summary>
internal static class ReportBuilder
{
    private const int SweepPoints = 101, CurvePoints = 200, MostCurves = 8;

    private static readonly double[] Shares = [0.01, 0.05, 0.1, 0.2, 0.3, 0.5];

    public static EvaluationReport Binary(DetailedBinaryMetrics metrics, ReportOptions options)
    {
        BinarySample sample = metrics.Sample;
        EvaluationReport report = new(options.Title, $"Two classes, {metrics.Count} rows, '{sample.ClassNames[1]}' is positive.", "binary");
        CommonSections.Summary(report, metrics, options);
        CommonSections.Balance(report, metrics.PerClass);
        CommonSections.ConfusionMatrix(report, sample.ClassNames, metrics.Counts);

        IReadOnlyList<ThresholdPoint> points = metrics.Thresholds;
        double share = (points[0].FalseNegatives) / (points[0].FalseNegatives + points[0].TrueNegatives);
        string roc = new Plot("ROC curve", "false positive rate", "recall", (0, 1), (0, 1)).Guide(0, 0, 1, 1)
            .Line("model", 0, [.. points.Select(p => (p.FalsePositiveRate, p.Recall))]).ToHtml($"Area {Html.Number(metrics.RocAuc)}.");
        string pr = new Plot("Precision-recall curve", "recall", "precision", (0, 1), (0, 1)).Guide(0, share, 1, share)
            .Line("model", 0, [.. points.Skip(1).Select(p => (p.Recall, p.Precision))]).ToHtml($"Average precision {Html.Number(metrics.AveragePrecision)}; a model that knows nothing has {Html.Number(share)}.");
        ThresholdPoint[] curve = Thin(points, CurvePoints);
        report.Add("curves", "ROC and precision-recall", $"<p class=\"soft\">Dashed: a model that knows nothing. Area under the ROC curve {Html.Number(metrics.RocAuc)}, average precision {Html.Number(metrics.AveragePrecision)}.</p><div class=\"grid\">{roc}{pr}</div>", new JsonObject
        {
            ["threshold"] = Json.Numbers(curve.Select(p => p.Threshold)),
            ["recall"] = Json.Numbers(curve.Select(p => p.Recall)),
            ["falsePositiveRate"] = Json.Numbers(curve.Select(p => p.FalsePositiveRate)),
            ["precision"] = Json.Numbers(curve.Select(p => p.Precision)),
        });
        if (sample.Probabilities is not null)
            CommonSections.Calibration(report, metrics.CalibrationCurve(), metrics.ExpectedCalibrationError);
        Sweep(report, points, options.Costs);
        Gains(report, metrics);
        CommonSections.PerClass(report, metrics.PerClass);
        double[] losses = [.. Enumerable.Range(0, sample.Count).Select(i => sample.Weights[i] == 0 || sample.Labels[i] == sample.Predicted[i] && sample.Probabilities is null ? 0
            : sample.Probabilities is { } p ? Reliability.Loss(sample.Labels[i] ? p[i] : 1 - p[i]) : Math.Abs(sample.Scores[i]))];
        CommonSections.Worst(report, sample, losses, ["True", "Predicted", sample.Probabilities is null ? "Score" : "Probability"], i =>
        [
            sample.ClassNames[sample.Labels[i] ? 1 : 0], sample.ClassNames[sample.Predicted[i] ? 1 : 0], Html.Number(sample.Probabilities is { } p ? p[i] : sample.Scores[i]),
        ], options);
        CommonSections.Rest(report, options);
        return report;
    }

    public static EvaluationReport Multiclass(DetailedMulticlassMetrics metrics, ReportOptions options)
    {
        MulticlassSample sample = metrics.Sample;
        EvaluationReport report = new(options.Title, $"{sample.Classes} classes, {metrics.Count} rows.", "multiclass");
        IReadOnlyList<ClassMetrics> classes = metrics.PerClass;
        CommonSections.Summary(report, metrics, options);
        CommonSections.Balance(report, classes);
        CommonSections.ConfusionMatrix(report, sample.ClassNames, metrics.Counts);

        int[] shown = [.. Enumerable.Range(0, sample.Classes).Where(c => double.IsFinite(classes[c].RocAuc)).OrderByDescending(c => classes[c].Support).Take(MostCurves)];
        Plot roc = new Plot("ROC curves, each class against all others", "false positive rate", "recall", (0, 1), (0, 1)).Guide(0, 0, 1, 1);
        Plot pr = new("Precision-recall curves, each class against all others", "recall", "precision", (0, 1), (0, 1));
        JsonArray curves = [];
        for (int k = 0; k < shown.Length; k++)
        {
            BinarySample one = Against(sample, shown[k]);
            IReadOnlyList<ThresholdPoint> points = one.Sweep();
            roc.Line($"{sample.ClassNames[shown[k]]} ({Html.Number(classes[shown[k]].RocAuc)})", k, [.. points.Select(p => (p.FalsePositiveRate, p.Recall))]);
            pr.Line($"{sample.ClassNames[shown[k]]} ({Html.Number(classes[shown[k]].AveragePrecision)})", k, [.. points.Skip(1).Select(p => (p.Recall, p.Precision))]);
            ThresholdPoint[] thin = Thin(points, CurvePoints);
            curves.Add(new JsonObject
            {
                ["class"] = sample.ClassNames[shown[k]],
                ["recall"] = Json.Numbers(thin.Select(p => p.Recall)),
                ["falsePositiveRate"] = Json.Numbers(thin.Select(p => p.FalsePositiveRate)),
                ["precision"] = Json.Numbers(thin.Select(p => p.Precision)),
            });
        }

        string note = shown.Length < sample.Classes ? $"<p class=\"soft\">The {shown.Length} most frequent classes.</p>" : "";
        report.Add("curves", "ROC and precision-recall", $"{note}<div class=\"grid\">{roc.ToHtml($"Mean area {Html.Number(metrics.RocAuc)}.")}{pr.ToHtml($"Mean average precision {Html.Number(metrics.AveragePrecision)}.")}</div>", curves);
        if (sample.AreProbabilities)
            CommonSections.Calibration(report, metrics.CalibrationCurve(), metrics.ExpectedCalibrationError);
        Confidence(report, sample);
        CommonSections.PerClass(report, classes);
        double[] losses = [.. Enumerable.Range(0, sample.Count).Select(i => sample.Weights[i] == 0 || sample.Labels[i] == sample.Predicted[i] ? 0
            : sample.AreProbabilities ? Reliability.Loss(sample.Scores[i][sample.Labels[i]]) : sample.Scores[i].Max() - sample.Scores[i][sample.Labels[i]])];
        CommonSections.Worst(report, sample, losses, ["True", "Predicted", "Score of true", "Score of predicted"], i =>
        [
            sample.ClassNames[sample.Labels[i]], sample.ClassNames[sample.Predicted[i]], Html.Number(sample.Scores[i][sample.Labels[i]]), Html.Number(sample.Scores[i][sample.Predicted[i]]),
        ], options);
        CommonSections.Rest(report, options);
        return report;
    }

    public static EvaluationReport Regression(DetailedRegressionMetrics metrics, ReportOptions options)
    {
        RegressionSample sample = metrics.Sample;
        EvaluationReport report = new(options.Title, $"Regression, {metrics.Count} rows.", "regression");
        CommonSections.Summary(report, metrics, options);
        double[] residuals = [.. sample.Scores.Zip(sample.Labels, (s, l) => l - s)];
        (double Low, double High) range = Plot.Range(sample.Labels, sample.Scores), spread = Plot.Range(residuals, [0]);
        string predicted = new Plot("Predicted and true", "predicted", "true", range, range).Guide(range.Low, range.Low, range.High, range.High)
            .Dots("rows", 0, [.. sample.Scores.Zip(sample.Labels)]).ToHtml($"R² {Html.Number(metrics.RSquared)}.");
        string against = new Plot("Residuals by prediction", "predicted", "true less predicted", Plot.Range(sample.Scores), spread).Guide(Plot.Range(sample.Scores).Low, 0, Plot.Range(sample.Scores).High, 0)
            .Dots("rows", 0, [.. sample.Scores.Zip(residuals)]).ToHtml($"Mean {Html.Number(-metrics.Bias)}.");
        report.Add("residuals", "Predictions and residuals", $"<p class=\"soft\">Residuals should show no pattern: a bend says that the model misses a curve, a funnel that its errors grow with the prediction.</p><div class=\"grid\">{predicted}{against}{Histogram(residuals)}{Quantiles(residuals)}</div>", new JsonObject
        {
            ["predicted"] = Json.Numbers(Thin(sample.Scores, 1000)),
            ["true"] = Json.Numbers(Thin(sample.Labels, 1000)),
        });
        CommonSections.Worst(report, sample, [.. residuals.Select((r, i) => sample.Weights[i] == 0 ? 0 : Math.Abs(r))], ["True", "Predicted", "Residual"], i =>
            [Html.Number(sample.Labels[i]), Html.Number(sample.Scores[i]), Html.Number(residuals[i])], options);
        CommonSections.Rest(report, options);
        return report;
    }

    /// <summary>A histogram of errors.</summary>
    public static string Histogram(double[] residuals)
    {
        double low = residuals.Min(), high = residuals.Max();
        if (!(high > low))
            (low, high) = (low - 0.5, high + 0.5);
        int bins = Math.Clamp((int)Math.Sqrt(residuals.Length), 5, 40);
        double width = (high - low) / bins;
        double[] counts = new double[bins];
        foreach (double residual in residuals)
            counts[Math.Clamp((int)((residual - low) / width), 0, bins - 1)]++;
        return new Plot("Residuals", "true less predicted", "rows", (low, high), (0, counts.Max() * 1.05))
            .Bars("rows", 0, [.. counts.Select((c, i) => (low + i * width, low + (i + 1) * width, c))]).ToHtml($"From {Html.Number(low)} to {Html.Number(high)}.");
    }

    private static string Quantiles(double[] residuals)
    {
        double[] sorted = [.. residuals.Order()];
        double mean = sorted.Average(), deviation = Math.Sqrt(sorted.Average(r => (r - mean) * (r - mean)));
        (double X, double Y)[] points = [.. sorted.Select((r, i) => (MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (i + 0.5) / sorted.Length), r))];
        (double Low, double High) x = Plot.Range(points.Select(p => p.X));
        return new Plot("Residuals against a normal distribution", "normal quantile", "residual", x, Plot.Range(sorted)).Guide(x.Low, mean + x.Low * deviation, x.High, mean + x.High * deviation)
            .Dots("rows", 0, points).ToHtml("On the dashed line, errors are normally distributed.");
    }

    private static void Sweep(EvaluationReport report, IReadOnlyList<ThresholdPoint> points, CostMatrix? costs)
    {
        ThresholdPoint[] shown = Thin(points, SweepPoints);
        Array.Reverse(shown);
        string[] names = ["threshold", "precision", "recall", "specificity", "f1", "g_mean", "tp", "fp", "fn", "tn", .. costs is null ? Array.Empty<string>() : ["cost"]];
        double[] Values(ThresholdPoint p) =>
        [
            p.Threshold, p.Precision, p.Recall, p.Specificity, p.FBeta(), p.GMean, p.TruePositives, p.FalsePositives, p.FalseNegatives, p.TrueNegatives, .. costs is null ? Array.Empty<double>() : [costs.Of(p)],
        ];
        string[] titles = ["Threshold on the score", "Precision", "Recall", "Specificity", "F1", "G-mean", "True positives", "False positives", "False negatives", "True negatives", "Cost"];
        int start = Array.FindIndex(shown, p => p.Threshold >= 0) is var zero && zero >= 0 ? zero : shown.Length - 1;
        string live = string.Concat(names.Select((n, i) => $"<div><dt>{titles[i]}</dt><dd id=\"at-{n}\">{Html.Number(Values(shown[start])[i])}</dd></div>"));

        // System.Text.Json escapes what could end the element.
        string data = JsonSerializer.Serialize(shown.Select(p => names.Zip(Values(p)).ToDictionary(v => v.First, v => Html.Number(v.Second))));
        (double Low, double High) range = Plot.Range(shown.Select(p => p.Threshold));
        string plot = new Plot("Figures by threshold", "threshold on the score", "", range, (0, 1))
            .Line("precision", 0, [.. shown.Select(p => (p.Threshold, p.Precision))]).Line("recall", 1, [.. shown.Select(p => (p.Threshold, p.Recall))])
            .Line("F1", 2, [.. shown.Select(p => (p.Threshold, p.FBeta()))]).Line("G-mean", 3, [.. shown.Select(p => (p.Threshold, p.GMean))]).ToHtml("Precision, recall, F1 and G-mean at each threshold.");
        ThresholdPoint[] few = Thin(shown, 21);
        string table = Html.Table("Threshold sweep", [.. names.Select((_, i) => titles[i])], few.Select(p => Values(p).Select(Html.Number).ToArray()));
        report.Add(
            "thresholds", "Threshold sweep",
            $"<p>Rows whose score is above the threshold are taken for positive. <label for=\"threshold\">Move it, with the arrow keys too:</label></p><input type=\"range\" id=\"threshold\" min=\"0\" max=\"{shown.Length - 1}\" step=\"1\" value=\"{start}\"><dl class=\"figures\">{live}</dl>"
            + $"<script type=\"application/json\" id=\"threshold-points\">{data}</script><div style=\"margin-top:1rem\">{plot}</div>{Html.Details("All figures in a table", table)}",
            new JsonArray([.. shown.Select(p => new JsonObject(names.Zip(Values(p)).Select(v => KeyValuePair.Create(v.First, Json.Number(v.Second)))))]));
    }

    private static void Gains(EvaluationReport report, DetailedBinaryMetrics metrics)
    {
        double[] steps = [.. Enumerable.Range(0, 51).Select(i => i / 50.0)];
        string plot = new Plot("Gain", "share of rows, best score first", "share of positives found", (0, 1), (0, 1)).Guide(0, 0, 1, 1)
            .Line("model", 0, [.. steps.Select(s => (s, s == 0 ? 0 : metrics.Gain(s)))]).ToHtml($"The best-scored tenth holds {Html.Percent(100 * metrics.Gain(0.1))} of the positives.");
        string table = Html.Table("Gain and lift", ["Best-scored", "Positives found", "Lift"], Shares.Select(s => new[] { Html.Percent(100 * s), Html.Percent(100 * metrics.Gain(s)), Html.Number(metrics.Lift(s)) }));
        report.Add("gain", "Gain and lift", $"<p class=\"soft\">What is found by looking at the best-scored rows only. Lift: how many times as much as by chance.</p><div class=\"grid\">{plot}<div>{table}</div></div>", new JsonArray([.. Shares.Select(s => new JsonObject
        {
            ["share"] = s, ["gain"] = Json.Number(metrics.Gain(s)), ["lift"] = Json.Number(metrics.Lift(s)),
        })]));
    }

    // The sweep of several classes: what is decided when a row is left to people unless the best score is above a threshold.
    private static void Confidence(EvaluationReport report, MulticlassSample sample)
    {
        double[] best = [.. sample.Scores.Select(s => (double)s.Max())];
        double[] thresholds = Thin([.. best.Distinct().Order()], 50);
        double total = sample.Weights.Sum();
        (double Threshold, double Share, double Accuracy)[] rows = [.. thresholds.Select(t =>
        {
            int[] decided = [.. Enumerable.Range(0, best.Length).Where(i => best[i] >= t)];
            double weight = decided.Sum(i => sample.Weights[i]);
            return (t, weight / total, Confusion.Ratio(decided.Where(i => sample.Labels[i] == sample.Predicted[i]).Sum(i => sample.Weights[i]), weight));
        })];
        string plot = new Plot("By threshold on the best score", "threshold", "", Plot.Range(thresholds), (0, 1)).Line("share decided", 0, [.. rows.Select(r => (r.Threshold, r.Share))])
            .Line("accuracy of the decided", 1, [.. rows.Select(r => (r.Threshold, r.Accuracy))]).ToHtml("Share of rows decided, and accuracy among them.");
        report.Add("thresholds", "Threshold sweep", $"<p class=\"soft\">What comes of leaving rows undecided whose best score is below a threshold.</p>{plot}", new JsonArray([.. rows.Select(r => new JsonObject
        {
            ["threshold"] = Json.Number(r.Threshold), ["shareDecided"] = Json.Number(r.Share), ["accuracy"] = Json.Number(r.Accuracy),
        })]));
    }

    private static BinarySample Against(MulticlassSample sample, int index) => new()
    {
        Labels = [.. sample.Labels.Select(l => l == index)],
        Scores = [.. sample.Scores.Select(s => (double)s[index])],
        Probabilities = null,
        Predicted = [.. sample.Predicted.Select(p => p == index)],
        Weights = sample.Weights,
        Rows = sample.Rows,
        ClassNames = ["other", sample.ClassNames[index]],
    };

    private static T[] Thin<T>(IReadOnlyList<T> values, int most) =>
        values.Count <= most ? [.. values] : [.. Enumerable.Range(0, most).Select(i => values[(int)((long)i * (values.Count - 1) / (most - 1))])];
}
