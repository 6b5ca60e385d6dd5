using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Signals;

namespace Sound;

/// <summary>From sound files to a saved model.</summary>
internal static class Training
{
    private const int SampleRate = 22050, Frames = 44, MelBins = 40;

    public static int Run(IReadOnlyList<Hit> hits, string modelFile, bool recurrent)
    {
        MLContext ml = new(seed: 1);
        Network network = recurrent ? RecurrentNet() : ConvNet();
        Console.WriteLine(network.WithOutputUnits(DrumKits.Labels.Count).Summary());

        // Each kit in turn is what the network has never heard: hits of one kit are far too alike to be on both sides.
        List<Verdict> verdicts = [];
        long start = Stopwatch.GetTimestamp();
        foreach (IGrouping<string, Hit> kit in hits.GroupBy(h => h.Kit))
        {
            ITransformer judged = Pipeline(ml, network).Fit(ml.Data.LoadFromEnumerable(hits.Where(h => h.Kit != kit.Key)));
            IDataView scored = judged.Transform(ml.Data.LoadFromEnumerable(kit));
            Verdict[] ofKit = [.. kit.Zip(scored.GetColumn<string>("PredictedLabel"), (h, said) => new Verdict(h, said))];
            verdicts.AddRange(ofKit);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Without {kit.Key,-24} trained on {hits.Count - ofKit.Length} hits: {ofKit.Count(v => v.IsRight),3} of its {ofKit.Length,3} are right."));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdicts.Select(v => v.Hit.Kit).Distinct().Count()} trainings in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s."));
        double accuracy = Report.Print(verdicts);

        IDataView all = ml.Data.LoadFromEnumerable(hits);
        ml.Model.Save(Pipeline(ml, network).Fit(all), all.Schema, modelFile);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Saved {modelFile}, trained on all kits: {new FileInfo(modelFile).Length / 1024.0:F0} KiB."));
        return accuracy >= 0.75 ? 0 : 1;
    }

    private static IEstimator<ITransformer> Pipeline(MLContext ml, Network network) => ml.Transforms.LoadSounds("Sound", nameof(Hit.Path), null, SampleRate, seconds: 1)
        .Append(ml.Transforms.MelSpectrogram("Mel", "Sound", SampleRate, new()
        {
            FrameLength = 1024,
            HopLength = 512,
            MelBins = MelBins,
            Scale = SpectrumScale.Decibel,
            RelativeToMaximum = true, // How hard it is hit says nothing.
        }))
        .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Mel", new()
        {
            Epochs = 20,
            BatchSize = 32,
            Optimizer = new AdamW { WeightDecay = 0.05f },
            LearningRateSchedule = new OneCycle(3e-3f),
            Loss = new SparseCategoricalCrossentropy { LabelSmoothing = 0.1f },
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    // A mel spectrogram is a picture of time by pitch. It is not averaged at the end: where in it something is tells a kick from a tom.
    private static Network ConvNet() => Network.Input(Frames, MelBins, 1).BatchNormalization(momentum: 0.9)
        .Convolve(16).MaxPool2D(2)
        .Convolve(32).MaxPool2D(2)
        .Convolve(32).MaxPool2D(2)
        .Flatten().Dropout(0.5).ClassOutput();

    // It is a sequence of spectra too.
    private static Network RecurrentNet() => Network.Input(Frames, MelBins).BatchNormalization(momentum: 0.9)
        .Dropout(0.2).Gru(48).Dropout(0.4).ClassOutput();

    private static Network Convolve(this Network network, int filters) =>
        network.Conv2D(filters, 3, padding: "same", useBias: false).BatchNormalization(momentum: 0.9).Relu();
}
