using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Evaluation;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Transformers;

namespace Tagging;

/// <summary>From tagged sentences to a saved model.</summary>
internal static class Training
{
    private const double Wanted = 0.95;

    private static readonly string[] Features = [nameof(Sentence.Words), nameof(Sentence.Suffixes), nameof(Sentence.Endings), nameof(Sentence.Prefixes), nameof(Sentence.Shapes)];

    public static int Run(List<Sentence> sentences, string modelFile)
    {
        // Of ten sentences in a row the last is held out, and the one before it is what choices such as the network's sizes are judged by.
        List<Sentence> train = [.. sentences.Where((_, i) => i % 10 < 8)], development = [.. sentences.Where((_, i) => i % 10 == 8)], test = [.. sentences.Where((_, i) => i % 10 == 9)];
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(train);
        Console.WriteLine($"{train.Count} sentences to train on, {development.Count} to look at while training, {test.Count} to test on, {train.SelectMany(s => s.Tags).Distinct().Count()} tags.");

        // A word that is there once gets no key: so the network learns what to make of unknown words, from their spelling and what stands around them.
        IDataView common = ml.Data.LoadFromEnumerable(train.SelectMany(s => s.Words).CountBy(w => w).Where(w => w.Value > 1).Select(w => new Entry { Word = w.Key }).ToList());
        var keys = ml.Transforms.Conversion.MapValueToKey(nameof(Sentence.Words), keyData: common)
            .Append(ml.Transforms.Conversion.MapValueToKey([.. Features[1..].Append(nameof(Sentence.Tags)).Select(f => new InputOutputColumnPair(f))]))
            .Fit(data);
        var trainer = ml.MulticlassClassification.Trainers.SequenceLabeling(new()
        {
            Network = Tagger(),
            LabelColumnName = nameof(Sentence.Tags),
            FeatureColumnNames = Features,
            MaximumSequenceLength = 64,
            ValidationSet = keys.Transform(ml.Data.LoadFromEnumerable(development)),
            Optimizer = new Adam(),
            LearningRateSchedule = new OneCycle(4e-3f),
            Epochs = 4,
            BatchSize = 32,
            Progress = Console.WriteLine,
        });
        long start = Stopwatch.GetTimestamp();
        TransformerChain<NeuralNetworkTransformer> model = keys.Append(trainer.Fit(keys.Transform(data)));
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
        Network words = Network.TokenInput(name: "words").Embedding(null, 96, maskZero: true);
        (string Name, int Size)[] parts = [("suffixes", 48), ("endings", 16), ("prefixes", 24), ("shapes", 8)];
        Network[] spelling = [.. parts.Select(p => Network.TokenInput(name: p.Name).Embedding(null, p.Size))];
        return words.Concatenate(spelling).Dropout(0.3).BiLstm(96, returnSequences: true).Dropout(0.3).TaskOutput();
    }

    // What a table of words gets: each word's commonest tag, the commonest of all for unknown words.
    private static double MostFrequent(List<Sentence> train, List<Sentence> test)
    {
        Dictionary<string, string> best = train.SelectMany(s => s.Words.Zip(s.Tags)).GroupBy(p => p.First)
            .ToDictionary(g => g.Key, g => g.CountBy(p => p.Second).MaxBy(c => c.Value).Key);
        string common = train.SelectMany(s => s.Tags).CountBy(t => t).MaxBy(c => c.Value).Key;
        return test.SelectMany(s => s.Words.Zip(s.Tags)).Average(p => best.GetValueOrDefault(p.First, common) == p.Second ? 1.0 : 0);
    }

    private sealed class Entry
    {
        public string Word { get; set; } = "";
    }
}
