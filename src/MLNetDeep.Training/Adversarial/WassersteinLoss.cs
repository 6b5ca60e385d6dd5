using System.Globalization;
using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Adversarial;

/// <summary>
/// WGAN (Arjovsky, Chintala and Bottou 2017): the discriminator, here called a critic, makes the mean scores of real and generated rows as different as it can.
/// It must not change too fast from place to place: limit its weights with <see cref="WeightClip"/>, or, better, give <see cref="InterpolationPenalty"/> (WGAN-GP).
/// Its scores are no logits. Several discriminator steps a generator step are usual, 5 in the papers.
/// </summary>
public sealed record WassersteinLoss : AdversarialLoss
{
    /// <summary>The critic's weights are limited to ± this after each of its steps, 0.01 in the paper; more than 0. Default null: no limit.</summary>
    public float? WeightClip { get; init; }

    /// <inheritdoc/>
    public override Tensor Discriminator(Tensor real, Tensor fake) => Ops.Mean(fake) - Ops.Mean(real);

    /// <inheritdoc/>
    public override Tensor Generator(Tensor fake) => -Ops.Mean(fake);

    internal override float? WeightLimit => WeightClip;

    internal override void Check()
    {
        if (WeightClip is { } limit && !(limit > 0 && float.IsFinite(limit)))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"WeightClip is {limit}, expected more than 0, or null for no limit."));
    }
}
