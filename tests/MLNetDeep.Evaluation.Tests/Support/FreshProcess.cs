using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Evaluation.Tests.Support;

/// <summary>Loads a model in a process of its own that knows ML.NET only, and scores rows with it.</summary>
internal static class FreshProcess
{
    /// <summary>The entry point of that process.</summary>
    /// <param name="args">Model file; JSON file with rows; the columns wanted.</param>
    public static int Main(string[] args)
    {
        if (args.Length < 3)
        {
            Console.Error.WriteLine("Run these tests with 'dotnet test'.");
            return 2;
        }

        MLContext ml = new();
        foreach (string line in Describe(ml, ml.Model.Load(args[0], out _), JsonSerializer.Deserialize<List<Case>>(File.ReadAllText(args[1]))!, args[2..]))
            Console.WriteLine(line);
        return 0;
    }

    /// <summary>What a model says of rows, as lines: each value of each column, numbers as their bits; then what a prediction engine says.</summary>
    public static string[] Describe(MLContext ml, ITransformer model, IReadOnlyList<Case> rows, string[] columns)
    {
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(rows));
        List<string> lines = [.. columns.SelectMany(c => Bits.Of(scored, c).Select(v => string.Join(' ', v)))];
        if (scored.Schema["Score"].Type is VectorDataViewType)
            return [.. lines];
        using PredictionEngine<Case, WithProbability> engine = ml.Model.CreatePredictionEngine<Case, WithProbability>(model);
        lines.AddRange(rows.Select(engine.Predict).Select(p => $"{BitConverter.SingleToInt32Bits(p.Score)} {BitConverter.SingleToInt32Bits(p.Probability)} {p.PredictedLabel}"));
        return [.. lines];
    }

    /// <summary>The same of a saved model in a process of its own.</summary>
    public static string[] Describe(string model, IReadOnlyList<Case> rows, string[] columns)
    {
        string file = model + ".json";
        File.WriteAllText(file, JsonSerializer.Serialize(rows));
        return OwnProcess.Run([model, file, .. columns]);
    }
}
