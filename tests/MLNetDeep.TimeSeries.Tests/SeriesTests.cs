using MLNetDeep.TimeSeries.Series;
using MLNetDeep.TimeSeries.Tests.Support;

namespace MLNetDeep.TimeSeries.Tests;

/// <summary>Steps, gaps, differences and calendars, worked out by hand.</summary>
public class SeriesTests
{
    private static readonly SeriesSettings Plain = new() { InputColumn = "Value", Window = 3, Horizon = 2, LongestGap = 5 };

    [Fact]
    public void Steps_are_told_from_dates()
    {
        Assert.Equal(TimeStep.Months(), Infer("2020-01-31", "2020-02-29", "2020-03-31", "2020-06-30"));
        Assert.Equal(TimeStep.Months(3), Infer("1960-01-01", "1960-04-01", "1960-07-01"));
        Assert.Equal(TimeStep.Months(12), Infer("1960-01-01", "1961-01-01"));
        Assert.Equal(TimeStep.Days(), Infer("2020-02-28", "2020-02-29", "2020-03-01", "2020-03-05"));
        Assert.Equal(TimeStep.Days(7), Infer("2020-01-01", "2020-01-08", "2020-01-15"));
        Assert.Equal(TimeStep.Hours(), TimeStep.Infer([[new(2020, 1, 1, 5, 0, 0), new(2020, 1, 1, 6, 0, 0)]]));
        Assert.Null(Infer("2020-01-01"));

        static TimeStep? Infer(params string[] dates) => TimeStep.Infer([[.. dates.Select(Date)]]);
    }

    [Fact]
    public void Steps_count_through_the_calendar()
    {
        Assert.Equal(Date("2020-02-29"), TimeStep.Months().Add(Date("2020-01-31"), 1));
        Assert.Equal(Date("2020-03-31"), TimeStep.Months().Add(Date("2020-02-29"), 1));
        Assert.Equal(Date("2021-01-15"), TimeStep.Months(3).Add(Date("2020-04-15"), 3));
        Assert.Equal(Date("2019-12-31"), TimeStep.Days().Add(Date("2020-01-01"), -1));
        Assert.Equal(2, TimeStep.Months(3).Between(Date("2020-01-01"), Date("2020-07-01")));
        Assert.Null(TimeStep.Months(3).Between(Date("2020-01-01"), Date("2020-08-01")));
        Assert.Null(TimeStep.Months().Between(Date("2020-01-01"), Date("2020-02-02")));
        Assert.Equal(-3, TimeStep.Days().Between(Date("2020-01-04"), Date("2020-01-01")));
        Assert.Equal("1 month", TimeStep.Months().ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeStep.Of(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeStep.Months(0));
    }

    [Theory]
    [InlineData(CalendarFeatures.Month, CalendarEncoding.Cyclic, "2020-04-10", new float[] { 1, 0 })]
    [InlineData(CalendarFeatures.Quarter, CalendarEncoding.Cyclic, "2020-07-10", new float[] { 0, -1 })]
    [InlineData(CalendarFeatures.Quarter, CalendarEncoding.OneHot, "2020-12-31", new float[] { 0, 0, 0, 1 })]
    [InlineData(CalendarFeatures.DayOfWeek, CalendarEncoding.OneHot, "2020-01-01", new float[] { 0, 0, 0, 1, 0, 0, 0 })]
    [InlineData(CalendarFeatures.HourOfDay, CalendarEncoding.Cyclic, "2020-01-01T18:30:00", new float[] { -1, 0 })]
    [InlineData(CalendarFeatures.Month | CalendarFeatures.Quarter, CalendarEncoding.Cyclic, "2020-01-01", new float[] { 0, 1, 0, 1 })]
    [InlineData(CalendarFeatures.None, CalendarEncoding.Cyclic, "2020-01-01", new float[0])]
    public void Dates_become_numbers(CalendarFeatures features, CalendarEncoding encoding, string date, float[] expected)
    {
        CalendarEncoder encoder = new(features, encoding);
        float[] numbers = new float[encoder.Width];
        encoder.Write(Date(date), numbers);
        Assert.Equal(expected.Length, numbers.Length);
        Assert.All(expected.Zip(numbers), p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    [Fact]
    public void The_step_says_which_features_matter()
    {
        Assert.Equal(CalendarFeatures.Month, Auto(TimeStep.Months()));
        Assert.Equal(CalendarFeatures.Quarter, Auto(TimeStep.Months(3)));
        Assert.Equal(CalendarFeatures.None, Auto(TimeStep.Months(12)));
        Assert.Equal(CalendarFeatures.Month, Auto(TimeStep.Days(7)));
        Assert.Equal(CalendarFeatures.DayOfWeek | CalendarFeatures.Month, Auto(TimeStep.Days()));
        Assert.Equal(CalendarFeatures.HourOfDay | CalendarFeatures.DayOfWeek, Auto(TimeStep.Hours()));
        Assert.Equal(CalendarFeatures.Quarter, CalendarEncoder.Resolve(CalendarFeatures.Quarter, TimeStep.Days()));

        static CalendarFeatures Auto(TimeStep step) => CalendarEncoder.Resolve(CalendarFeatures.Auto, step);
    }

    [Theory]
    [InlineData(MissingSteps.Interpolate, new double[] { 1, 2, 3, 4, 4 })]
    [InlineData(MissingSteps.ForwardFill, new double[] { 1, 1, 1, 4, 4 })]
    public void Missing_values_are_stood_in_for_by_what_is_known_so_far(MissingSteps missing, double[] expected)
    {
        SeriesHistory series = Of(Plain with { Missing = missing }, double.NaN, 1, double.NaN, double.NaN);
        Assert.Equal([1, 1, 1], series.Values.ToArray());
        series.Append(null, 4, []);
        series.Append(null, double.NaN, []);
        Assert.Equal(expected, series.Values.ToArray());
        Assert.Equal([true, false, false, true, false], series.Observed.ToArray());

        // Cut before the later value, it is not known.
        Assert.Equal([1, 1, 1], series.Copy(3).Values.ToArray());
    }

    [Fact]
    public void Gaps_in_time_are_missing_steps()
    {
        SeriesHistory series = new("", Plain with { TimeColumn = "Time", Step = TimeStep.Months() });
        series.Append(Date("2020-01-01"), 1, []);
        series.Append(Date("2020-04-01"), 4, []);
        Assert.Equal([1, 2, 3, 4], series.Values.ToArray());
        Assert.Equal(Date("2020-03-01"), series.Time(2));
        Assert.False(series.IsAfter(Date("2020-04-01")));
        Assert.True(series.Continues(Date("2020-10-01")));
        Assert.False(series.Continues(Date("2020-11-01")));
    }

    [Fact]
    public void Trimming_keeps_what_forecasts_need()
    {
        SeriesSettings settings = Plain with { Season = 2, TimeColumn = "Time", Step = TimeStep.Days() };
        SeriesHistory series = new("", settings);
        for (int i = 0; i < 20; i++)
            series.Append(Date("2020-01-01").AddDays(i), i, []);
        DateTime last = series.Time(series.Count - 1);
        series.Trim();
        Assert.InRange(series.Count, 5, 6);
        Assert.Equal(last, series.Time(series.Count - 1));
        Assert.Equal(19, series.Values[^1]);
        series.Append(last.AddDays(2), 21, []);
        Assert.Equal([19, 20, 21], series.Values[^3..].ToArray());
    }

    [Theory]
    [InlineData(false, 0, new double[] { 0, 0, 0 })]
    [InlineData(true, 0, new double[] { 7, 7, 7 })]
    [InlineData(false, 2, new double[] { 4, 7, 4 })]
    [InlineData(true, 2, new double[] { 4 + 5, 7 + 5, 4 + 10 })]
    public void Where_differences_are_zero_the_forecast_is_that_of_differencing(bool difference, int season, double[] expected)
    {
        SeriesSettings settings = Plain with { Horizon = 3, Window = 1, Difference = difference, Season = season, Scaling = SeriesScaling.None };
        SeriesHistory series = Of(settings, 1, 2, 4, 7);
        SeriesWindows windows = new(settings, new Dictionary<string, SeriesScale> { [""] = new(0, 1) }, []);
        double[] offsets = new double[3];
        windows.WriteOffsets(series, 3, offsets);
        Assert.Equal(expected, offsets);
    }

    [Fact]
    public void A_window_holds_scaled_differences()
    {
        SeriesSettings settings = Plain with { Window = 2, Difference = true, Season = 2 };
        SeriesHistory series = Of(settings, 1, 2, 4, 7, 3);
        SeriesWindows windows = new(settings, new Dictionary<string, SeriesScale> { [""] = new(1, 2) }, []);
        float[] window = new float[2];
        windows.Write(SeriesInput.Values, series, 4, window);

        // Changes 1, 2, 3, -4; less those of a season before 3 - 1 = 2 and -4 - 2 = -6; less 1, over 2.
        Assert.Equal([0.5f, -3.5f], window);
    }

    [Theory]
    [InlineData(ValueTransform.None, SeriesScaling.Standard, false, 0)]
    [InlineData(ValueTransform.Log, SeriesScaling.Standard, true, 0)]
    [InlineData(ValueTransform.Log1p, SeriesScaling.MeanAbsolute, false, 3)]
    [InlineData(ValueTransform.Log, SeriesScaling.None, true, 3)]
    public void Targets_come_back_as_values(ValueTransform transform, SeriesScaling scaling, bool difference, int season)
    {
        SeriesSettings settings = Plain with { Horizon = 5, Transform = transform, Scaling = scaling, Difference = difference, Season = season };
        SeriesHistory series = Of(settings, 3, 8, 2, 5, 9, 4, 7, 1, 6, 12, 5, 8, 3);
        List<double> values = [2, 3, 5];
        SeriesScale scale = SeriesScale.Of(scaling, values);
        SeriesWindows windows = new(settings, new Dictionary<string, SeriesScale> { [""] = scale }, []);
        float[] target = new float[5];
        double[] offsets = new double[5];
        Assert.Equal(1, windows.WriteTarget(series, 7, target));
        windows.WriteOffsets(series, 7, offsets);
        for (int h = 0; h < 5; h++)
            Assert.Equal(series.Values[8 + h], windows.Restore((target[h] * scale.Size) + offsets[h]), 1e-4);
    }

    [Fact]
    public void Scales_are_those_of_the_values()
    {
        Assert.Equal(new(3, Math.Sqrt(2)), SeriesScale.Of(SeriesScaling.Standard, [1, 2, 3, 4, 5]));
        Assert.Equal(new(0, 2), SeriesScale.Of(SeriesScaling.MeanAbsolute, [-1, 2, -3]));
        Assert.Equal(new(0, 1), SeriesScale.Of(SeriesScaling.None, [5, 6]));
        Assert.Equal(new(7, 1), SeriesScale.Of(SeriesScaling.Standard, [7, 7, 7]));
        Assert.Equal(new(0, 1), SeriesScale.Of(SeriesScaling.MeanAbsolute, [0, 0]));
    }

    private static SeriesHistory Of(SeriesSettings settings, params double[] values)
    {
        SeriesHistory series = new("", settings);
        foreach (double value in values)
            series.Append(null, value, []);
        return series;
    }

    private static DateTime Date(string text) => DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
