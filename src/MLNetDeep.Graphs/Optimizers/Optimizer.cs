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

    /// <summary>
    /// The norm of all gradients together is limited to this. Default null: no limit, but where none of the three is set a trainer limits networks with recurrent layers to 1
    /// (<c>TrainerOptions.RecurrentClipNorm</c>).
    /// </summary>
    public float? GlobalClipNorm { get; init; }

    /// <summary>
    /// Endings of the names of weights that <see cref="WeightDecay"/> leaves alone, such as <c>/bias</c>, <c>/gamma</c> and <c>/beta</c>.
    /// Default empty: all trainable weights decay, as in Keras.
    /// </summary>
    public IReadOnlyList<string> ExcludeFromWeightDecay { get; init; } = [];

    /// <summary>Adds gradients of <paramref name="loss"/> and updates, and returns the updates: the targets of a training step.</summary>
    /// <param name="loss">A number.</param>
    /// <param name="variables">What learns; those not trainable are left alone.</param>
    /// <param name="learningRate">The step size: a number, usually the placeholder <see cref="LearningRateFeed"/>.</param>
    /// <param name="name">First part of the names of the optimizer's own variables, to tell two optimizers in one graph apart.</param>
    /// <exception cref="ArgumentException">The loss does not depend on a variable (it is named); nothing is trainable; a setting is out of range, or more than one kind of clipping is asked for; the graph has an optimizer of that name.</exception>
    public IReadOnlyList<Node> Minimize(Tensor loss, IReadOnlyList<Variable> variables, Tensor learningRate, string name = "optimizer")
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(learningRate);
        ArgumentException.ThrowIfNullOrEmpty(name);
        RequireNumber(loss, "loss");
        RequireNumber(learningRate, "learning rate");
        Check();
        Graph graph = loss.Graph;
        if (graph.Variables.Any(v => v.Name.StartsWith(name + "/", StringComparison.Ordinal)))
            throw new ArgumentException($"The graph has an optimizer called '{name}' already; two in one graph need different names.", nameof(name));
        Variable[] learning = [.. variables.Where(v => v.Trainable).Distinct()];
        if (learning.Length == 0)
            throw new ArgumentException($"None of the {variables.Count} variables is trainable: there is nothing to learn.", nameof(variables));

        Tensor?[] found = Gradients.Compute([loss], [.. learning.Select(v => v.Tensor)]);
        int missing = Array.IndexOf(found, null);
        if (missing >= 0)
            throw new ArgumentException($"The loss does not depend on variable '{learning[missing].Name}'. Leave it out or set its layer's Trainable to false.", nameof(variables));

        List<Node> updates = [];
        using (graph.Scope(name))
        {
            Tensor[] gradients = Clip(found!);
            Tensor? decay = WeightDecay > 0 ? learningRate * WeightDecay : null;
            OptimizerContext context = new(graph, name, learningRate, updates);
            for (int i = 0; i < learning.Length; i++)
            {
                string variable = learning[i].Name;
                context.Decay = ExcludeFromWeightDecay.Any(e => variable.EndsWith(e, StringComparison.Ordinal)) ? null : decay;
                Apply(context, learning[i], gradients[i]);
            }
        }

        return updates;
    }

    /// <summary>Adds the update of one variable.</summary>
    protected abstract void Apply(OptimizerContext context, Variable variable, Tensor gradient);

    /// <summary>Checks the settings; called before anything is added to a graph.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    protected virtual void Check()
    {
        SettingCheck.InRange(this, nameof(LearningRate), LearningRate, 0);
        SettingCheck.InRange(this, nameof(WeightDecay), WeightDecay, 0);
        (string Name, float? Limit)[] limits = [(nameof(ClipValue), ClipValue), (nameof(ClipNorm), ClipNorm), (nameof(GlobalClipNorm), GlobalClipNorm)];
        string[] given = [.. limits.Where(l => l.Limit is not null).Select(l => l.Name)];
        if (given.Length > 1)
            throw new ArgumentException($"At most one of ClipValue, ClipNorm and GlobalClipNorm can be set, received {string.Join(" and ", given)}.");
        foreach ((string name, float? limit) in limits)
        {
            if (limit is { } value)
                SettingCheck.InRange(this, name, value, float.Epsilon);
        }
    }

    private Tensor[] Clip(Tensor[] gradients)
    {
        if (ClipValue is { } limit)
            return [.. gradients.Select(g => Ops.Clip(g, -limit, limit))];
        if (ClipNorm is { } norm)
            return [.. gradients.Select(g => g * Factor(Ops.Sum(Ops.Square(g)), norm))];
        if (GlobalClipNorm is { } global)
        {
            Tensor factor = Factor(gradients.Select(g => Ops.Sum(Ops.Square(g))).Aggregate((a, b) => a + b), global);
            return [.. gradients.Select(g => g * factor)];
        }

        return gradients;
    }

    // What brings a norm down to the limit, and 1 where it is below.
    private static Tensor Factor(Tensor squares, float limit) => limit / Ops.Maximum(Ops.Sqrt(squares), Ops.Like(squares, limit));

    private static void RequireNumber(Tensor tensor, string what)
    {
        if (tensor.Spec != new TensorSpec(DType.Float32, Shape.Scalar))
            throw new ArgumentException($"The {what} must be a Float32 number, received {tensor.Spec}.");
    }
}
