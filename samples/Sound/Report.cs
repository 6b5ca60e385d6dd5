using System.Globalization;
using Spectre.Console;

namespace Sound;

/// <summary>Prints how good networks are on kits that they have not heard.</summary>
internal static class Report
{
    /// <returns>The share of hits that are right.</returns>
    public static double Print(IReadOnlyList<Verdict> verdicts)
    {
        // Colours are for eyes, not for files.
        AnsiConsole.Profile.Capabilities.Ansi &= !Console.IsOutputRedirected;
        Console.WriteLine("Confusion matrix: rows are what is hit, columns what was predicted.");
        AnsiConsole.Write(Confusion(verdicts));
        double accuracy = Share(verdicts), kits = verdicts.GroupBy(v => v.Hit.Kit).Average(Share);
        double baseline = verdicts.GroupBy(v => v.Hit.Label).Max(g => g.Count()) / (double)verdicts.Count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Accuracy on kits not heard: {100 * accuracy:F1}% of {verdicts.Count} hits, {100 * kits:F1}% in the mean of kits. Always saying the most frequent instrument: {100 * baseline:F1}%."));
        return accuracy;
    }

    private static double Share(IEnumerable<Verdict> verdicts) => verdicts.Average(v => v.IsRight ? 1.0 : 0);

    private static Table Confusion(IReadOnlyList<Verdict> verdicts)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(new TableColumn("").NoWrap());
        foreach (string column in DrumKits.Labels.Append("hits").Append("recall"))
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        foreach (string label in DrumKits.Labels)
        {
            Verdict[] ofLabel = [.. verdicts.Where(v => v.Hit.Label == label)];
            if (ofLabel.Length == 0)
                continue;
            table.AddRow([
                new Markup($"[bold]{label}[/]"),
                .. DrumKits.Labels.Select(said => Count(ofLabel.Count(v => v.Said == said), said == label)),
                new Markup(ofLabel.Length.ToString(CultureInfo.InvariantCulture)),
                new Markup(string.Create(CultureInfo.InvariantCulture, $"{100 * Share(ofLabel):F1}%")),
            ]);
        }

        return table;
    }

    private static Markup Count(int count, bool right) => new(count == 0 ? "[grey].[/]" : right ? $"[green]{count}[/]" : $"[red]{count}[/]");
}
