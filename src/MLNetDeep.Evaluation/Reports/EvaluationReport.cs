using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using MLNetDeep.Evaluation.Reports;

namespace MLNetDeep.Evaluation;

/// <summary>An evaluation as one HTML file that needs no network, and the same figures as JSON.</summary>
public sealed class EvaluationReport
{
    private readonly string _title, _subtitle;
    private readonly List<(string Id, string Title, string Html)> _sections = [];
    private readonly JsonObject _figures;

    internal EvaluationReport(string title, string subtitle, string kind)
    {
        _title = title;
        _subtitle = subtitle;
        _figures = new() { ["title"] = title, ["kind"] = kind };
    }

    /// <summary>A report on forecasts, of any forecaster: fans, errors by step, and how often values lie within the bounds.</summary>
    /// <param name="series">The forecasts, each with its history and what came of it.</param>
    /// <param name="title">The title.</param>
    /// <exception cref="ArgumentException">There is no series, or one does not fit together; the message names it.</exception>
    public static EvaluationReport OfForecasts(IReadOnlyList<ForecastSeries> series, string title = "Forecast")
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(title);
        return ForecastReport.Build(series, title);
    }

    /// <summary>The report as an HTML page: light or dark as the reader has it, readable on a phone, with the numbers of each plot in a table.</summary>
    public string ToHtml()
    {
        StringBuilder html = new();
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">");
        html.Append(CultureInfo.InvariantCulture, $"<title>{Html.Text(_title)}</title><style>{Resource("report.css")}</style></head><body><main>");
        html.Append(CultureInfo.InvariantCulture, $"<header><h1>{Html.Text(_title)}</h1><p class=\"soft\">{Html.Text(_subtitle)}</p></header><nav aria-label=\"Sections\"><ul>");
        foreach ((string id, string title, _) in _sections)
            html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{id}\">{Html.Text(title)}</a></li>");
        html.Append("</ul></nav>");
        foreach ((string id, string title, string content) in _sections)
            html.Append(CultureInfo.InvariantCulture, $"<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{Html.Text(title)}</h2>{content}</section>\n");
        return html.Append(CultureInfo.InvariantCulture, $"</main><script>{Resource("report.js")}</script></body></html>\n").ToString();
    }

    /// <summary>The figures as JSON; what is no number is null.</summary>
    public string ToJson() => _figures.ToJsonString(Json.Indented);

    /// <summary>Writes the page to a file.</summary>
    public void SaveHtml(string path) => File.WriteAllText(path, ToHtml());

    /// <summary>Writes the figures to a file.</summary>
    public void SaveJson(string path) => File.WriteAllText(path, ToJson());

    internal void Add(string id, string title, string html, JsonNode? figures)
    {
        _sections.Add((id, title, html));
        if (figures is not null)
            _figures[id] = figures;
    }

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
