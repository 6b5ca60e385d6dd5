namespace MLNetDeep.TimeSeries.Series;

/// <summary>Calendar features as numbers.</summary>
internal sealed class CalendarEncoder(CalendarFeatures features, CalendarEncoding encoding)
{
    private static readonly (CalendarFeatures Feature, int Cycle, Func<DateTime, int> Place)[] All =
    [
        (CalendarFeatures.Month, 12, d => d.Month - 1),
        (CalendarFeatures.Quarter, 4, d => (d.Month - 1) / 3),
        (CalendarFeatures.DayOfWeek, 7, d => (int)d.DayOfWeek),
        (CalendarFeatures.HourOfDay, 24, d => d.Hour),
    ];

    private readonly (CalendarFeatures Feature, int Cycle, Func<DateTime, int> Place)[] _used = [.. All.Where(a => features.HasFlag(a.Feature))];

    /// <summary>Numbers for a date.</summary>
    public int Width => _used.Sum(u => encoding == CalendarEncoding.Cyclic ? 2 : u.Cycle);

    /// <summary>The features that <see cref="CalendarFeatures.Auto"/> stands for with a step.</summary>
    public static CalendarFeatures Resolve(CalendarFeatures features, TimeStep step)
    {
        if (!features.HasFlag(CalendarFeatures.Auto))
            return features;
        CalendarFeatures found = step switch
        {
            { MonthCount: > 0 and var months } => months % 12 == 0 ? CalendarFeatures.None : months % 3 == 0 ? CalendarFeatures.Quarter : CalendarFeatures.Month,
            { Span.TotalDays: >= 7 } => CalendarFeatures.Month,
            { Span.TotalDays: >= 1 } => CalendarFeatures.DayOfWeek | CalendarFeatures.Month,
            _ => CalendarFeatures.HourOfDay | CalendarFeatures.DayOfWeek,
        };
        return (features & ~CalendarFeatures.Auto) | found;
    }

    /// <summary>Writes the numbers of a date.</summary>
    public void Write(DateTime date, Span<float> target)
    {
        int at = 0;
        foreach ((_, int cycle, Func<DateTime, int> place) in _used)
        {
            if (encoding == CalendarEncoding.Cyclic)
            {
                (double sin, double cos) = Math.SinCos(2 * Math.PI * place(date) / cycle);
                target[at++] = (float)sin;
                target[at++] = (float)cos;
                continue;
            }

            target.Slice(at, cycle).Clear();
            target[at + place(date)] = 1;
            at += cycle;
        }
    }
}
