using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Support;

/// <summary>Loads a model in a process of its own that knows ML.NET only, and scores one text file with it.</summary>
internal static class FreshProcess
{
    /// <summary>The entry point of that process.</summary>
    /// <param name="args">Model file; text file with one row of numbers a line.</param>
    public static int Main(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("Run these tests with 'dotnet test'.");
            return 2;
        }

        MLContext ml = new();
        ITransformer model = ml.Model.Load(args[0], out DataViewSchema schema);
        float[][] rows = [.. File.ReadLines(args[1]).Select(l => l.Split(' ').Select(t => float.Parse(t, CultureInfo.InvariantCulture)).ToArray())];
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(rows.Select(r => new Point { Features = r })));
        Console.WriteLine(string.Join(' ', schema.Select(c => c.Name)));
        IEnumerable<float[]> scores = scored.Schema["Score"].Type is VectorDataViewType ? scored.GetColumn<float[]>("Score") : scored.GetColumn<float>("Score").Select(s => new[] { s });
        foreach (float[] score in scores)
            Console.WriteLine(string.Join(' ', score.Select(BitConverter.SingleToInt32Bits)));
        return 0;
    }

    /// <summary>Scores rows with a saved model in that process.</summary>
    /// <returns>The names of the columns it was saved with, and the bits of each row's scores.</returns>
    public static (string[] Columns, int[][] Scores) Score(string model, string folder, IEnumerable<float[]> rows)
    {
        string file = Path.Combine(folder, "rows.txt");
        File.WriteAllLines(file, rows.Select(r => string.Join(' ', r.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))));
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { typeof(FreshProcess).Assembly.Location, model, file },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return (lines[0].Split(' '), [.. lines[1..].Select(l => l.Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray())]);
    }
}
