using MLNetDeep.Graphs;

namespace MLNetDeep.Optimizers;

/// <summary>Adaptive moments (Kingma and Ba 2015).</summary>
/// <remarks>
/// <c>m = beta1 · m + (1 - beta1) · g; v = beta2 · v + (1 - beta2) · g²;
/// w -= rate · (m / (1 - beta1ᵗ)) / (√(v / (1 - beta2ᵗ)) + epsilon)</c>, as the paper and PyTorch.
/// Keras's epsilon stands beside <c>√v</c> before the correction: it equals this one times <c>√(1 - beta2ᵗ)</c>, which goes to 1.
/// </remarks>
public record Adam : Optimizer
{
    /// <summary>How slowly the mean of the gradients forgets; at least 0 and less than 1. Default 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How slowly the mean square forgets; at least 0 and less than 1. Default 0.999.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Keeps the divisor from 0. Default 1e-7, as Keras (PyTorch: 1e-8).</summary>
    public float Epsilon { get; init; } = 1e-7f;

    /// <summary>Whether the largest mean square so far is divided by (Reddi, Kale and Kumar 2018). Default false.</summary>
    public bool AmsGrad { get; init; }

    /// <inheritdoc/>
    protected override void Check()
    {
        base.Check();
        SettingCheck.InRange(this, nameof(Beta1), Beta1, 0, MathF.BitDecrement(1));
        SettingCheck.InRange(this, nameof(Beta2), Beta2, 0, MathF.BitDecrement(1));
        SettingCheck.InRange(this, nameof(Epsilon), Epsilon, 0);
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
        if (AmsGrad)
        {
            Variable largest = context.Slot(variable, "v_max");
            square = Ops.Maximum(largest.Tensor, square);
            context.Assign(largest, square);
        }

        // The corrections are numbers: multiplied out of the square root, they cost nothing for each weight.
        (Tensor rate, Tensor epsilon) = context.Once("adam", () =>
        {
            Tensor root = Ops.Sqrt(Correction(context, "beta2_correction", Beta2));
            return (context.LearningRate * root / Correction(context, "beta1_correction", Beta1), root * Epsilon);
        });
        context.Subtract(variable, mean * rate / (Ops.Sqrt(square) + epsilon));
    }

    // 1 - betaᵗ, kept as the running mean of ones, which loses no digits to the subtraction.
    internal static Tensor Correction(OptimizerContext context, string name, float beta) => context.Number(name, 1 - beta, c => c * beta + (1 - beta));
}
