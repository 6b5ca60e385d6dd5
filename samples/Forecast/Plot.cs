using System.Globalization;
using System.Text;
using MLNetDeep.TimeSeries.Evaluation;

namespace Forecast;

/// <summary>Draws a series, forecasts of its past and their bounds as SVG.</summary>
internal static class Plot
{
    private const double Width = 1000, Height = 420, Left = 60, Right = 20, Top = 50, Bottom = 40;

    /// <param name="title">What is drawn.</param>
    /// <param name="series">The observations.</param>
    /// <param name="forecasts">The forecasts from each origin.</param>
    /// <param name="overlap">How many forecasts there are of each step; every so many is drawn, so that they do not lie over one another.</param>
    public static string Draw(string title, Observation[] series, IReadOnlyList<BacktestForecast> forecasts, int overlap)
    {
        BacktestForecast[] drawn = [.. forecasts.Where((_, i) => (forecasts.Count - 1 - i) % Math.Max(overlap, 1) == 0)];

        // As much of the past again as was forecast, and at least five windows of what came before.
        int first = Math.Max(0, drawn[0].Origin - Math.Max(series.Length - drawn[0].Origin, 48));
        double low = series[first..].Min(o => o.Value), high = series[first..].Max(o => o.Value);
        low = Math.Min(low, drawn.Min(f => f.Forecast.Lower.Min()));
        high = Math.Max(high, drawn.Max(f => f.Forecast.Upper.Max()));
        double step = Step(high - low);
        low = Math.Floor(low / step) * step;
        high = Math.Ceiling(high / step) * step;

        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n<text x=\"{Left}\" y=\"20\" font-size=\"16\">{title}</text>\n");
        for (double value = low; value <= high + (step / 2); value += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\" stroke=\"#ddd\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\" fill=\"#555\">{value:0.##}</text>\n");
        }

        int years = Math.Max(1, (series[^1].Month.Year - series[first].Month.Year) / 12);
        for (int i = first; i < series.Length; i++)
        {
            if (series[i].Month.Month == 1 && (series[i].Month.Year - series[first].Month.Year) % years == 0)
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(i):F1}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\" fill=\"#555\">{series[i].Month.Year}</text>\n");
        }

        foreach (BacktestForecast forecast in drawn)
        {
            IEnumerable<(double, double)> there = forecast.Forecast.Upper.Select((v, h) => (X(forecast.Origin + h), Y(v)));
            IEnumerable<(double, double)> back = forecast.Forecast.Lower.Select((v, h) => (X(forecast.Origin + h), Y(v))).Reverse();
            svg.Append(CultureInfo.InvariantCulture, $"<polygon points=\"{Points(there.Concat(back))}\" fill=\"#e8590c\" fill-opacity=\"0.22\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(forecast.Origin - 0.5):F1}\" x2=\"{X(forecast.Origin - 0.5):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#bbb\" stroke-dasharray=\"3 4\"/>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{Points(Enumerable.Range(first, series.Length - first).Select(i => (X(i), Y(series[i].Value))))}\" fill=\"none\" stroke=\"#1c3d5a\" stroke-width=\"1.5\"/>\n");
        foreach (BacktestForecast forecast in drawn)
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{Points(forecast.Forecast.Values.Select((v, h) => (X(forecast.Origin + h), Y(v))))}\" fill=\"none\" stroke=\"#e8590c\" stroke-width=\"1.8\"/>\n");
        Legend(svg, 0, "what came", "<line x2=\"24\" stroke=\"#1c3d5a\" stroke-width=\"2\"/>");
        Legend(svg, 1, "forecast", "<line x2=\"24\" stroke=\"#e8590c\" stroke-width=\"2\"/>");
        Legend(svg, 2, "80 % bounds", "<rect y=\"-6\" width=\"24\" height=\"12\" fill=\"#e8590c\" fill-opacity=\"0.22\"/>");
        Legend(svg, 3, "origin", "<line x1=\"12\" x2=\"12\" y1=\"-7\" y2=\"7\" stroke=\"#999\" stroke-dasharray=\"3 4\"/>");
        return svg.Append("</svg>\n").ToString();

        double X(double i) => Left + ((i - first) / (series.Length - 1 - first) * (Width - Left - Right));

        double Y(double value) => Height - Bottom - ((value - low) / (high - low) * (Height - Top - Bottom));
    }

    private static void Legend(StringBuilder svg, int place, string text, string mark) =>
        svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({Left + (place * 120)} 38)\">{mark}<text x=\"30\" y=\"5\">{text}</text></g>\n");

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:F1},{p.Y:F1}")));

    // About six lines at round numbers.
    private static double Step(double range)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(range / 6)));
        return new[] { 1, 2, 5, 10 }.First(f => range / (f * power) <= 7) * power;
    }
}
