using System.Globalization;
using MLNetDeep.Training;
using MLNetDeep.Training.Callbacks;
using Spectre.Console;

namespace FashionMnist;

/// <summary>Shows training as it goes: a line an epoch, and in a terminal how far the present one is.</summary>
internal sealed class LiveProgress(int epochs) : Callback
{
    private readonly bool _live = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
    private readonly List<double> _durations = [];

    public override void OnBatchEnd(TrainingContext context, in BatchResult result)
    {
        if (_live && result.Batch % 10 == 0)
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"\repoch {result.Epoch}/{epochs}  batch {result.Batch}/{result.Batches}  loss {result.Loss:F4} "));
    }

    public override void OnEpochEnd(TrainingContext context, EpochResult result)
    {
        _durations.Add(result.Duration.TotalSeconds);
        if (_live)
            Console.Write("\r\e[K");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {result.Epoch,2}/{epochs}  loss {result.Loss:F4}  accuracy on augmented images {100 * result.Metrics["accuracy"]:F2}%  {result.Duration.TotalSeconds:F1} s"));
    }

    public void Finish(TimeSpan duration) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"Trained for {_durations.Count} epochs in {duration.TotalSeconds:F1} s, {_durations.Average():F1} s an epoch."));
}
