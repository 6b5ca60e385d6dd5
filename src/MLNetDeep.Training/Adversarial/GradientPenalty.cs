using System.Globalization;
using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Adversarial;

/// <summary>A penalty on how fast the discriminator's score changes from place to place. Training then differentiates a gradient.</summary>
public abstract record GradientPenalty
{
    private protected GradientPenalty()
    {
    }

    /// <summary>What the penalty is multiplied by; more than 0. Default 10, as in the papers.</summary>
    public float Weight { get; init; } = 10;

    /// <summary>Adds the penalty, its weight included: a number.</summary>
    /// <param name="real">Real rows (batch, ...).</param>
    /// <param name="fake">Generated rows of the same shape.</param>
    /// <param name="score">Adds the discriminator's scores of rows.</param>
    /// <param name="step">The number of the step, which random numbers vary with.</param>
    /// <param name="seed">Seed of random numbers.</param>
    public abstract Tensor Compute(Tensor real, Tensor fake, Func<Tensor, Tensor> score, Tensor step, int seed);

    internal void Check()
    {
        if (!(Weight > 0 && float.IsFinite(Weight)))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The gradient penalty's Weight is {Weight}, expected more than 0."));
    }

    // The squared norm of the score's gradient, for each row: (batch). A row's score is taken to depend on that row alone.
    private protected static Tensor SquaredNorm(Tensor rows, Tensor scores)
    {
        Tensor gradient = Gradients.Compute([Ops.Sum(scores)], [rows])[0]
            ?? throw new ArgumentException("The discriminator's score does not depend on the rows that it is given.");
        return Ops.Sum(Ops.Square(gradient), [.. Enumerable.Range(1, rows.Shape.Rank - 1)]);
    }
}
