using System.Globalization;
using Microsoft.ML.Data;
using Spectre.Console;

namespace FashionMnist;

/// <summary>Prints how good a model is.</summary>
internal static class Report
{
    /// <param name="metrics">What ML.NET's evaluator found.</param>
    /// <param name="keys">Names of the classes in the order of their keys.</param>
    /// <param name="order">Names of the classes in the order to show.</param>
    /// <param name="rows">Number of test images.</param>
    public static void Print(MulticlassClassificationMetrics metrics, IReadOnlyList<string> keys, IReadOnlyList<string> order, int rows)
    {
        // Colours are for eyes, not for files.
        AnsiConsole.Profile.Capabilities.Ansi &= !Console.IsOutputRedirected;
        int[] classes = [.. order.Select(name => keys.ToList().IndexOf(name))];
        Console.WriteLine("Confusion matrix: rows are what an image shows, columns what was predicted.");
        AnsiConsole.Write(Confusion(metrics.ConfusionMatrix, classes, order));
        AnsiConsole.Write(Classes(metrics.ConfusionMatrix, classes, order));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Test accuracy {100 * metrics.MicroAccuracy:F2}% on {rows} images, log-loss {metrics.LogLoss:F4}."));
    }

    public static void Saved(string file) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Saved {file}: {new FileInfo(file).Length / 1024.0:F0} KiB."));

    private static Table Confusion(ConfusionMatrix confusion, int[] classes, IReadOnlyList<string> names)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(new TableColumn("").NoWrap());
        for (int i = 0; i < classes.Length; i++)
            table.AddColumn(new TableColumn(i.ToString(CultureInfo.InvariantCulture)).RightAligned().NoWrap().PadLeft(0));
        foreach (int actual in classes)
        {
            int row = Array.IndexOf(classes, actual);
            table.AddRow([new Markup($"[bold]{Named(row, names)}[/]"), .. classes.Select(p => Count((int)confusion.Counts[actual][p], p == actual))]);
        }

        return table;
    }

    private static Table Classes(ConfusionMatrix confusion, int[] classes, IReadOnlyList<string> names)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("By class");
        table.AddColumn(new TableColumn("").NoWrap());
        foreach (string column in new[] { "images", "precision", "recall", "F1", "mostly taken for" })
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        for (int i = 0; i < classes.Length; i++)
        {
            int c = classes[i];
            double precision = confusion.PerClassPrecision[c], recall = confusion.PerClassRecall[c];
            int wrong = Enumerable.Range(0, classes.Length).Where(o => o != i).MaxBy(o => confusion.Counts[c][classes[o]]);
            double errors = confusion.Counts[c][classes[wrong]];
            table.AddRow(
                Named(i, names),
                confusion.Counts[c].Sum().ToString(CultureInfo.InvariantCulture),
                Percent(precision),
                Percent(recall),
                Percent(precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)),
                errors == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{names[wrong]} ({errors})"));
        }

        return table;
    }

    private static string Named(int number, IReadOnlyList<string> names) => names[number].Length == 1 ? names[number] : $"{number} {names[number]}";

    private static Markup Count(int count, bool right) => new(count == 0 ? "[grey].[/]" : right ? $"[green]{count}[/]" : $"[red]{count}[/]");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1}%");
}
