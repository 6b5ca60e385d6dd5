using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How often each class was taken for each.</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _names;
    private readonly bool _isBinary;

    /// <param name="counts">The counts of the rows of each class (first index) taken for each (second index).</param>
    /// <param name="names">The names of the classes.</param>
    /// <param name="isBinary">Whether the first class is the positive one of two.</param>
    internal ConfusionMatrix(double[][] counts, string[] names, bool isBinary)
    {
        Counts = counts;
        _names = names;
        _isBinary = isBinary;
        PerClassRecall = [.. Enumerable.Range(0, names.Length).Select(i => Share(counts[i][i], counts[i].Sum()))];
        PerClassPrecision = [.. Enumerable.Range(0, names.Length).Select(i => Share(counts[i][i], counts.Sum(row => row[i])))];
    }

    /// <summary>For each class, the share of the rows taken for it that are of it.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>For each class, the share of its rows that were taken for it.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>How many rows of each class (first index) were taken for each (second index).</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    /// <summary>The number of classes.</summary>
    public int NumberOfClasses => _names.Length;

    /// <summary>How many rows of one class were taken for another.</summary>
    /// <param name="predictedClassIndicatorIndex">What they were taken for.</param>
    /// <param name="actualClassIndicatorIndex">What they are.</param>
    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predictedClassIndicatorIndex, (uint)NumberOfClasses);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actualClassIndicatorIndex, (uint)NumberOfClasses);
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    /// <summary>The counts as a table for people. Names too long for its columns stand beside their numbers.</summary>
    public string GetFormattedConfusionTable()
    {
        var width = NumberOfClasses == 2 ? 8 : 5;
        var longest = _names.Max(name => name.Length);
        var numbered = longest > width;
        var numberWidth = Format(NumberOfClasses - 1, "D").Length;
        string[] headers = numbered ? [.. Enumerable.Range(0, NumberOfClasses).Select(i => Format(i, "D"))] : _names;
        var labelWidth = numbered ? Math.Max(9, numberWidth + 2 + longest) : 9;
        var line = new string(' ', labelWidth + 1) + "||" + new string('=', NumberOfClasses * (width + 3));

        var table = new StringBuilder();
        if (_isBinary)
        {
            double positive = Counts[0].Sum(), negative = Counts[1].Sum();
            table.Append("TEST POSITIVE RATIO:\t").Append(Format(positive / (positive + negative), "F4"))
                .Append(CultureInfo.InvariantCulture, $" ({positive:F1}/({positive:F1}+{negative:F1}))");
        }
        table.AppendLine().AppendLine("Confusion table").AppendLine(line);
        AppendRow("PREDICTED".PadRight(labelWidth), headers.Select(header => " " + header.PadLeft(width)), " Recall");
        table.Append("TRUTH".PadRight(labelWidth)).AppendLine(line[labelWidth..]);
        for (var i = 0; i < NumberOfClasses; i++)
        {
            var label = numbered ? headers[i].PadLeft(numberWidth) + ". " + _names[i].PadLeft(labelWidth - numberWidth - 2) : _names[i].PadLeft(labelWidth);
            AppendRow(label, Counts[i].Select(count => " " + Format(count, "N0").PadLeft(width)), " " + Format(PerClassRecall[i], "F4"));
        }
        table.AppendLine(line);
        AppendRow("Precision".PadRight(labelWidth), PerClassPrecision.Select(precision => Format(precision, "F4").PadLeft(width + 1)), "");
        return table.ToString();

        void AppendRow(string label, IEnumerable<string> cells, string last)
            => table.Append(label).Append(" ||").AppendJoin(" |", cells).Append(" |").AppendLine(last);
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    private static string Format<T>(T value, string format)
        where T : IFormattable
        => value.ToString(format, CultureInfo.InvariantCulture);
}
