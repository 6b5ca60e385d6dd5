using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Adversarial;

/// <summary>
/// The hinge loss (Lim and Ye 2017; Miyato et al. 2018): the discriminator wants real rows to score more than 1 and generated ones less than -1, and cares no further.
/// For discriminators with <see cref="Network.WithSpectralNormalization"/>.
/// </summary>
public sealed record HingeLoss : AdversarialLoss
{
    /// <inheritdoc/>
    public override Tensor Discriminator(Tensor real, Tensor fake) => Ops.Mean(Ops.Relu(1f - real)) + Ops.Mean(Ops.Relu(fake + 1f));

    /// <inheritdoc/>
    public override Tensor Generator(Tensor fake) => -Ops.Mean(fake);

    internal override double? UndecidedLoss => 2;
}
