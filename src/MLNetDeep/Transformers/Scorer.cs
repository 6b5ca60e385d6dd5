using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.Transformers;

/// <summary>A trained network ready to score, from any number of threads: each borrows an executable of its own.</summary>
internal sealed class Scorer
{
    private readonly ExecutablePool _pool;

    /// <param name="engine">What it runs on.</param>
    /// <param name="graph">The network's graph.</param>
    /// <param name="inputs">Names of the placeholders, in the order of the feature columns.</param>
    /// <param name="output">Name of the node whose first output is the network's.</param>
    /// <param name="weights">Values of all variables.</param>
    /// <param name="inner">Name of a node whose first output is wanted too; null for none.</param>
    /// <exception cref="InvalidDataException">A node or weight is missing or does not fit.</exception>
    public Scorer(IEngine engine, Graph graph, IReadOnlyList<string> inputs, string output, IReadOnlyDictionary<string, float[]> weights, string? inner = null)
    {
        Output = Find(graph, output);
        Inputs = [.. inputs.Select(i => Find(graph, i))];
        Tensor? logits = LogitsOf(Output);
        Logits = logits;
        Inner = inner is null ? null : Find(graph, inner);
        ISession session = engine.CreateSession(graph, 0);
        WriteWeights(session, graph, weights);
        List<Tensor> fetches = [Output];
        if (logits is not null)
            fetches.Add(logits);
        if (Inner is not null && !fetches.Contains(Inner))
            fetches.Add(Inner);
        IExecutable executable = session.Compile(fetches);
        if (executable.Feeds.FirstOrDefault(f => !Inputs.Contains(f)) is { } unknown)
            throw new InvalidDataException($"the network needs a value for '{unknown.Node.Name}', which is no input.");
        _pool = new(executable);
    }

    public IReadOnlyList<Tensor> Inputs { get; }

    public Tensor Output { get; }

    /// <summary>What the sigmoid at the end is taken of; null if there is none.</summary>
    public Tensor? Logits { get; }

    /// <summary>The output of a layer that is wanted too; null if none is.</summary>
    public Tensor? Inner { get; }

    public IExecutable Rent() => _pool.Rent();

    public void Return(IExecutable executable) => _pool.Return(executable);

    /// <summary>Gives the variables of a graph their values.</summary>
    /// <exception cref="InvalidDataException">A weight is missing or of another size.</exception>
    internal static void WriteWeights(ISession session, Graph graph, IReadOnlyDictionary<string, float[]> weights)
    {
        foreach (Variable variable in graph.Variables)
        {
            if (!weights.TryGetValue(variable.Name, out float[]? values) || values.Length != variable.Shape.UnitSize)
                throw new InvalidDataException($"the weight '{variable.Name}' is missing or of another size.");
            session.WriteVariable(variable.Name, values);
        }
    }

    /// <summary>What the sigmoid at the end of a network is taken of; null if there is none.</summary>
    internal static Tensor? LogitsOf(Tensor output)
    {
        while (output.Node.Op.Name is "Identity" or "Reshape")
            output = output.Node.Inputs[0];
        return output.Node.Op.Name == "Sigmoid" ? output.Node.Inputs[0] : null;
    }

    /// <summary>The first output of a node.</summary>
    /// <exception cref="InvalidDataException">There is no such node.</exception>
    internal static Tensor Find(Graph graph, string name) =>
        graph.Find(name) is { Outputs.Count: > 0 } node ? node.Outputs[0] : throw new InvalidDataException($"the network has no '{name}'.");
}
