using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers;

/// <summary>What a layer needs to know while it becomes part of a graph, and where it leaves what is not an output.</summary>
public sealed class LayerContext
{
    private readonly BuildContext _build;
    private readonly bool _trainable;
    private readonly float _learningRateMultiplier;

    // The layer of the network that the weights are counted with.
    private readonly string _owner;
    private int _randoms;

    internal LayerContext(BuildContext build, string layerName, bool trainable, float learningRateMultiplier = 1)
        : this(build, layerName, layerName, trainable, learningRateMultiplier)
    {
    }

    private LayerContext(BuildContext build, string owner, string layerName, bool trainable, float learningRateMultiplier)
    {
        _owner = owner;
        _build = build;
        LayerName = layerName;
        _trainable = trainable;
        _learningRateMultiplier = learningRateMultiplier;
    }

    /// <summary>The graph.</summary>
    public Graph Graph => _build.Graph;

    /// <summary>The layer's name, unique in the network.</summary>
    public string LayerName { get; }

    /// <summary>Whether dropout and batch statistics are on.</summary>
    public bool Training => _build.Training;

    /// <summary>Whether this layer's weights learn.</summary>
    public bool Trainable => _trainable;

    /// <summary>Number of outputs that the task asks of the network (classes of a label column), or null while unknown.</summary>
    public int? OutputUnits => _build.OutputUnits;

    /// <summary>What the task asks the network to end with after a linear layer, such as <see cref="Softmax"/>; null for nothing.</summary>
    public Layer? OutputActivation => _build.OutputActivation;

    /// <summary>The number of the training step, an Int32 number fed at each run: what random operations vary with.</summary>
    public Tensor Step => _build.Step;

    /// <summary>A weight of the layer, or the one that an earlier use of the layer made.</summary>
    /// <param name="name">Its role, such as <c>kernel</c>.</param>
    /// <param name="shape">Its shape, not batched.</param>
    /// <param name="initializer">Its first values.</param>
    /// <param name="trainable">False for statistics that no optimizer changes.</param>
    /// <param name="regularizer">A penalty that joins the training loss, once however often the layer is used, while the weight learns.</param>
    public Variable AddWeight(string name, Shape shape, Initializer initializer, bool trainable = true, Regularizer? regularizer = null)
    {
        Variable variable = Graph.Variable($"{_build.Prefix}{LayerName}/{name}", shape, initializer, trainable && _trainable, _learningRateMultiplier);
        if (_build.NoteWeight(_owner, variable) && regularizer is not null && Training && variable.Trainable)
            AddLoss(regularizer.Penalty(variable.Tensor));
        return variable;
    }

    /// <summary>The context of a layer that is a part of this one: the names of its weights begin with this layer's name and the part's.</summary>
    internal LayerContext Part(string name, Layer layer) =>
        new(_build, _owner, $"{LayerName}/{name}", _trainable && layer.Trainable, _learningRateMultiplier * layer.LearningRateMultiplier);

    /// <summary>Says that the network has a recurrent layer; see <see cref="BuildContext.IsRecurrent"/>.</summary>
    internal void NoteRecurrent() => _build.IsRecurrent = true;

    /// <summary>Whether a stateful layer goes on from the batch before; see <see cref="BuildContext.CarryState"/>.</summary>
    internal bool CarryState => _build.CarryState;

    /// <summary>The state that a stateful layer keeps from one batch to the next: zeros at first. It is no weight.</summary>
    internal Variable State(string name, Shape shape) => Graph.Variable($"{_build.Prefix}{LayerName}/{name}", shape, Constant.Zeros, trainable: false);

    /// <summary>Gives a state the value that the next batch goes on from.</summary>
    /// <exception cref="ArgumentException">An earlier use of the layer does so too.</exception>
    internal void KeepState(Variable state, Tensor value)
    {
        if (_build.StateUpdates.Any(u => u.Inputs[0] == state.Tensor))
            throw new ArgumentException("a stateful layer cannot be used twice: both uses would change one state.");
        _build.StateUpdates.Add(Ops.Assign(state, value));
    }

    /// <summary>Adds a number to the training loss, such as a weight penalty.</summary>
    public void AddLoss(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (Training && !loss.Shape.Equals(Shape.Scalar))
            throw new ArgumentException($"A layer's loss must be a number, received shape {loss.Shape}.", nameof(loss));
        if (Training)
            _build.Losses.Add(loss);
    }

    /// <summary>Lets a number be reported by epoch, as its mean over the training rows. Where several layers report one name, their sum is.</summary>
    /// <param name="name">What history and progress call it, such as <c>kl_divergence</c>.</param>
    /// <param name="figure">The number, a mean over the batch.</param>
    public void AddFigure(string name, Tensor figure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(figure);
        if (Training && !figure.Shape.Equals(Shape.Scalar))
            throw new ArgumentException($"A layer's figure must be a number, received shape {figure.Shape}.", nameof(figure));
        if (Training)
            _build.Figures[name] = _build.Figures.TryGetValue(name, out Tensor? other) ? other + figure : figure;
    }

    /// <summary>Gives a weight a new value after each training step.</summary>
    /// <exception cref="ArgumentException">An earlier use of the layer does so too; the other overload lets them follow one another.</exception>
    public void AddUpdate(Variable variable, Tensor value)
    {
        if (Training)
            _build.Update(variable, before => ReferenceEquals(before, variable.Tensor) ? value : throw new ArgumentException($"Two updates of variable '{variable.Name}'."));
    }

    /// <summary>Moves a weight on after each training step, such as a running mean. A layer used several times moves it as often, one after the other.</summary>
    /// <param name="variable">The weight.</param>
    /// <param name="next">Its next value from its last.</param>
    public void AddUpdate(Variable variable, Func<Tensor, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (Training)
            _build.Update(variable, next);
    }

    /// <summary>Adds a layer that this one is made of. Its weights are this layer's, their names begin with <paramref name="name"/> and a slash.</summary>
    /// <param name="name">Its role, such as <c>self_attention</c>.</param>
    /// <param name="part">The layer.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <exception cref="ArgumentException">The part cannot take the inputs; the message names it.</exception>
    public IReadOnlyList<MaskedTensor> Build(string name, Layer part, params IReadOnlyList<MaskedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(inputs);
        if (part.InputCount >= 0 ? inputs.Count != part.InputCount : inputs.Count < 2)
            throw new ArgumentException($"its part '{name}' ({part.GetType().Name}) takes {(part.InputCount < 0 ? "two or more" : part.InputCount)} input(s), received {inputs.Count}.");
        using IDisposable scope = Graph.Scope(name);
        return part.Build(Part(name, part), inputs);
    }

    /// <summary>A seed for a random operation of this layer, a function of the model's seed, the layer's name and the order of calls.</summary>
    public int NextSeed() => (int)Initializer.SeedFor(_build.Seed, $"{_build.Prefix}{LayerName}#{_randoms++}");
}
