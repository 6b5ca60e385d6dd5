using MLNetDeep.Graphs;

namespace MLNetDeep.Generation;

/// <summary>The numbers that a column's values lie between, which a generator that ends with tanh has as -1 and 1.</summary>
internal readonly record struct ValueRange(float Minimum, float Maximum)
{
    public static ValueRange None { get; } = new(-1, 1);

    /// <summary>The range, or where all values are the same one round them, so that they lie at 0; <see cref="None"/> where there is none that numbers can express.</summary>
    public ValueRange OrRound
    {
        get
        {
            float room = Math.Max(1, Math.Abs(Minimum) / 2);
            ValueRange range = Minimum == Maximum ? new(Minimum - room, Maximum + room) : this;
            return range.IsUsable ? range : None;
        }
    }

    public bool IsUsable => float.IsFinite(Minimum) && float.IsFinite(Maximum) && Maximum > Minimum;

    /// <summary>The range by which the least of the values becomes 0 rather than -1.</summary>
    public ValueRange FromZero => new((float)(2 * (double)Minimum - Maximum), Maximum);

    private (float Middle, float Half) Scale => ((float)(((double)Minimum + Maximum) / 2), (float)(((double)Maximum - Minimum) / 2));

    /// <summary>From the column's values to -1 to 1.</summary>
    public void Shrink(Span<float> values)
    {
        if (this == None)
            return;
        (float middle, float half) = Scale;
        foreach (ref float value in values)
            value = (value - middle) / half;
    }

    /// <summary>Back.</summary>
    public void Stretch(Span<float> values)
    {
        if (this == None)
            return;
        (float middle, float half) = Scale;
        foreach (ref float value in values)
            value = (value * half) + middle;
    }

    /// <summary><see cref="Stretch(Span{float})"/> as part of a network.</summary>
    public Tensor Stretch(Tensor values)
    {
        if (this == None)
            return values;
        (float middle, float half) = Scale;
        return (values * half) + middle;
    }
}
