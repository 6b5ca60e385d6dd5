using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>
/// An operation that makes one picture of two of a batch, and one target of theirs. Where several stand in a list, each picture gets one of
/// them, drawn evenly.
/// </summary>
public abstract record MixOperation : ImageOperation
{
    private protected MixOperation(float alpha) => Alpha = alpha;

    /// <summary>Shape of the Beta distribution that shares are drawn from: 1 makes all equally likely, less favours one of the two pictures; more than 0.</summary>
    public float Alpha { get; init; }

    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Alpha > 0 && float.IsFinite(Alpha), nameof(Alpha), Alpha, "a number greater than 0");
    }

    /// <summary>Mixes <paramref name="other"/> into <paramref name="pixels"/>.</summary>
    /// <returns>The share of <paramref name="pixels"/>' own target.</returns>
    internal abstract float Mix(ref RandomNumbers random, ImageShape image, Span<float> pixels, ReadOnlySpan<float> other);
}
