using MLNetDeep.Engines;
using MLNetDeep.TimeSeries.Intervals;
using MLNetDeep.TimeSeries.Series;

namespace MLNetDeep.TimeSeries.Models;

/// <summary>
/// Origins that are scored together. What they need of their series is taken when they are added: series may go on before the network runs.
/// </summary>
internal sealed class ForecastBatch : IDisposable
{
    private readonly ForecastModel _model;
    private readonly IExecutable _executable;
    private readonly double[] _offsets, _sizes;
    private readonly int _horizon;
    private bool _disposed;

    public ForecastBatch(ForecastModel model, int capacity)
    {
        _model = model;
        _executable = model.Scorer.Rent();
        _horizon = model.Settings.Horizon;
        _offsets = new double[capacity * _horizon];
        _sizes = new double[capacity];
        Capacity = capacity;
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Adds an origin.</summary>
    /// <param name="series">The series up to it, or beyond.</param>
    /// <param name="origin">Its step there.</param>
    /// <param name="future">The series as far as the horizon is known.</param>
    /// <param name="futureOrigin">The origin's step there.</param>
    /// <returns>Its row.</returns>
    public int Add(SeriesHistory series, int origin, SeriesHistory future, int futureOrigin)
    {
        SeriesWindows windows = _model.Windows;
        int row = Count++;
        for (int i = 0; i < _model.Inputs.Count; i++)
        {
            if (!_executable.Feeds.Contains(_model.Scorer.Inputs[i]))
                continue;
            int size = windows.SizeOf(_model.Inputs[i]);
            bool ahead = _model.Inputs[i] == SeriesInput.Future;
            windows.Write(_model.Inputs[i], ahead ? future : series, ahead ? futureOrigin : origin, _executable.Feed<float>(_model.Scorer.Inputs[i], Capacity).Slice(row * size, size));
        }

        windows.WriteOffsets(series, origin, _offsets.AsSpan(row * _horizon, _horizon));
        _sizes[row] = windows.Scales[series.Key].Size;
        return row;
    }

    public void Run()
    {
        if (Count > 0)
            _executable.Run(Count);
    }

    /// <summary>The network's own numbers for a row.</summary>
    public ReadOnlySpan<float> Outputs(int row)
    {
        int width = _model.Scorer.Output.Shape.UnitSize;
        return _executable.Fetch<float>(_model.Scorer.Output).Slice(row * width, width);
    }

    /// <summary>The forecast of a row.</summary>
    public void Read(int row, double factor, ForecastNumbers into)
    {
        IntervalModel intervals = _model.Intervals;
        int size = IntervalModel.OutputsOf(intervals.Likelihood);
        ReadOnlySpan<float> outputs = Outputs(row);
        for (int h = 0; h < _horizon; h++)
        {
            (double middle, double lower, double upper) = intervals.Interval(outputs.Slice(h * size, size), h, factor);
            double offset = _offsets[(row * _horizon) + h];
            into.Values[h] = (float)_model.Windows.Restore((middle * _sizes[row]) + offset);
            into.Lower[h] = (float)_model.Windows.Restore((lower * _sizes[row]) + offset);
            into.Upper[h] = (float)_model.Windows.Restore((upper * _sizes[row]) + offset);
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _model.Scorer.Return(_executable);
    }
}
