using System.Globalization;

namespace MLNetDeep.TimeSeries;

/// <summary>The distance from a step of a series to the next: a number of months, or a span of time.</summary>
public readonly record struct TimeStep
{
    private TimeStep(int months, TimeSpan span)
    {
        MonthCount = months;
        Span = span;
    }

    /// <summary>Months from a step to the next; 0 for a span of time.</summary>
    public int MonthCount { get; }

    /// <summary>Time from a step to the next; zero for months.</summary>
    public TimeSpan Span { get; }

    /// <summary>So many months. Series at the ends of months stay there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1 or more than 1200.</exception>
    public static TimeStep Months(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1200);
        return new(count, default);
    }

    /// <summary>So much time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above zero.</exception>
    public static TimeStep Of(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero);
        return new(0, span);
    }

    /// <summary>So many days.</summary>
    public static TimeStep Days(int count = 1) => Of(TimeSpan.FromDays(count));

    /// <summary>So many hours.</summary>
    public static TimeStep Hours(int count = 1) => Of(TimeSpan.FromHours(count));

    /// <summary>The date so many steps after another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such date.</exception>
    public DateTime Add(DateTime from, long steps)
    {
        if (MonthCount == 0)
            return from.AddTicks(checked(Span.Ticks * steps));
        DateTime to = from.AddMonths(checked((int)(MonthCount * steps)));
        return IsMonthEnd(from) ? to.AddDays(DateTime.DaysInMonth(to.Year, to.Month) - to.Day) : to;
    }

    /// <inheritdoc/>
    public override string ToString() => MonthCount switch
    {
        0 => Span.ToString("c", CultureInfo.InvariantCulture),
        1 => "1 month",
        _ => $"{MonthCount} months",
    };

    // Number of steps from one date to another, which may be negative; null where the other lies between steps.
    internal long? Between(DateTime from, DateTime to)
    {
        if (MonthCount == 0)
            return (to.Ticks - from.Ticks) % Span.Ticks == 0 ? (to.Ticks - from.Ticks) / Span.Ticks : null;
        int months = MonthsBetween(from, to);
        return months % MonthCount == 0 && SameDay(from, to) ? months / MonthCount : null;
    }

    // The step that most neighbours in time are apart; null where there are no two dates.
    internal static TimeStep? Infer(IEnumerable<IReadOnlyList<DateTime>> series)
    {
        Dictionary<long, long> spans = [];
        Dictionary<int, long> months = [];
        long monthly = 0, all = 0;
        foreach (IReadOnlyList<DateTime> times in series)
        {
            for (int i = 1; i < times.Count; i++)
            {
                long ticks = times[i].Ticks - times[i - 1].Ticks;
                if (ticks <= 0)
                    continue;
                all++;
                spans[ticks] = spans.GetValueOrDefault(ticks) + 1;
                int count = MonthsBetween(times[i - 1], times[i]);
                if (count > 0 && SameDay(times[i - 1], times[i]))
                {
                    monthly++;
                    months[count] = months.GetValueOrDefault(count) + 1;
                }
            }
        }

        if (all == 0)
            return null;
        return monthly == all
            ? Months(months.OrderByDescending(m => m.Value).ThenBy(m => m.Key).First().Key)
            : Of(TimeSpan.FromTicks(spans.OrderByDescending(s => s.Value).ThenBy(s => s.Key).First().Key));
    }

    private static int MonthsBetween(DateTime from, DateTime to) => ((to.Year - from.Year) * 12) + to.Month - from.Month;

    // The same time of the same day of the month, or of its last day.
    private static bool SameDay(DateTime from, DateTime to) => from.TimeOfDay == to.TimeOfDay &&
        (from.Day == to.Day || (IsMonthEnd(from) && IsMonthEnd(to)) || (from.Day > to.Day && IsMonthEnd(to)) || (to.Day > from.Day && IsMonthEnd(from)));

    private static bool IsMonthEnd(DateTime date) => date.Day == DateTime.DaysInMonth(date.Year, date.Month);
}
