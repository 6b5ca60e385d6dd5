using MLNetDeep.Graphs;

namespace MLNetDeep.Optimizers;

/// <summary>Steps divided by a running root mean square of the gradients (Hinton 2012).</summary>
/// <remarks>
/// <c>v = rho · v + (1 - rho) · g²; w -= rate · g / (√v + epsilon)</c>; centered: <c>√(v - a²)</c> with <c>a</c> the running mean of <c>g</c>;
/// with momentum: <c>m = momentum · m + g / (√v + epsilon); w -= rate · m</c>.
/// This is PyTorch's form. Keras divides by <c>√(v + epsilon)</c> and puts the rate inside the momentum.
/// </remarks>
public sealed record RMSprop : Optimizer
{
    /// <summary>How slowly the running mean forgets; 0 to 1. Default 0.9, as Keras (PyTorch, alpha: 0.99).</summary>
    public float Rho { get; init; } = 0.9f;

    /// <summary>How much of the last step's direction is kept; 0 to 1. Default 0.</summary>
    public float Momentum { get; init; }

    /// <summary>Whether the gradients' variance takes the place of their mean square. Default false.</summary>
    public bool Centered { get; init; }

    /// <summary>Keeps the divisor from 0. Default 1e-7.</summary>
    public float Epsilon { get; init; } = 1e-7f;

    /// <inheritdoc/>
    protected override void Check()
    {
        base.Check();
        SettingCheck.InRange(this, nameof(Rho), Rho, 0, 1);
        SettingCheck.InRange(this, nameof(Momentum), Momentum, 0, 1);
        SettingCheck.InRange(this, nameof(Epsilon), Epsilon, 0);
    }

    /// <inheritdoc/>
    protected override void Apply(OptimizerContext context, Variable variable, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(gradient);
        Variable squares = context.Slot(variable, "mean_square");
        Tensor square = squares.Tensor * Rho + Ops.Square(gradient) * (1 - Rho);
        context.Assign(squares, square);
        Tensor variance = square;
        if (Centered)
        {
            Variable means = context.Slot(variable, "mean");
            Tensor mean = means.Tensor * Rho + gradient * (1 - Rho);
            context.Assign(means, mean);

            // Rounding can take the difference below 0.
            variance = Ops.Relu(square - Ops.Square(mean));
        }

        Tensor divisor = Ops.Sqrt(variance) + Epsilon;
        if (Momentum == 0)
        {
            context.Subtract(variable, gradient * context.LearningRate / divisor);
            return;
        }

        Variable slot = context.Slot(variable, "momentum");
        Tensor momentum = slot.Tensor * Momentum + gradient / divisor;
        context.Assign(slot, momentum);
        context.Subtract(variable, momentum * context.LearningRate);
    }
}
