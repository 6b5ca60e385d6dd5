using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNetDeep.TimeSeries.Series;

/// <summary>
/// The steps of a series up to now. Steps come one after another, and what stands in for a missing one is found from steps before it alone,
/// until a later one is there: a model never sees what was not known yet.
/// </summary>
internal sealed class SeriesHistory
{
    private readonly SeriesSettings _settings;
    private readonly List<double> _values;
    private readonly List<bool> _observed;
    private readonly List<float> _covariates;

    public SeriesHistory(string key, SeriesSettings settings)
        : this(key, settings, [], [], [], null, 0)
    {
    }

    private SeriesHistory(string key, SeriesSettings settings, List<double> values, List<bool> observed, List<float> covariates, DateTime? start, long dropped)
    {
        Key = key;
        _settings = settings;
        _values = values;
        _observed = observed;
        _covariates = covariates;
        Start = start;
        Dropped = dropped;
    }

    public string Key { get; }

    /// <summary>The steps there are.</summary>
    public int Count => _values.Count;

    /// <summary>The date of the very first step, those dropped included; null without a time column.</summary>
    public DateTime? Start { get; private set; }

    /// <summary>Steps at the beginning that are not kept any more.</summary>
    public long Dropped { get; private set; }

    /// <summary>Values, with what stands in for missing ones.</summary>
    public ReadOnlySpan<double> Values => CollectionsMarshal.AsSpan(_values);

    public ReadOnlySpan<bool> Observed => CollectionsMarshal.AsSpan(_observed);

    /// <summary>The step that forecasts follow: the last one, or, where rows without a value only tell of the future, the last one with a value. -1 if there is none.</summary>
    public int Origin => _settings.NeedsFutureRows ? _observed.LastIndexOf(true) : Count - 1;

    private int Width => _settings.PastCovariates.Count + _settings.FutureCovariates.Count;

    /// <summary>Past covariates, then future ones.</summary>
    public ReadOnlySpan<float> Covariates(int step) => CollectionsMarshal.AsSpan(_covariates).Slice(step * Width, Width);

    public DateTime Time(int step) => _settings.Step!.Value.Add(Start!.Value, Dropped + step);

    /// <summary>Adds a row.</summary>
    /// <param name="time">Its date; null without a time column.</param>
    /// <param name="value">Its value; NaN where it is missing.</param>
    /// <param name="covariates">Its covariates.</param>
    /// <exception cref="InvalidOperationException">The date repeats or goes back, lies between steps or too far ahead, the value is infinite or cannot be transformed, or a step is missing and may not.</exception>
    public void Append(DateTime? time, double value, ReadOnlySpan<float> covariates)
    {
        if (double.IsInfinity(value))
            throw Error($"has the value {value.ToString(CultureInfo.InvariantCulture)}{At(time)}: a network cannot learn that.");
        if (!double.IsNaN(value) && (_settings.Transform == ValueTransform.Log && value <= 0 || _settings.Transform == ValueTransform.Log1p && value < 0))
            throw Error($"has the value {value.ToString("R", CultureInfo.InvariantCulture)}{At(time)}, which has no {_settings.Transform}: use another ValueTransform.");
        foreach (float covariate in covariates)
        {
            if (!float.IsFinite(covariate))
                throw Error($"has a covariate that is {covariate.ToString(CultureInfo.InvariantCulture)}{At(time)} ({Names()}): replace missing covariates first, for instance with ReplaceMissingValues.");
        }

        // Rows without a value may tell of the future; once a value follows, they turn out to be missing.
        bool isGap = _settings.NeedsFutureRows ? !double.IsNaN(value) && Count > 0 && !_observed[^1] : double.IsNaN(value);
        if (isGap && _settings.Missing == MissingSteps.Error)
            throw Error($"has no value{(double.IsNaN(value) ? At(time) : $" before the one{At(time)}")}. Set MissingSteps to Interpolate or ForwardFill to let something stand in for it.");
        if (time is { } date && Start is not null)
        {
            long step = StepOf(date) - Dropped;
            long gap = step - Count;
            if (gap > 0 && _settings.Missing == MissingSteps.Error)
                throw Error($"has no row for {Text(Time(Count))}{(gap > 1 ? $" and {gap - 1} more steps" : "")} before {Text(date)}. Set MissingSteps to Interpolate or ForwardFill to let something stand in for them.");
            if (gap > _settings.LongestGap)
                throw Error($"has no rows from {Text(Time(Count))} to {Text(date)}: {gap} steps of {_settings.Step}, more than LongestGap ({_settings.LongestGap}) allows.");
            for (; gap > 0; gap--)
                Add(double.NaN, Count == 0 ? covariates : [.. Covariates(Count - 1)]);
        }
        else if (Count == 0 && double.IsNaN(value))
        {
            // Nothing is known yet that could stand in for it.
            return;
        }
        else
        {
            Start = time;
        }

        Add(value, covariates);
    }

    /// <summary>Whether a date comes after all steps.</summary>
    public bool IsAfter(DateTime time) => Start is null || time > Time(Count - 1);

    /// <summary>Whether a date comes after all steps and not too far.</summary>
    public bool Continues(DateTime time) => Start is null || IsAfter(time) && _settings.Step!.Value.Between(Start.Value, time) - Dropped - Count <= _settings.LongestGap;

    /// <summary>Drops all steps but those that forecasts need from now on.</summary>
    public void Trim()
    {
        // The last value with a value is needed to interpolate from; a gap is at most so long.
        int keep = _settings.Needed + (Count - 1 - Math.Max(Origin, -1)) + 1;
        int surplus = Count - keep;
        while (surplus > 0 && !_observed[surplus])
            surplus--;
        if (surplus <= 0)
            return;
        _values.RemoveRange(0, surplus);
        _observed.RemoveRange(0, surplus);
        _covariates.RemoveRange(0, surplus * Width);
        Dropped += surplus;
    }

    /// <summary>A copy of the first steps that can go on by itself.</summary>
    public SeriesHistory Copy(int? count = null)
    {
        int n = count ?? Count;
        SeriesHistory copy = new(Key, _settings, [.. _values.Take(n)], [.. _observed.Take(n)], [.. _covariates.Take(n * Width)], Start, Dropped);

        // What stood in for the last steps may have come from later ones.
        if (n < Count)
            copy.FillTail();
        return copy;
    }

    /// <summary>What <see cref="Restore"/> needs.</summary>
    public (double[] Values, bool[] Observed, float[] Covariates) Save() => ([.. _values], [.. _observed], [.. _covariates]);

    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public static SeriesHistory Restore(string key, SeriesSettings settings, double[] values, bool[] observed, float[] covariates, DateTime? start, long dropped)
    {
        SeriesHistory history = new(key, settings, [.. values], [.. observed], [.. covariates], start, dropped);
        if (observed.Length != values.Length || covariates.Length != values.Length * history.Width || dropped < 0 || (start is null) != (settings.TimeColumn is null || values.Length == 0)
            || values.Any(v => !double.IsFinite(v)) || covariates.Any(c => !float.IsFinite(c)) || (observed.Length > 0 && !observed[0]))
            throw new InvalidDataException($"the history of series '{key}' is damaged.");
        if (start is not null)
            _ = history.Time(values.Length - 1);
        return history;
    }

    private long StepOf(DateTime date)
    {
        if (_settings.Step!.Value.Between(Start!.Value, date) is not { } step)
            throw Error($"has a row at {Text(date)}, which lies between steps: they are {_settings.Step} apart from {Text(Start.Value)} on. Set Options.Step if that is not right.");
        if (step - Dropped >= Count)
            return step;
        throw Error(date == Time(Count - 1)
            ? $"has two rows at {Text(date)}: each step can have one value. Add them up, or drop one."
            : $"has a row at {Text(date)} after one at {Text(Time(Count - 1))}: rows of a series must be in order of time, each step once.");
    }

    private void Add(double value, ReadOnlySpan<float> covariates)
    {
        bool observed = !double.IsNaN(value);
        int last = _observed.LastIndexOf(true);
        _values.Add(observed ? value : last >= 0 ? _values[last] : double.NaN);
        _observed.Add(observed);
        _covariates.AddRange(covariates);
        if (!observed || _settings.Missing != MissingSteps.Interpolate)
            return;
        int now = Count - 1;
        for (int i = last + 1; i < now; i++)
            _values[i] = _values[last] + ((value - _values[last]) * (i - last) / (now - last));
    }

    private void FillTail()
    {
        int last = _observed.LastIndexOf(true);
        for (int i = last + 1; i < Count; i++)
            _values[i] = _values[last];
    }

    private string Names() => string.Join(", ", _settings.PastCovariates.Concat(_settings.FutureCovariates));

    private string At(DateTime? time) => time is { } date ? $" at {Text(date)}" : $" at step {Dropped + Count + 1}";

    private InvalidOperationException Error(string message) => new($"{_settings.Describe(Key)} {message}");

    public static string Text(DateTime date) => date.ToString(date.TimeOfDay == default ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
