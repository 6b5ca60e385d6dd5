namespace MLNetDeep.Training.Augmentation;

/// <summary>Arithmetic of mixed rows.</summary>
internal static class RowMixing
{
    /// <summary>Mixes numbers in proportion.</summary>
    /// <param name="own">Numbers that get the result.</param>
    /// <param name="other">Numbers to mix in.</param>
    /// <param name="share">The share of <paramref name="own"/>, 0 to 1.</param>
    public static void Blend(Span<float> own, ReadOnlySpan<float> other, float share)
    {
        if (share == 1)
            return;
        for (int i = 0; i < own.Length; i++)
            own[i] = other[i] + (own[i] - other[i]) * share;
    }
}
