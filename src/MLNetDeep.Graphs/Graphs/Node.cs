using System.Diagnostics;

namespace MLNetDeep.Graphs;

/// <summary>One operation of a <see cref="Graphs.Graph"/>, applied to inputs.</summary>
[DebuggerDisplay("{Name} = {Op.Name}")]
public sealed class Node
{
    internal Node(Graph graph, int id, string name, OpDefinition op, Tensor[] inputs, Attributes attributes, TensorSpec[] outputs)
    {
        Graph = graph;
        Id = id;
        Name = name;
        Op = op;
        Inputs = inputs;
        Attributes = attributes;
        Outputs = [.. outputs.Select((spec, i) => new Tensor(this, i, spec))];
    }

    /// <summary>The graph it belongs to.</summary>
    public Graph Graph { get; }

    /// <summary>Its position in <see cref="Graph.Nodes"/>; inputs always stand before their consumers.</summary>
    public int Id { get; }

    /// <summary>Its name, unique in the graph.</summary>
    public string Name { get; }

    /// <summary>What it does.</summary>
    public OpDefinition Op { get; }

    /// <summary>What it reads.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>Its parameters.</summary>
    public Attributes Attributes { get; }

    /// <summary>What it computes.</summary>
    public IReadOnlyList<Tensor> Outputs { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Op.Name}({string.Join(", ", Inputs.Select(i => i.Name))})";
}
