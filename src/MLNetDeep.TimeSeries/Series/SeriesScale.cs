namespace MLNetDeep.TimeSeries.Series;

/// <summary>How the (transformed, differenced) values of a series are brought to a common size: less a center, over a size.</summary>
internal readonly record struct SeriesScale(double Center, double Size)
{
    /// <summary>The scale of numbers. Where they are all the same there is no size to divide by: it is 1.</summary>
    public static SeriesScale Of(SeriesScaling scaling, IReadOnlyList<double> values)
    {
        if (scaling == SeriesScaling.None || values.Count == 0)
            return new(0, 1);
        double mean = values.Average();
        double size = scaling == SeriesScaling.Standard
            ? Math.Sqrt(values.Average(v => (v - mean) * (v - mean)))
            : values.Average(Math.Abs);

        // Rounding makes constants differ a little.
        bool isConstant = size <= 1e-12 * Math.Max(Math.Abs(mean), 1e-300);
        return new(scaling == SeriesScaling.Standard ? mean : 0, isConstant || size < 1e-30 ? 1 : size);
    }
}
