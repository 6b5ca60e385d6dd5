using Microsoft.ML;
using MLNetDeep.Tests.Support;
using MLNetDeep.TimeSeries.Estimators;
using MLNetDeep.TimeSeries.Evaluation;
using MLNetDeep.TimeSeries.Tests.Support;
using MLNetDeep.Training;
using MLNetDeep.Training.Callbacks;

namespace MLNetDeep.TimeSeries.Tests;

/// <summary>Trainings that were ended go on from their checkpoints.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Epochs = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-forecast-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The first training has six epochs, the one on all windows as many as were best.
    [Theory]
    [InlineData(3)]
    [InlineData(Epochs + 1)]
    public void A_run_that_was_cancelled_goes_on_to_the_same_bits(int cancelAfter)
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.View(Readings.Wave(80));
        using CancellationTokenSource source = new();
        Counter stopped = new() { CancelAfter = cancelAfter, Source = source }, resumed = new(), whole = new();
        Assert.Throws<OperationCanceledException>(() => Estimator(_folder, stopped, source.Token).Fit(data));
        int[][] Forecasts(string? folder, Counter counter) => Bits.Of(Estimator(folder, counter).Fit(data).Transform(data), "Forecast");
        Assert.Equal(Forecasts(null, whole), Forecasts(_folder, resumed));
        Assert.Equal(whole.Epochs - cancelAfter, resumed.Epochs);
    }

    [Fact]
    public void Each_origin_of_a_backtest_has_a_checkpoint_of_its_own()
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.View(Readings.Wave(80));
        Counter first = new(), second = new(), none = new();
        BacktestResult Run(string? folder, Counter counter) => ml.Forecasting.Backtest(data, Estimator(folder, counter), origins: 2);
        BacktestResult plain = Run(null, none), kept = Run(_folder, first), again = Run(_folder, second);
        Assert.Equal(plain.Model.Overall, kept.Model.Overall);
        Assert.Equal(plain.Model.Overall, again.Model.Overall);
        Assert.Equal(none.Epochs, first.Epochs);
        Assert.Equal(0, second.Epochs);
    }

    private static DLinearForecastingEstimator Estimator(string? folder, Callback callback, CancellationToken token = default) => new MLContext(seed: 1).Forecasting.ForecastByDLinear(Readings.Options().With(o =>
    {
        o.Epochs = Epochs;
        o.Checkpoint = folder is null ? null : new(folder);
        o.Callbacks = [callback];
        o.CancellationToken = token;
    }));

    private sealed class Counter : Callback
    {
        public int CancelAfter { get; init; } = int.MaxValue;

        public CancellationTokenSource? Source { get; init; }

        public int Epochs { get; private set; }

        public override void OnEpochEnd(TrainingContext context, EpochResult result)
        {
            if (++Epochs == CancelAfter)
                Source!.Cancel();
        }
    }
}
