using System.Globalization;
using System.Net;
using System.Text;

namespace MLNetDeep.Evaluation.Reports;

/// <summary>Pieces of HTML. Whatever may come from data goes through <see cref="Text"/>.</summary>
internal static class Html
{
    public static string Text(string text) => WebUtility.HtmlEncode(Shown(text));

    /// <summary>A number of about four digits.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "–"
        : Math.Abs(value) >= 1e6 || (value != 0 && Math.Abs(value) < 1e-4) ? value.ToString("0.###e0", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 1000 || value == Math.Round(value) ? value.ToString("#,0.##", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 10 ? value.ToString("0.##", CultureInfo.InvariantCulture)
        : value.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Percent(double value) => double.IsNaN(value) ? "–" : value.ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A table; cells of rows are already HTML.</summary>
    /// <param name="caption">What it is, for who cannot see it.</param>
    /// <param name="heads">Column heads, text.</param>
    /// <param name="rows">Rows; the first cell is a row's head.</param>
    /// <param name="textColumns">Columns of text, set left.</param>
    public static string Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, params int[] textColumns)
    {
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Text(caption)}\"><table><thead><tr>");
        for (int i = 0; i < heads.Count; i++)
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{(textColumns.Contains(i) ? " class=\"text\"" : "")}>{Text(heads[i])}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in rows)
        {
            html.Append("<tr>");
            for (int i = 0; i < row.Count; i++)
            {
                html.Append(i == 0 ? "<th scope=\"row\"" : "<td").Append(textColumns.Contains(i) ? " class=\"text\">" : ">").Append(row[i]).Append(i == 0 ? "</th>" : "</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table></div>").ToString();
    }

    public static string Details(string summary, string content) => $"<details><summary>{Text(summary)}</summary>{content}</details>";

    // Long texts would make the page unreadable, and control characters are none that HTML allows.
    private static string Shown(string text)
    {
        string clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return clean.Length <= 300 ? clean : clean[..(char.IsHighSurrogate(clean[298]) ? 298 : 299)] + "…";
    }
}
