using MLNetDeep.Graphs;

namespace MLNetDeep.Optimizers;

/// <summary>Gradient descent, plain or with momentum.</summary>
/// <remarks>
/// Plain: <c>w -= rate · g</c>. With momentum: <c>m = momentum · m + g; w -= rate · m</c>; Nesterov (Sutskever et al. 2013): <c>w -= rate · (g + momentum · m)</c>.
/// This is PyTorch's form. Keras keeps <c>rate · m</c> instead of <c>m</c>; the two are the same while the rate stands still.
/// </remarks>
public sealed record Sgd : Optimizer
{
    /// <summary>With Keras's default learning rate, 0.01.</summary>
    public Sgd() => LearningRate = 0.01f;

    /// <summary>How much of the last step's direction is kept; 0 to 1. Default 0.</summary>
    public float Momentum { get; init; }

    /// <summary>Whether the gradient counts as if taken a step ahead. Default false.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    protected override void Check()
    {
        base.Check();
        SettingCheck.InRange(this, nameof(Momentum), Momentum, 0, 1);
        if (Nesterov && Momentum == 0)
            throw new ArgumentException("Sgd: Nesterov needs a Momentum greater than 0.");
    }

    /// <inheritdoc/>
    protected override void Apply(OptimizerContext context, Variable variable, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(gradient);
        Tensor direction = gradient;
        if (Momentum > 0)
        {
            Variable slot = context.Slot(variable, "momentum");
            Tensor momentum = slot.Tensor * Momentum + gradient;
            context.Assign(slot, momentum);
            direction = Nesterov ? gradient + momentum * Momentum : momentum;
        }

        context.Subtract(variable, direction * context.LearningRate);
    }
}
