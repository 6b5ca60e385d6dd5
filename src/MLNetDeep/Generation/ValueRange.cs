using MLNetDeep.Graphs;

namespace MLNetDeep.Generation;

/// <summary>The numbers that a column's values lie between, which a generator that ends with tanh has as -1 and 1.</summary>
internal readonly record struct ValueRange(float Minimum, float Maximum)
{
    public static ValueRange None { get; } = new(-1, 1);

    public bool IsUsable => float.IsFinite(Minimum) && float.IsFinite(Maximum) && Maximum > Minimum;

    /// <summary>The range by which the least of the values becomes 0 rather than -1.</summary>
    public ValueRange FromZero => new((float)(2 * (double)Minimum - Maximum), Maximum);

    /// <summary>From the column's values to -1 to 1.</summary>
    public void Shrink(Span<float> values)
    {
        if (this == None)
            return;
        float middle = (float)(((double)Minimum + Maximum) / 2), half = (float)(((double)Maximum - Minimum) / 2);
        foreach (ref float value in values)
            value = (value - middle) / half;
    }

    /// <summary>Back.</summary>
    public void Stretch(Span<float> values)
    {
        if (this == None)
            return;
        float middle = (float)(((double)Minimum + Maximum) / 2), half = (float)(((double)Maximum - Minimum) / 2);
        foreach (ref float value in values)
            value = (value * half) + middle;
    }

    /// <summary><see cref="Stretch(Span{float})"/> as part of a network.</summary>
    public Tensor Stretch(Tensor values)
    {
        if (this == None)
            return values;
        float middle = (float)(((double)Minimum + Maximum) / 2), half = (float)(((double)Maximum - Minimum) / 2);
        return (values * half) + middle;
    }
}
