using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Serialization;

namespace MLNetDeep.Sequences;

/// <summary>The graph that reads and writes, and where in it things are: kept with a model, so that it means the same in every later version.</summary>
/// <param name="Json">Both networks in one graph.</param>
/// <param name="Memory">What the reader remembers of each step.</param>
/// <param name="FirstState">The writer's first state.</param>
/// <param name="Probabilities">What the writer gives at a step.</param>
/// <param name="NextState">The writer's state after it.</param>
internal sealed record Seq2SeqGraph(string Json, Seq2SeqGraph.Place Memory, Seq2SeqGraph.Place FirstState, Seq2SeqGraph.Place Probabilities, Seq2SeqGraph.Place NextState)
{
    /// <summary>The graph of a network.</summary>
    public static Seq2SeqGraph Of(Seq2SeqNetwork network, Seq2SeqSizes sizes)
    {
        Graph graph = new();
        BuildContext context = new(graph);
        IReadOnlyList<MaskedTensor> read = Network.BuildAll(context, network.Encoder(sizes)), written = Network.BuildAll(context, network.Step(sizes));
        return new(GraphJson.Write(graph), At(read[0]), At(read[1]), At(written[0]), At(written[1]));

        static Place At(MaskedTensor tensor) => new(tensor.Value.Node.Name, tensor.Value.Index);
    }

    /// <summary>The name of an input's placeholder.</summary>
    public static string InputName(string input) => $"{input}/input";

    /// <summary>An output of a node.</summary>
    internal sealed record Place(string Node, int Output);
}
