using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Serialization;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Persistence;

/// <summary>The networks of a model that is made of several.</summary>
internal static class NetworkParts
{
    /// <summary>A network that is a part of a trained one, with its weights.</summary>
    public static TrainedNetwork Of(TrainedNetwork whole, Network part)
    {
        Graph graph = new();
        part.Build(new BuildContext(graph));
        return new(part, graph.Variables.ToDictionary(v => v.Name, v => whole.Weights[v.Name], StringComparer.Ordinal), whole.History);
    }

    /// <summary>The network called <paramref name="name"/> of a model file.</summary>
    public static TrainedNetwork Read(TensorArchive archive, string name, History history) => new(
        NetworkJson.Read(archive.Text(name)),
        archive.TensorNames.Where(n => n.StartsWith(name + "/", StringComparison.Ordinal)).ToDictionary(n => n[(name.Length + 1)..], n => archive.Tensor(n), StringComparer.Ordinal),
        history);

    /// <summary>Adds a network, as <see cref="Read"/> reads it.</summary>
    public static void Add(TensorArchive archive, string name, TrainedNetwork network)
    {
        archive.AddText(name, NetworkJson.Write(network.Network));
        foreach ((string weight, float[] values) in network.Weights)
            archive.AddTensor($"{name}/{weight}", [values.Length], values);
    }

    /// <exception cref="InvalidDataException">A weight is missing or does not fit, or the network asks for more memory than one plausibly does.</exception>
    public static Scorer CreateScorer(TrainedNetwork model, IEngine engine)
    {
        Graph graph = new();
        Network network = model.Network.WithLayerNames();
        Tensor output = network.Build(new BuildContext(graph)).Value;
        NeuralNetworkFile.CheckSize(graph);
        return new(engine, graph, [.. network.InputLayers.Select(i => $"{i.Name}/input")], output.Node.Name, model.Weights);
    }
}
