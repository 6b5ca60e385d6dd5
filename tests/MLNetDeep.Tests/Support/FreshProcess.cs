using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Support;

/// <summary>Loads a model in a process of its own that knows ML.NET only, and scores one text file with it.</summary>
internal static class FreshProcess
{
    /// <summary>The entry point of that process.</summary>
    /// <param name="args">Model file; text file with one row of numbers a line. Or: model file; JSON file with rows of words; the columns wanted.</param>
    public static int Main(string[] args)
    {
        if (args.Length > 2)
        {
            MLContext context = new();
            foreach (string line in Describe(context, context.Model.Load(args[0], out _), JsonSerializer.Deserialize<List<WordRow>>(File.ReadAllText(args[1]))!, args[2..]))
                Console.WriteLine(line);
            return 0;
        }

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
        string[] lines = OwnProcess.Run(model, file);
        return (lines[0].Split(' '), [.. lines[1..].Select(l => l.Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray())]);
    }

    /// <summary>What a model says of rows, as lines: each value of each column, numbers as their bits; and what it writes, if it writes.</summary>
    public static string[] Describe(MLContext ml, ITransformer model, IReadOnlyList<WordRow> rows, string[] columns)
    {
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(rows));
        IEnumerable<string> lines = columns.SelectMany(c => scored.Schema[c].Type is VectorDataViewType { ItemType: TextDataViewType }
            ? scored.GetColumn<string[]>(c).Select(v => string.Join(' ', v))
            : Bits.Of(scored, c).Select(v => string.Join(' ', v)));
        return [.. lines, .. Written(model)];
    }

    /// <summary>As <see cref="Describe"/>, of a saved model in that process.</summary>
    public static string[] Describe(string model, string folder, IReadOnlyList<WordRow> rows, string[] columns)
    {
        string file = Path.Combine(folder, "rows.json");
        File.WriteAllText(file, JsonSerializer.Serialize(rows));
        return OwnProcess.Run([model, file, .. columns]);
    }

    private static IEnumerable<string> Written(ITransformer model) => model is IEnumerable<ITransformer> chain && chain.OfType<LanguageModelTransformer>().FirstOrDefault() is { } language
        ? Enumerable.Range(0, 10).Select(seed => string.Join(' ', language.Generate([], 8, seed: seed)))
        : [];

    /// <summary>A row of words, for all that models of sequences take.</summary>
    internal sealed class WordRow
    {
        public string Text { get; set; } = "";

        public string[] Words { get; set; } = [];

        public string[] Tags { get; set; } = [];

        public string Kind { get; set; } = "";

        [VectorType(3)]
        public float[] Point { get; set; } = new float[3];
    }
}
