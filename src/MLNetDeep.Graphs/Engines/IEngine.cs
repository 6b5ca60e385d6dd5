using MLNetDeep.Graphs;

namespace MLNetDeep.Engines;

/// <summary>Something that can run graphs: the embedded CPU engine, TensorFlow.</summary>
public interface IEngine
{
    /// <summary>The engine's name, for messages and logs.</summary>
    string Name { get; }

    /// <summary>
    /// Takes up the variables of <paramref name="graph"/>, at their initial values. Nodes and variables may still be added to the graph
    /// until they are compiled.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="seed">Seed of the initial values: with the same seed a variable of the same name starts the same.</param>
    ISession CreateSession(Graph graph, int seed);
}
