using MLNetDeep.Graphs;

namespace MLNetDeep.Optimizers;

/// <summary>Steps that shrink with the gradients each weight has seen (Duchi, Hazan and Singer 2011).</summary>
/// <remarks>
/// <c>a = a + g²; w -= rate · g / (√a + epsilon)</c>, as PyTorch; Keras divides by <c>√(a + epsilon)</c>.
/// </remarks>
public sealed record AdaGrad : Optimizer
{
    /// <summary>First value of the accumulator; at least 0. Default 0.1, as Keras (PyTorch: 0).</summary>
    public float InitialAccumulator { get; init; } = 0.1f;

    /// <summary>Keeps the divisor from 0. Default 1e-7.</summary>
    public float Epsilon { get; init; } = 1e-7f;

    /// <inheritdoc/>
    protected override void Check()
    {
        base.Check();
        SettingCheck.InRange(this, nameof(InitialAccumulator), InitialAccumulator, 0);
        SettingCheck.InRange(this, nameof(Epsilon), Epsilon, 0);
    }

    /// <inheritdoc/>
    protected override void Apply(OptimizerContext context, Variable variable, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(gradient);
        Variable slot = context.Slot(variable, "accumulator", InitialAccumulator);
        Tensor accumulator = slot.Tensor + Ops.Square(gradient);
        context.Assign(slot, accumulator);
        context.Subtract(variable, gradient * context.LearningRate / (Ops.Sqrt(accumulator) + Epsilon));
    }
}
