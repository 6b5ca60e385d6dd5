using System.Globalization;

namespace MLNetDeep.Training.Augmentation;

/// <summary>One way in which training images are changed at random; see <see cref="ImageAugmentation"/>.</summary>
public abstract record ImageOperation
{
    private protected ImageOperation()
    {
    }

    /// <summary>Share of the images that it changes; 0 to 1. Default 1 (for <see cref="RandomFlip"/> 0.5).</summary>
    public float Probability { get; init; } = 1;

    /// <summary>Checks the settings, and that images of this shape can be changed so.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or the images have the wrong shape.</exception>
    internal virtual void Check(ImageShape image) => Require(Probability is >= 0 and <= 1, nameof(Probability), Probability, "0 to 1");

    private protected void Require(bool holds, string setting, object value, string expected)
    {
        if (!holds)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{GetType().Name}: {setting} is {value}, expected {expected}."));
    }
}
