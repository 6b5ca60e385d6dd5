using MLNetDeep.Graphs;

namespace MLNetDeep.Engines;

/// <summary>
/// A graph together with the present values of its variables. Executables compiled from one session share the variables.
/// Several threads may run executables that change no variable at the same time; whoever changes variables must be alone.
/// </summary>
public interface ISession : IDisposable
{
    /// <summary>The graph.</summary>
    Graph Graph { get; }

    /// <summary>Copies the values of a variable out.</summary>
    /// <exception cref="ArgumentException">There is no such variable, or <paramref name="destination"/> has another length.</exception>
    void ReadVariable(string name, Span<float> destination);

    /// <summary>Gives a variable new values.</summary>
    /// <exception cref="ArgumentException">There is no such variable, or <paramref name="values"/> has another length.</exception>
    void WriteVariable(string name, ReadOnlySpan<float> values);

    /// <summary>Makes what computes <paramref name="fetches"/> and runs <paramref name="targets"/> ready to run; nothing else of the graph is run.</summary>
    /// <param name="fetches">Tensors whose values are wanted.</param>
    /// <param name="targets">Nodes to run for their effect: <see cref="Ops.Assign"/>.</param>
    IExecutable Compile(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node>? targets = null);
}
