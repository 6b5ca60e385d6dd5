using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>Small tables, and tables as text.</summary>
internal static class TestData
{
    /// <summary>Loads text as a file; the file is gone when the process ends at the latest.</summary>
    public static IDataView Load(string text, TextLoader.Column[]? columns, Action<TextLoader.Options>? change = null)
    {
        var options = new TextLoader.Options { Columns = columns, Separators = [','] };
        change?.Invoke(options);
        return new MLContext(1).Data.LoadFromTextFile(FileOf(text), options);
    }

    public static string FileOf(string text)
    {
        var path = Path.Combine(Path.GetTempPath(), $"mlnetdeep-{Guid.NewGuid():N}.txt");
        File.WriteAllText(path, text);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        return path;
    }

    /// <summary>The rows of a table: values between commas, rows between bars, vectors between brackets.</summary>
    public static string Rows(IDataView data)
        => string.Join(" | ", data.Preview(1000).RowView.Select(row => string.Join(",", row.Values.Select(v => Text(v.Value)))));

    /// <summary>The columns of a table with their types.</summary>
    public static string Columns(IDataView data) => string.Join("; ", data.Schema.Select(c => c.ToString()));

    public static string SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return string.Join("/", names.DenseValues());
    }

    private static string Text(object? value) => value switch
    {
        VBuffer<float> v => $"[{string.Join(" ", v.DenseValues().Select(x => Text(x)))}]",
        VBuffer<double> v => $"[{string.Join(" ", v.DenseValues().Select(x => Text(x)))}]",
        VBuffer<uint> v => $"[{string.Join(" ", v.DenseValues().Select(x => Text(x)))}]",
        VBuffer<ReadOnlyMemory<char>> v => $"[{string.Join(" ", v.DenseValues().Select(x => Text(x)))}]",
        ReadOnlyMemory<char> text => $"'{text}'",
        DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
