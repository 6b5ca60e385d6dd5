using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Adversarial;

/// <summary>
/// WGAN-GP (Gulrajani et al. 2017): <c>weight · mean((‖∇score(x)‖ - 1)²)</c> at points drawn evenly on the lines between real rows and generated ones, so that the score
/// changes by about 1 over a distance of 1. With it a discriminator should have no batch normalisation, which ties rows together; layer normalisation is fine.
/// </summary>
public sealed record InterpolationPenalty : GradientPenalty
{
    // Keeps the gradient of the square root finite where the score is flat.
    private const float Flat = 1e-12f;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor real, Tensor fake, Func<Tensor, Tensor> score, Tensor step, int seed)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(fake);
        ArgumentNullException.ThrowIfNull(score);

        // One share a row.
        int[] ones = [.. Enumerable.Repeat(1, real.Shape.Rank - 1)];
        Tensor share = Ops.RandomUniform(Ops.Sum(real, [.. Enumerable.Range(1, real.Shape.Rank - 1)]), step, seed);
        return At(real, fake, Ops.Reshape(share, Shape.Batched(ones)), score);
    }

    /// <summary>The penalty at given points of the lines.</summary>
    internal Tensor At(Tensor real, Tensor fake, Tensor share, Func<Tensor, Tensor> score)
    {
        Tensor points = real * share + fake * (1f - share);
        return Ops.Mean(Ops.Square(Ops.Sqrt(SquaredNorm(points, score(points)) + Flat) - 1f)) * Weight;
    }
}
