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
                Network = Networks.Seq2Seq(units: 256, embedding: 64, encoderLayers: 2, dropout: 0.15),
                SourceColumnName = nameof(Word.Letters),
                TargetColumnName = nameof(Word.Sounds),

                // One word in 800 is longer.
                MaximumSourceLength = 16,
                MaximumTargetLength = 16,
                ValidationFraction = 0.02,
                BeamWidth = 4,
                Optimizer = new Adam(),
                LearningRateSchedule = new OneCycle(2e-3f),
                Epochs = 10,
                BatchSize = 64,

                // A run that was ended goes on from here.
                Checkpoint = new(modelFile + ".checkpoint"),
                Progress = Console.WriteLine,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        long start = Stopwatch.GetTimestamp();
        ITransformer model = pipeline.Fit(data);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Trained for {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s."));
        ml.Model.Save(model, data.Schema, modelFile);
        Console.WriteLine($"Saved as {modelFile}.");

        // A word is right if it is spoken in one of the ways that the dictionary has. As is usual for this data, what counts is the sounds.
        start = Stopwatch.GetTimestamp();
        string[][] written = [.. model.Transform(ml.Data.LoadFromEnumerable(test.Select(w => new Word(w.Spelling)))).GetColumn<string[]>("PredictedLabel")];
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds / test.Count;
        double Wrong(Func<string[], string[]> said, int ways) => (double)written.Zip(test).Count(p => !p.Second.Spoken.Take(ways).Any(s => said(s).SequenceEqual(said(p.First)))) / test.Count;
        double error = Wrong(WithoutStress, int.MaxValue);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * error:F2} % of the words held out are spoken wrong, by their sounds (at most {100 * Allowed:F0} % wanted; {milliseconds:F1} ms a word); {100 * Wrong(WithoutStress, 1):F2} % are not spoken in the first way that the dictionary has."));
        if (test.Any(w => w.Spoken.Any(s => !s.SequenceEqual(WithoutStress(s)))))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"By sounds and stress {100 * Wrong(s => s, int.MaxValue):F2} %, and {100 * Wrong(s => s, 1):F2} %."));
        foreach ((string[] sounds, (string spelling, List<string[]> spoken)) in written.Zip(test).Take(10))
            Console.WriteLine($"{spelling}: {string.Join(' ', sounds)}{(spoken.Any(sounds.SequenceEqual) ? "" : $"  (in the dictionary: {string.Join("; ", spoken.Select(s => string.Join(' ', s)))})")}");
        return error <= Allowed ? 0 : 1;
    }

    private static string[] WithoutStress(string[] sounds) => [.. sounds.Select(s => s.TrimEnd('0', '1', '2'))];
}
