using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Adversarial;

/// <summary>
/// LSGAN (Mao et al. 2017): real rows should score 1 and generated ones 0, generated ones 1 for the generator; half the mean squares of what they miss by.
/// </summary>
public sealed record LeastSquaresLoss : AdversarialLoss
{
    /// <summary>One-sided label smoothing (Salimans et al. 2016): real rows should score 1 minus this; at least 0 and less than 0.5. Default 0.</summary>
    public float LabelSmoothing { get; init; }

    /// <inheritdoc/>
    public override Tensor Discriminator(Tensor real, Tensor fake) =>
        Ops.Mean(Ops.Square(real - (1 - LabelSmoothing))) * 0.5f + Ops.Mean(Ops.Square(fake)) * 0.5f;

    /// <inheritdoc/>
    public override Tensor Generator(Tensor fake) => Ops.Mean(Ops.Square(fake - 1f)) * 0.5f;

    internal override double? UndecidedLoss => 0.25;

    internal override void Check() => CheckSmoothing(LabelSmoothing);
}
