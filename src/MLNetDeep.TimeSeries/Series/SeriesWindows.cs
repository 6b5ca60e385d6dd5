using MLNetDeep.Graphs;
using MLNetDeep.Training.Data;

namespace MLNetDeep.TimeSeries.Series;

/// <summary>
/// What a network sees of a series at an origin, and what it should say: windows are made when they are asked for, never kept.
/// </summary>
/// <remarks>
/// Values are transformed (logarithm), differenced and scaled. Targets are not differences but the distance of each step of the horizon from what
/// differencing alone would forecast for it (the last value; the last season's), so that an interval of the target is an interval of the value.
/// </remarks>
internal sealed class SeriesWindows
{
    private readonly SeriesSettings _settings;
    private readonly IReadOnlyDictionary<string, SeriesScale> _scales;
    private readonly SeriesScale[] _covariateScales;
    private readonly CalendarEncoder _calendar;
    private readonly int _pastChannels, _futureChannels;

    public SeriesWindows(SeriesSettings settings, IReadOnlyDictionary<string, SeriesScale> scales, SeriesScale[] covariateScales)
    {
        _settings = settings;
        _scales = scales;
        _covariateScales = covariateScales;
        _calendar = settings.CalendarEncoder;
        _pastChannels = settings.PastChannels;
        _futureChannels = settings.FutureChannels;
    }

    public SeriesSettings Settings => _settings;

    public IReadOnlyDictionary<string, SeriesScale> Scales => _scales;

    public IReadOnlyList<SeriesScale> CovariateScales => _covariateScales;

    /// <summary>Finds the scales of series.</summary>
    public static SeriesWindows Of(SeriesTable table)
    {
        SeriesSettings settings = table.Settings;
        Dictionary<string, SeriesScale> scales = new(StringComparer.Ordinal);
        foreach (SeriesHistory series in table.Series)
        {
            List<double> values = [];
            for (int i = settings.Lags; i <= series.Origin; i++)
            {
                if (series.Observed[i])
                    values.Add(Difference(settings, series, i));
            }

            scales.Add(series.Key, SeriesScale.Of(settings.Scaling, values));
        }

        int covariates = settings.PastCovariates.Count + settings.FutureCovariates.Count;
        SeriesScale[] covariateScales = [.. Enumerable.Range(0, covariates).Select(c => SeriesScale.Of(
            SeriesScaling.Standard,
            [.. table.Series.SelectMany(s => Enumerable.Range(0, s.Count).Select(i => (double)s.Covariates(i)[c]))]))];
        return new(settings, scales, covariateScales);
    }

    /// <summary>The numbers of an input of a row.</summary>
    public int SizeOf(SeriesInput input) => input switch
    {
        SeriesInput.Values => _settings.Window,
        SeriesInput.Covariates => _settings.Window * _pastChannels,
        SeriesInput.Future => _settings.Horizon * _futureChannels,
        _ => _settings.Window * (1 + _pastChannels),
    };

    /// <summary>The shape of an input of a row.</summary>
    public int[] ShapeOf(SeriesInput input) => input switch
    {
        SeriesInput.Values => [_settings.Window, 1],
        SeriesInput.Covariates => [_settings.Window, _pastChannels],
        SeriesInput.Future => [_settings.Horizon, _futureChannels],
        _ => [_settings.Window, 1 + _pastChannels],
    };

    /// <summary>Whether all that an origin's inputs need is there.</summary>
    public bool CanForecast(SeriesHistory series, int origin) =>
        origin >= _settings.Needed - 1 && (!_settings.NeedsFutureRows || origin + _settings.Horizon < series.Count);

    /// <summary>Writes an input.</summary>
    public void Write(SeriesInput input, SeriesHistory series, int origin, Span<float> target)
    {
        if (input == SeriesInput.Future)
        {
            for (int h = 0; h < _settings.Horizon; h++)
                WriteFuture(series, origin + 1 + h, target.Slice(h * _futureChannels, _futureChannels));
            return;
        }

        SeriesScale scale = _scales[series.Key];
        int first = origin - _settings.Window + 1;
        int width = (input == SeriesInput.Covariates ? 0 : 1) + (input == SeriesInput.Values ? 0 : _pastChannels);
        for (int i = 0; i < _settings.Window; i++)
        {
            Span<float> step = target.Slice(i * width, width);
            if (input != SeriesInput.Covariates)
            {
                step[0] = (float)((Difference(_settings, series, first + i) - scale.Center) / scale.Size);
                step = step[1..];
            }

            if (input == SeriesInput.Values)
                continue;
            int past = _settings.PastCovariates.Count;
            ReadOnlySpan<float> covariates = series.Covariates(first + i);
            for (int c = 0; c < past; c++)
                step[c] = Scaled(covariates, c);
            WriteFuture(series, first + i, step[past..]);
        }
    }

    /// <summary>Writes what the network should say at an origin.</summary>
    /// <returns>The share of the steps that have a value.</returns>
    public float WriteTarget(SeriesHistory series, int origin, Span<float> target)
    {
        int observed = 0;
        SeriesScale scale = _scales[series.Key];
        double center = _settings.IsDifferenced ? 0 : scale.Center;
        for (int h = 1; h <= target.Length; h++)
        {
            target[h - 1] = (float)((At(_settings, series, origin + h) - Anchor(series, origin, h) - center) / scale.Size);
            observed += series.Observed[origin + h] ? 1 : 0;
        }

        return (float)observed / target.Length;
    }

    /// <summary>What is to be added to the network's numbers, times the scale's size, for each step of the horizon.</summary>
    public void WriteOffsets(SeriesHistory series, int origin, Span<double> target)
    {
        double center = _settings.IsDifferenced ? 0 : _scales[series.Key].Center;
        for (int h = 1; h <= target.Length; h++)
            target[h - 1] = Anchor(series, origin, h) + center;
    }

    /// <summary>A value from what differencing and the transform have made of it.</summary>
    public double Restore(double value) => _settings.Transform switch
    {
        ValueTransform.Log => Math.Exp(value),
        ValueTransform.Log1p => Math.Exp(value) - 1,
        _ => value,
    };

    // What the series is forecast to be where all differences are zero.
    private double Anchor(SeriesHistory series, int origin, int h)
    {
        if (!_settings.IsDifferenced)
            return 0;
        double last = At(_settings, series, origin);
        if (_settings.Season == 0)
            return last;
        int seasons = (h + _settings.Season - 1) / _settings.Season;
        double before = At(_settings, series, origin + h - (seasons * _settings.Season));
        return _settings.Difference ? before + (seasons * (last - At(_settings, series, origin - _settings.Season))) : before;
    }

    private void WriteFuture(SeriesHistory series, int step, Span<float> target)
    {
        int known = _settings.FutureCovariates.Count, past = _settings.PastCovariates.Count;
        if (known > 0)
        {
            ReadOnlySpan<float> covariates = series.Covariates(step);
            for (int c = 0; c < known; c++)
                target[c] = Scaled(covariates, past + c);
        }

        if (target.Length > known)
            _calendar.Write(series.Time(step), target[known..]);
    }

    private float Scaled(ReadOnlySpan<float> covariates, int column) => (float)((covariates[column] - _covariateScales[column].Center) / _covariateScales[column].Size);

    private static double Difference(SeriesSettings settings, SeriesHistory series, int step)
    {
        double value = At(settings, series, step);
        int season = settings.Season;
        if (season > 0)
            value -= At(settings, series, step - season);
        if (settings.Difference)
            value -= At(settings, series, step - 1) - (season > 0 ? At(settings, series, step - 1 - season) : 0);
        return value;
    }

    private static double At(SeriesSettings settings, SeriesHistory series, int step) => Forward(settings, series.Values[step]);

    private static double Forward(SeriesSettings settings, double value) => settings.Transform switch
    {
        ValueTransform.Log => Math.Log(value),
        ValueTransform.Log1p => Math.Log(1 + value),
        _ => value,
    };
}
