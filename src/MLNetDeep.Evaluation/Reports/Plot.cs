using System.Globalization;
using System.Text;

namespace MLNetDeep.Evaluation.Reports;

/// <summary>A plot as SVG, with a table of its numbers behind it for who cannot see it.</summary>
internal sealed class Plot
{
    private const double Width = 440, Height = 300, Left = 54, Right = 14, Top = 12, Bottom = 44;
    private const int MostPoints = 300, MostTableRows = 21;

    private readonly string _title, _x, _y;
    private readonly double _xLow, _xHigh, _yLow, _yHigh;
    private readonly StringBuilder _marks = new();
    private readonly List<(string Name, int Color, bool Faint)> _legend = [];
    private readonly List<(string Name, (double X, double Y)[] Points)> _series = [];

    public Plot(string title, string x, string y, (double Low, double High) xRange, (double Low, double High) yRange)
    {
        _title = title;
        _x = x;
        _y = y;
        (_xLow, _xHigh) = Widened(xRange);
        (_yLow, _yHigh) = Widened(yRange);
    }

    /// <summary>The range of some numbers, with a little room.</summary>
    public static (double Low, double High) Range(params IEnumerable<double>[] values)
    {
        double[] all = [.. values.SelectMany(v => v).Where(double.IsFinite)];
        if (all.Length == 0)
            return (0, 1);
        double room = (all.Max() - all.Min()) * 0.03;
        return (all.Min() - room, all.Max() + room);
    }

    public Plot Line(string name, int color, IReadOnlyList<(double X, double Y)> points)
    {
        (double X, double Y)[] shown = Thinned(points, MostPoints);
        _marks.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line c{color % 8}\" points=\"{Points(shown)}\"/>");
        return Remember(name, color, shown);
    }

    public Plot Dots(string name, int color, IReadOnlyList<(double X, double Y)> points, double radius = 2.5, bool connected = false)
    {
        (double X, double Y)[] shown = Thinned(points, 1000);
        if (connected)
            _marks.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line c{color % 8}\" points=\"{Points(shown)}\"/>");
        foreach ((double x, double y) in shown)
            _marks.Append(CultureInfo.InvariantCulture, $"<circle class=\"{(connected ? "mark" : "dot")} c{color % 8}\" cx=\"{X(x):F1}\" cy=\"{Y(y):F1}\" r=\"{radius:F1}\"/>");
        return Remember(name, color, shown);
    }

    public Plot Band(string name, int color, IReadOnlyList<(double X, double Low, double High)> points)
    {
        _marks.Append(CultureInfo.InvariantCulture, $"<polygon class=\"band c{color % 8}\" points=\"{Points([.. points.Select(p => (p.X, p.High)), .. points.Reverse().Select(p => (p.X, p.Low))])}\"/>");
        _legend.Add((name, color, true));
        Remember($"{name}, low", color, [.. points.Select(p => (p.X, p.Low))], legend: false);
        return Remember($"{name}, high", color, [.. points.Select(p => (p.X, p.High))], legend: false);
    }

    public Plot Bars(string name, int color, IReadOnlyList<(double From, double To, double Y)> bars)
    {
        foreach ((double from, double to, double y) in bars)
            _marks.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar c{color % 8}\" x=\"{X(from) + 0.5:F1}\" y=\"{Y(Math.Max(y, 0)):F1}\" width=\"{Math.Max(0.5, X(to) - X(from) - 1):F1}\" height=\"{Math.Abs(Y(y) - Y(0)):F1}\"/>");
        return Remember(name, color, [.. bars.Select(b => ((b.From + b.To) / 2, b.Y))]);
    }

    /// <summary>A dashed line to compare with.</summary>
    public Plot Guide(double x0, double y0, double x1, double y1)
    {
        _marks.Append(CultureInfo.InvariantCulture, $"<polyline class=\"guide\" points=\"{Points([(x0, y0), (x1, y1)])}\"/>");
        return this;
    }

    /// <summary>Figure, legend and table.</summary>
    /// <param name="summary">What there is to see, in a sentence.</param>
    public string ToHtml(string summary)
    {
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{Html.Text(_title)}</figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html.Text(_title)}. {Html.Text(summary)}\">");
        foreach (double tick in Ticks(_xLow, _xHigh))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid-line\" x1=\"{X(tick):F1}\" x2=\"{X(tick):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(tick):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{Label(tick)}</text>");
        }

        foreach (double tick in Ticks(_yLow, _yHigh))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid-line\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 7}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{Label(tick)}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"axis\" fill=\"none\" points=\"{Left},{Top} {Left},{Height - Bottom} {Width - Right},{Height - Bottom}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2:F0}\" y=\"{Height - 8}\" text-anchor=\"middle\">{Html.Text(_x)}</text>");
        double middle = (Top + Height - Bottom) / 2;
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"13\" y=\"{middle:F0}\" text-anchor=\"middle\" transform=\"rotate(-90 13 {middle:F0})\">{Html.Text(_y)}</text>");
        svg.Append(_marks).Append("</svg>");
        if (_legend.Count > 1)
            svg.Append("<ul class=\"legend\">").AppendJoin("", _legend.Select(l => $"<li><span class=\"c{l.Color % 8}{(l.Faint ? " faint" : "")}\"></span>{Html.Text(l.Name)}</li>")).Append("</ul>");
        return svg.Append(Html.Details("Table", Table())).Append("</figure>").ToString();
    }

    private string Table()
    {
        IEnumerable<(string Name, (double X, double Y)[] Points)> shown = _series.Select(s => (s.Name, Thinned(s.Points, MostTableRows)));
        return string.Concat(shown.Select(s => (_series.Count > 1 ? $"<h3>{Html.Text(s.Name)}</h3>" : "") + Html.Table(
            $"{_title}, {s.Name}", [_x, _y], s.Points.Select(p => new[] { Html.Number(p.X), Html.Number(p.Y) }))));
    }

    private Plot Remember(string name, int color, (double X, double Y)[] points, bool legend = true)
    {
        if (legend)
            _legend.Add((name, color, false));
        _series.Add((name, points));
        return this;
    }

    private double X(double value) => Left + (Math.Clamp(value, _xLow, _xHigh) - _xLow) / (_xHigh - _xLow) * (Width - Left - Right);

    private double Y(double value) => Height - Bottom - (Math.Clamp(value, _yLow, _yHigh) - _yLow) / (_yHigh - _yLow) * (Height - Top - Bottom);

    private string Points(IEnumerable<(double X, double Y)> points) => string.Join(' ', points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):F1},{Y(p.Y):F1}")));

    private static (double X, double Y)[] Thinned(IReadOnlyList<(double X, double Y)> points, int most) =>
        points.Count <= most ? [.. points] : [.. Enumerable.Range(0, most).Select(i => points[(int)((long)i * (points.Count - 1) / (most - 1))])];

    private static (double Low, double High) Widened((double Low, double High) range) => range.High > range.Low ? range : (range.Low - 0.5, range.High + 0.5);

    private static IEnumerable<double> Ticks(double low, double high)
    {
        double raw = (high - low) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
        for (double tick = Math.Ceiling(low / step - 1e-9); tick * step <= high + step * 1e-9; tick++)
            yield return tick * step + 0.0; // -0 becomes 0.
    }

    private static string Label(double value) => Math.Abs(value) >= 1e5 || (value != 0 && Math.Abs(value) < 1e-3) ? value.ToString("0.#e0", CultureInfo.InvariantCulture) : value.ToString("0.###", CultureInfo.InvariantCulture);
}
