using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Signals;
using MLNetDeep.Training.Augmentation;

namespace Sound;

/// <summary>From sound files to a saved model.</summary>
internal static class Training
{
    private const int SampleRate = 22050, Frames = 44, MelBins = 40, Epochs = 40;
    private const float Silence = -80;

    public static int Run(IReadOnlyList<Hit> hits, string modelFile)
    {
        MLContext ml = new(seed: 1);
        Console.WriteLine(ConvNet().WithOutputUnits(DrumKits.Labels.Count).Summary());

        // Each kit in turn is what the network has never heard: hits of one kit are far too alike to be on both sides.
        List<Verdict> verdicts = [];
        long start = Stopwatch.GetTimestamp();
        foreach (IGrouping<string, Hit> kit in hits.GroupBy(h => h.Kit))
        {
            ITransformer judged = Pipeline(ml).Fit(ml.Data.LoadFromEnumerable(hits.Where(h => h.Kit != kit.Key)));
            IDataView scored = judged.Transform(ml.Data.LoadFromEnumerable(kit));
            Verdict[] ofKit = [.. kit.Zip(scored.GetColumn<string>("PredictedLabel"), (h, said) => new Verdict(h, said))];
            verdicts.AddRange(ofKit);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Without {kit.Key,-24} trained on {hits.Count - ofKit.Length} hits: {ofKit.Count(v => v.IsRight),3} of its {ofKit.Length,3} are right."));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdicts.Select(v => v.Hit.Kit).Distinct().Count()} trainings in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s."));
        double accuracy = Report.Print(verdicts);

        IDataView all = ml.Data.LoadFromEnumerable(hits);
        ml.Model.Save(Pipeline(ml).Fit(all), all.Schema, modelFile);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Saved {modelFile}, trained on all kits: {new FileInfo(modelFile).Length / 1024.0:F0} KiB."));
        return accuracy >= 0.8 ? 0 : 1;
    }

    private static IEstimator<ITransformer> Pipeline(MLContext ml) => ml.Transforms.LoadSounds("Sound", nameof(Hit.Path), null, SampleRate, seconds: 1)
        .Append(ml.Transforms.MelSpectrogram("Mel", "Sound", SampleRate, new()
        {
            FrameLength = 1024,
            HopLength = 512,
            MelBins = MelBins,
            Scale = SpectrumScale.Decibel,
            RelativeToMaximum = true, // How hard it is hit says nothing.
            TopDecibels = -Silence,
        }))
        .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(ConvNet(), "Label", "Mel", new()
        {
            Epochs = Epochs,
            BatchSize = 32,
            Optimizer = new AdamW { WeightDecay = 0.05f },
            LearningRateSchedule = new OneCycle(3e-3f),

            // A little later or earlier, a little higher or lower, and never all of it: other kits are tuned and recorded otherwise.
            Augmentation = new(new RandomShift(0.1f, 0.1f), new Cutout(8, 2)) { FillMode = FillMode.Constant, FillValue = Silence, ValueRange = (Silence, 0) },
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    // A mel spectrogram is a picture of time by pitch.
    private static Network ConvNet() => Network.Input(Frames, MelBins, 1).BatchNormalization(momentum: 0.9)
        .Convolve(16).MaxPool2D(2)
        .Convolve(32).MaxPool2D(2)
        .Convolve(64).GlobalAveragePool2D()
        .Dropout(0.3).ClassOutput();

    private static Network Convolve(this Network network, int filters) =>
        network.Conv2D(filters, 3, padding: "same", useBias: false).BatchNormalization(momentum: 0.9).Relu();
}
