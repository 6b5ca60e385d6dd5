using System.Globalization;
using Microsoft.ML.Data;
using Spectre.Console;

namespace Digits;

/// <summary>Prints how good a model is.</summary>
internal static class Report
{
    public static void Print(MulticlassClassificationMetrics metrics, IReadOnlyList<string> classes, int rows)
    {
        // Colours are for eyes, not for files.
        AnsiConsole.Profile.Capabilities.Ansi &= !Console.IsOutputRedirected;
        ConfusionMatrix confusion = metrics.ConfusionMatrix;
        int[] order = [.. Enumerable.Range(0, classes.Count).OrderBy(i => classes[i], StringComparer.Ordinal)];
        Table table = new Table().Border(TableBorder.Rounded).Title("Confusion matrix: rows are what an image shows, columns what was predicted");
        table.AddColumn(new TableColumn("").NoWrap());
        foreach (int c in order)
            table.AddColumn(new TableColumn(classes[c]).RightAligned().NoWrap().PadLeft(0));
        table.AddColumn(new TableColumn("recall").RightAligned().NoWrap());
        foreach (int actual in order)
        {
            table.AddRow([
                new Markup($"[bold]{classes[actual]}[/]"),
                .. order.Select(p => Count((int)confusion.Counts[actual][p], p == actual)),
                new Markup(Percent(confusion.PerClassRecall[actual]))]);
        }

        table.AddRow([new Markup("precision"), .. order.Select(c => new Markup(Percent(confusion.PerClassPrecision[c]))), new Markup("")]);
        AnsiConsole.Write(table);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Test accuracy {100 * metrics.MicroAccuracy:F2}% on {rows} images held out, log-loss {metrics.LogLoss:F4}."));
    }

    public static void Saved(string file) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Saved {file}: {new FileInfo(file).Length / 1024.0:F0} KiB."));

    private static Markup Count(int count, bool right) => new(count == 0 ? "[grey].[/]" : right ? $"[green]{count}[/]" : $"[red]{count}[/]");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0}%");
}
