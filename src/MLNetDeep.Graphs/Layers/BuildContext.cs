using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>How a <see cref="Network"/> is to become part of a graph, and what comes of it beside its outputs.</summary>
public sealed class BuildContext
{
    private readonly Dictionary<string, List<Variable>> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<Variable, Node> _updates = [];

    /// <summary>Builds into <paramref name="graph"/>.</summary>
    public BuildContext(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Whether dropout and batch statistics are on. Default false.</summary>
    public bool Training { get; init; }

    /// <summary>Seed of random operations. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Number of outputs that the task asks for; null while unknown.</summary>
    public int? OutputUnits { get; init; }

    /// <summary>
    /// What the task asks the network to end with after a linear layer, where the network leaves it open (<see cref="TaskOutput"/>):
    /// <see cref="Softmax"/> for several classes, <see cref="Sigmoid"/> for two, null for numbers.
    /// </summary>
    public Layer? OutputActivation { get; init; }

    /// <summary>Put before all names of weights, so that two networks can live in one graph: <c>"generator/"</c>. Default empty.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Numbers that layers add to the training loss.</summary>
    public IList<Tensor> Losses { get; } = [];

    /// <summary>Numbers that layers let be reported by epoch, by name, such as a part of the loss; none is twice in it.</summary>
    public IDictionary<string, Tensor> Figures { get; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

    /// <summary>Updates of running statistics, to be run with each training step.</summary>
    public IList<Node> Updates { get; } = [];

    /// <summary>
    /// Whether stateful layers go on from where the batch before ended; then run <see cref="StateUpdates"/> with each batch. Default false: every row starts from zeros.
    /// </summary>
    public bool CarryState { get; init; }

    /// <summary>What carries the states of stateful layers on to the next batch. Write zeros to their variables to start anew. Empty unless <see cref="CarryState"/>.</summary>
    public IList<Node> StateUpdates { get; } = [];

    /// <summary>Whether the network has a recurrent layer.</summary>
    public bool IsRecurrent { get; internal set; }

    /// <summary>The number of the training step: the graph's placeholder <c>step</c>, added when first asked for.</summary>
    public Tensor Step
    {
        get
        {
            if (Graph.Find("step") is { } step)
                return step.Outputs[0];

            // One for all layers, whichever asks first.
            using (Graph.RootScope())
                return Graph.Placeholder("step", DType.Int32, Shape.Scalar);
        }
    }

    /// <summary>The weights that the layer called <paramref name="layerName"/> uses.</summary>
    public IReadOnlyList<Variable> WeightsOf(string layerName) => _weights.GetValueOrDefault(layerName) ?? [];

    // Whether it is new here: the second use of a shared layer notes the same weight again.
    internal bool NoteWeight(string layerName, Variable variable)
    {
        if (!_weights.TryGetValue(layerName, out List<Variable>? list))
            _weights.Add(layerName, list = []);
        if (list.Contains(variable))
            return false;
        list.Add(variable);
        return true;
    }

    // One assignment a variable: a later update starts from what the earlier one would have written, and takes its place.
    internal void Update(Variable variable, Func<Tensor, Tensor> next)
    {
        Node? before = _updates.GetValueOrDefault(variable);
        Node update = Ops.Assign(variable, next(before?.Inputs[1] ?? variable.Tensor));
        if (before is not null)
            Updates.Remove(before);
        Updates.Add(update);
        _updates[variable] = update;
    }
}
