using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Optimizers;

/// <summary>What an optimizer needs to write down the update of a variable.</summary>
public sealed class OptimizerContext
{
    private readonly Graph _graph;
    private readonly string _name;
    private readonly List<Node> _updates;
    private readonly Dictionary<string, object> _once = new(StringComparer.Ordinal);

    internal OptimizerContext(Graph graph, string name, Tensor learningRate, List<Node> updates)
    {
        _graph = graph;
        _name = name;
        LearningRate = learningRate;
        _updates = updates;
    }

    /// <summary>The step size, a number.</summary>
    public Tensor LearningRate { get; }

    // The share of the variable at hand that weight decay takes off in a step: a number; null without decay.
    internal Tensor? Decay { get; set; }

    /// <summary>State of the optimizer of a variable's shape, such as its momentum.</summary>
    public Variable Slot(Variable variable, string name, float initial = 0)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return _graph.Variable($"{_name}/{name}/{variable.Name}", variable.Shape, new Constant(initial), trainable: false);
    }

    /// <summary>
    /// A number that belongs to the optimizer as a whole and moves on once a step, such as a power of a decay rate.
    /// <paramref name="next"/> is asked for its next value when the number is first used.
    /// </summary>
    public Tensor Number(string name, float initial, Func<Tensor, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        bool isNew = _graph.Find($"{_name}/{name}") is null;
        Variable variable = _graph.Variable($"{_name}/{name}", Shape.Scalar, new Constant(initial), trainable: false);
        if (isNew)
            _updates.Add(Ops.Assign(variable, next(variable.Tensor)));
        return variable.Tensor;
    }

    /// <summary>What <paramref name="make"/> gave when first asked under this name: numbers that all variables' updates share are added to the graph once.</summary>
    public T Once<T>(string name, Func<T> make)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(make);
        if (_once.TryGetValue(name, out object? made))
            return (T)made;
        T value = make();
        _once.Add(name, value);
        return value;
    }

    /// <summary>
    /// Moves the variable being learned: takes weight decay off it and then <paramref name="step"/>, which is in proportion to the learning rate;
    /// both times the variable's <see cref="Variable.LearningRateMultiplier"/>.
    /// </summary>
    public void Subtract(Variable variable, Tensor step)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(step);
        float multiplier = variable.LearningRateMultiplier;
        Tensor? decay = Decay;
        if (multiplier != 1)
            (step, decay) = (step * multiplier, decay is null ? null : decay * multiplier);
        Assign(variable, (decay is null ? variable.Tensor : variable.Tensor * (1f - decay)) - step);
    }

    /// <summary>Gives a variable, such as a slot, a new value at the end of the step.</summary>
    public void Assign(Variable variable, Tensor value) => _updates.Add(Ops.Assign(variable, value));
}
