using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MLNetDeep;
using MLNetDeep.Evaluation;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;

namespace Tagging;

/// <summary>From tagged sentences to a saved model.</summary>
internal static class Training
{
    private const double Wanted = 0.95;

    private static readonly string[] Features = [nameof(Sentence.Words), nameof(Sentence.Suffixes), nameof(Sentence.Endings), nameof(Sentence.Prefixes), nameof(Sentence.Shapes)];

    public static int Run(List<Sentence> sentences, string modelFile)
    {
        // Every tenth sentence is held out.
        List<Sentence> train = [.. sentences.Where((_, i) => i % 10 != 9)], test = [.. sentences.Where((_, i) => i % 10 == 9)];
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(train);
        Console.WriteLine($"{train.Count} sentences to train on, {test.Count} to test on, {train.SelectMany(s => s.Tags).Distinct().Count()} tags.");

        InputOutputColumnPair[] keys = [.. Features.Append(nameof(Sentence.Tags)).Select(f => new InputOutputColumnPair(f))];
        var pipeline = ml.Transforms.Conversion.MapValueToKey(keys)
            .Append(ml.MulticlassClassification.Trainers.SequenceLabeling(new()
            {
                Network = Tagger(),
                LabelColumnName = nameof(Sentence.Tags),
                FeatureColumnNames = Features,
                MaximumSequenceLength = 48,
                Optimizer = new Adam(),
                LearningRateSchedule = new OneCycle(4e-3f),
                Epochs = 3,
                BatchSize = 64,
                Progress = Console.WriteLine,
            }));
        long start = Stopwatch.GetTimestamp();
        var model = pipeline.Fit(data);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Trained for {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s."));

        SequenceLabelingMetrics metrics = ml.MulticlassClassification.EvaluateSequenceLabeling(model.Transform(ml.Data.LoadFromEnumerable(test)), nameof(Sentence.Tags));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * metrics.TokenAccuracy:F2} % of {metrics.TokenCount} words held out are tagged right (the most frequent tag of each word: {100 * MostFrequent(train, test):F2} %)."));
        ml.Model.Save(model.Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(data))), data.Schema, modelFile);
        Console.WriteLine($"Saved as {modelFile}.");
        return metrics.TokenAccuracy >= Wanted ? 0 : 1;
    }

    // Five views of each word side by side, then what stands around it: a bidirectional LSTM.
    private static Network Tagger()
    {
        Network words = Network.TokenInput(name: "words").Embedding(null, 64, maskZero: true);
        (string Name, int Size)[] parts = [("suffixes", 32), ("endings", 16), ("prefixes", 16), ("shapes", 8)];
        Network[] spelling = [.. parts.Select(p => Network.TokenInput(name: p.Name).Embedding(null, p.Size))];
        return words.Concatenate(spelling).Dropout(0.3).BiLstm(64, returnSequences: true).Dropout(0.3).TaskOutput();
    }

    // What a table of words gets: each word's commonest tag, the commonest of all for unknown words.
    private static double MostFrequent(List<Sentence> train, List<Sentence> test)
    {
        Dictionary<string, string> best = train.SelectMany(s => s.Words.Zip(s.Tags)).GroupBy(p => p.First)
            .ToDictionary(g => g.Key, g => g.CountBy(p => p.Second).MaxBy(c => c.Value).Key);
        string common = train.SelectMany(s => s.Tags).CountBy(t => t).MaxBy(c => c.Value).Key;
        return test.SelectMany(s => s.Words.Zip(s.Tags)).Average(p => best.GetValueOrDefault(p.First, common) == p.Second ? 1.0 : 0);
    }
}
