using MLNetDeep.Graphs;

namespace MLNetDeep.Optimizers;

/// <summary>How weights follow their gradients. Settings only: the state (momenta) is in variables of the graph.</summary>
public abstract record Optimizer
{
    /// <summary>Name of the placeholder (a Float32 number) that the learning rate is fed through at each step.</summary>
    public const string LearningRateFeed = "learning_rate";

    /// <summary>Step size, unless a schedule gives another.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Decoupled weight decay (Loshchilov and Hutter 2019): each step every weight loses this times the learning rate of itself. Default 0.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Each gradient's elements are limited to ± this. Default null: no limit.</summary>
    public float? ClipValue { get; init; }

    /// <summary>Each gradient's norm is limited to this. Default null: no limit.</summary>
    public float? ClipNorm { get; init; }

    /// <summary>The norm of all gradients together is limited to this. Default null: no limit.</summary>
    public float? GlobalClipNorm { get; init; }

    /// <summary>Adds gradients of <paramref name="loss"/> and updates, and returns the updates: the targets of a training step.</summary>
    /// <param name="loss">A number.</param>
    /// <param name="variables">What learns; those not trainable are left alone.</param>
    /// <param name="learningRate">The step size: a number, usually the placeholder <see cref="LearningRateFeed"/>.</param>
    /// <param name="name">First part of the names of the optimizer's own variables, to tell two optimizers in one graph apart.</param>
    /// <exception cref="ArgumentException">The loss does not depend on a variable; it is named.</exception>
    public IReadOnlyList<Node> Minimize(Tensor loss, IReadOnlyList<Variable> variables, Tensor learningRate, string name = "optimizer") =>
        throw new NotImplementedException();

    /// <summary>Adds the update of one variable.</summary>
    protected abstract void Apply(OptimizerContext context, Variable variable, Tensor gradient);
}
