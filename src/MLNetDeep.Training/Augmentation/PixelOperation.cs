using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>An operation that changes the values of pixels where they are.</summary>
public abstract record PixelOperation : ImageOperation
{
    private protected PixelOperation()
    {
    }

    /// <summary>Whether it needs to know the values that pixels can have.</summary>
    internal virtual bool UsesValueRange => true;

    /// <summary>Changes a picture.</summary>
    internal abstract void Apply(ref RandomNumbers random, ImageShape image, ImageAugmentation settings, Span<float> pixels);
}
