using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>How a <see cref="Network"/> is to become part of a graph, and what comes of it beside its outputs.</summary>
public sealed class BuildContext
{
    private readonly Dictionary<string, List<Variable>> _weights = new(StringComparer.Ordinal);

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

    /// <summary>Put before all names of weights, so that two networks can live in one graph: <c>"generator/"</c>. Default empty.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Numbers that layers add to the training loss.</summary>
    public IList<Tensor> Losses { get; } = [];

    /// <summary>Updates of running statistics, to be run with each training step.</summary>
    public IList<Node> Updates { get; } = [];

    /// <summary>The number of the training step: the graph's placeholder <c>step</c>, added when first asked for.</summary>
    public Tensor Step => Graph.Find("step")?.Outputs[0] ?? Graph.Placeholder("step", DType.Int32, Shape.Scalar);

    /// <summary>The weights that the layer called <paramref name="layerName"/> uses.</summary>
    public IReadOnlyList<Variable> WeightsOf(string layerName) => _weights.GetValueOrDefault(layerName) ?? [];

    internal void NoteWeight(LayerContext layer, Variable variable)
    {
        if (!_weights.TryGetValue(layer.LayerName, out List<Variable>? list))
            _weights.Add(layer.LayerName, list = []);
        if (!list.Contains(variable))
            list.Add(variable);
    }
}
