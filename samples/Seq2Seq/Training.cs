using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;

namespace Pronunciation;

/// <summary>From a dictionary to a saved model.</summary>
internal static class Training
{
    // Share of words that may be spoken wrong.
    private const double Allowed = 0.30;

    public static int Run(List<(string Spelling, List<string[]> Spoken)> words, string modelFile)
    {
        // A tenth of the words is held out, whole words with all their pronunciations.
        MLContext ml = new(seed: 1);
        Random random = new(1);
        bool[] isTest = [.. words.Select(_ => random.Next(10) == 0)];
        List<Word> train = [.. words.Where((_, i) => !isTest[i]).SelectMany(w => w.Spoken.Select(s => new Word(w.Spelling, s)))];
        List<(string Spelling, List<string[]> Spoken)> test = [.. words.Where((_, i) => isTest[i])];
        IDataView data = ml.Data.LoadFromEnumerable(train);
        Console.WriteLine($"{train.Count} pronunciations to train on, {test.Count} words to test on.");

        var pipeline = ml.Transforms.Conversion.MapValueToKey([new(nameof(Word.Letters)), new(nameof(Word.Sounds))])
            .Append(ml.MulticlassClassification.Trainers.SequenceToSequence(new()
            {
                Network = Networks.Seq2Seq(units: 256, embedding: 48, dropout: 0.2),
                SourceColumnName = nameof(Word.Letters),
                TargetColumnName = nameof(Word.Sounds),
                MaximumSourceLength = 20,
                MaximumTargetLength = 20,
                BeamWidth = 4,
                Optimizer = new Adam(),
                LearningRateSchedule = new OneCycle(3e-3f),
                Epochs = 8,
                BatchSize = 128,
                Progress = Console.WriteLine,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        long start = Stopwatch.GetTimestamp();
        ITransformer model = pipeline.Fit(data);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Trained for {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s."));
        ml.Model.Save(model, data.Schema, modelFile);
        Console.WriteLine($"Saved as {modelFile}.");

        // A word is right if it is spoken in one of the ways that the dictionary has.
        start = Stopwatch.GetTimestamp();
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(test.Select(w => new Word(w.Spelling))));
        int wrong = scored.GetColumn<string[]>("PredictedLabel").Zip(test).Count(p => !p.Second.Spoken.Any(s => s.SequenceEqual(p.First)));
        double error = (double)wrong / test.Count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * error:F2} % of the words held out are spoken wrong (at most {100 * Allowed:F0} % wanted; {Stopwatch.GetElapsedTime(start).TotalMilliseconds / test.Count:F1} ms a word)."));
        return error <= Allowed ? 0 : 1;
    }
}
