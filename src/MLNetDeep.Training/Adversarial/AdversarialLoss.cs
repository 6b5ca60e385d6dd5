using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Adversarial;

/// <summary>
/// What a generator and a discriminator play for. The discriminator's scores are plain numbers (logits), higher for rows that look real:
/// its last layer has no activation.
/// </summary>
public abstract record AdversarialLoss
{
    /// <summary>The number that the discriminator makes small.</summary>
    /// <param name="real">Its scores of real rows.</param>
    /// <param name="fake">Its scores of generated rows.</param>
    public abstract Tensor Discriminator(Tensor real, Tensor fake);

    /// <summary>The number that the generator makes small.</summary>
    /// <param name="fake">The discriminator's scores of generated rows.</param>
    public abstract Tensor Generator(Tensor fake);

    /// <summary>What the discriminator's weights are limited to (±) after each of its steps; null for no limit.</summary>
    internal virtual float? WeightLimit => null;

    /// <summary>The discriminator's loss where it gives all rows the score between those that it wants: no better than tossing a coin. Null where scores have no scale.</summary>
    internal virtual double? UndecidedLoss => null;

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">One is out of range; it is named.</exception>
    internal virtual void Check()
    {
    }

    private protected static void CheckSmoothing(float smoothing)
    {
        if (!(smoothing is >= 0 and < 0.5f))
            throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"LabelSmoothing is {smoothing}, expected at least 0 and less than 0.5."));
    }
}
