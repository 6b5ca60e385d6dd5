using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>
/// Lays two pictures over each other, in random proportions, and mixes what they should give in the same proportions (Zhang et al. 2018).
/// </summary>
/// <remarks>The other picture is one of the same batch. Proportions are drawn for each picture from Beta(Alpha, Alpha).</remarks>
public sealed record Mixup : MixOperation
{
    /// <summary>Mixing of pictures in proportions from Beta(<paramref name="alpha"/>, <paramref name="alpha"/>).</summary>
    /// <param name="alpha">More than 0. Default 0.2: one picture prevails mostly.</param>
    public Mixup(float alpha = 0.2f)
        : base(alpha)
    {
    }

    internal override float Mix(ref RandomNumbers random, ImageShape image, Span<float> pixels, ReadOnlySpan<float> other)
    {
        float share = (float)random.Beta(Alpha);
        RowMixing.Blend(pixels, other, share);
        return share;
    }
}
