using MLNetDeep.Graphs;

namespace MLNetDeep.Optimizers;

/// <summary><see cref="Adam"/> with Nesterov's momentum (Dozat 2016).</summary>
/// <remarks>
/// <c>u(t) = beta1 · (1 - 0.96^(t · decay) / 2); U(t) = u(1) · ... · u(t)</c>; m, v and the corrected v̂ as in Adam;
/// <c>w -= rate · ((1 - u(t)) / (1 - U(t)) · g + u(t+1) / (1 - U(t+1)) · m) / (√v̂ + epsilon)</c>.
/// This is PyTorch's; Keras's is the same with a <see cref="MomentumDecay"/> of 1.
/// </remarks>
public sealed record Nadam : Optimizer
{
    /// <summary>How slowly the mean of the gradients forgets; at least 0 and less than 1. Default 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How slowly the mean square forgets; at least 0 and less than 1. Default 0.999.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Keeps the divisor from 0. Default 1e-7.</summary>
    public float Epsilon { get; init; } = 1e-7f;

    /// <summary>How fast the momentum warms up. Default 0.004, as PyTorch; Keras has 1 built in.</summary>
    public float MomentumDecay { get; init; } = 4e-3f;

    /// <inheritdoc/>
    protected override void Check()
    {
        base.Check();
        SettingCheck.InRange(this, nameof(Beta1), Beta1, 0, MathF.BitDecrement(1));
        SettingCheck.InRange(this, nameof(Beta2), Beta2, 0, MathF.BitDecrement(1));
        SettingCheck.InRange(this, nameof(Epsilon), Epsilon, 0);
        SettingCheck.InRange(this, nameof(MomentumDecay), MomentumDecay, 0);
    }

    /// <inheritdoc/>
    protected override void Apply(OptimizerContext context, Variable variable, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(gradient);
        Variable means = context.Slot(variable, "m"), squares = context.Slot(variable, "v");
        Tensor mean = means.Tensor * Beta1 + gradient * (1 - Beta1);
        Tensor square = squares.Tensor * Beta2 + Ops.Square(gradient) * (1 - Beta2);
        context.Assign(means, mean);
        context.Assign(squares, square);
        (Tensor now, Tensor ahead, Tensor epsilon) = context.Once("nadam", () => Factors(context));
        context.Subtract(variable, (gradient * now + mean * ahead) / (Ops.Sqrt(square) + epsilon));
    }

    private (Tensor Now, Tensor Ahead, Tensor Epsilon) Factors(OptimizerContext context)
    {
        float decay = (float)Math.Pow(0.96, MomentumDecay);
        Tensor power = context.Number("momentum_power", decay, p => p * decay);
        Tensor u = Momentum(power), next = Momentum(power * decay);
        Tensor product = context.Number("momentum_product", Beta1 * (1 - 0.5f * decay), p => p * next);
        Tensor root = Ops.Sqrt(Adam.Correction(context, "beta2_correction", Beta2)), rate = context.LearningRate * root;
        return (rate * (1f - u) / (1f - product), rate * next / (1f - product * next), root * Epsilon);

        Tensor Momentum(Tensor p) => (1f - p * 0.5f) * Beta1;
    }
}
