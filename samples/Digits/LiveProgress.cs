using System.Globalization;
using MLNetDeep.Training;
using MLNetDeep.Training.Callbacks;
using Spectre.Console;

namespace Digits;

/// <summary>Shows training as it goes: a bar and the figures of each epoch in a terminal, plain lines elsewhere.</summary>
internal sealed class LiveProgress : Callback, IDisposable
{
    private readonly int _epochs;
    private readonly ManualResetEventSlim _finished = new();
    private readonly bool _live = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
    private Task? _display;
    private ProgressTask? _bar;
    private EpochResult? _last;

    public LiveProgress(int epochs) => _epochs = epochs;

    public override void OnTrainBegin(TrainingContext context)
    {
        if (!_live)
            return;
        using ManualResetEventSlim started = new();
        _display = Task.Run(() => AnsiConsole.Progress()
            .Columns(new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(display =>
            {
                _bar = display.AddTask("starting", maxValue: _epochs);
                started.Set();
                _finished.Wait();
            }));
        started.Wait();
    }

    public override void OnBatchEnd(TrainingContext context, in BatchResult result)
    {
        if (_bar is null || result.Batches is not { } batches)
            return;
        _bar.Value = result.Epoch - 1 + ((double)result.Batch / batches);
        if (result.Batch % 10 == 0)
            _bar.Description = string.Create(CultureInfo.InvariantCulture, $"epoch {result.Epoch}  loss {result.Loss:F4}  {Figures(_last)}");
    }

    public override void OnEpochEnd(TrainingContext context, EpochResult result)
    {
        _last = result;
        if (!_live && (result.Epoch == 1 || result.Epoch % 10 == 0))
            Console.WriteLine(result);
    }

    public void Finish(TimeSpan duration)
    {
        Stop();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Trained for {_last?.Epoch} epochs in {duration.TotalSeconds:F1} s."));
    }

    public void Dispose()
    {
        Stop();
        _finished.Dispose();
    }

    private static string Figures(EpochResult? epoch) => epoch is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"accuracy {100 * epoch.Metrics["accuracy"]:F1}%");

    private void Stop()
    {
        _finished.Set();
        _display?.Wait();
        _display = null;
    }
}
