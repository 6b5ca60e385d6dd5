using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Adversarial;

/// <summary>R1 (Mescheder, Geiger and Nowozin 2018): <c>weight / 2 · mean(‖∇score(x)‖²)</c> at real rows, so that the discriminator comes to rest where the generator has arrived.</summary>
public sealed record R1Penalty : GradientPenalty
{
    /// <inheritdoc/>
    public override Tensor Compute(Tensor real, Tensor fake, Func<Tensor, Tensor> score, Tensor step, int seed)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(score);
        return Ops.Mean(SquaredNorm(real, score(real))) * (Weight / 2);
    }
}
