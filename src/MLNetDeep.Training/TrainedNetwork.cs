using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Training;

/// <summary>A network and what it has learned.</summary>
/// <param name="Network">The network, nothing left open.</param>
/// <param name="Weights">The values of its weights by name.</param>
/// <param name="History">How it got there.</param>
public sealed record TrainedNetwork(Network Network, IReadOnlyDictionary<string, float[]> Weights, History History)
{
    /// <summary>
    /// The network up to a layer with what it has learned, to build another on: its <see cref="Network"/> is continued, its <see cref="Weights"/> are the other's
    /// <see cref="TrainerOptions.InitialWeights"/>.
    /// </summary>
    /// <param name="layerName">The layer's name, as <see cref="MLNetDeep.Network.Summary()"/> shows it.</param>
    /// <exception cref="ArgumentException">There is no such layer; those there are are listed.</exception>
    /// <example>
    /// <code>
    /// TrainedNetwork body = pretrained.UpTo("flatten");
    /// Network network = body.Network.Freeze().Dense(64).Relu().ClassOutput(5);
    /// TrainerOptions options = new() { Loss = loss, InitialWeights = body.Weights };
    /// </code>
    /// </example>
    public TrainedNetwork UpTo(string layerName)
    {
        Network part = Network.UpTo(layerName);
        Graph graph = new();
        part.Build(new BuildContext(graph));
        return new(part, graph.Variables.ToDictionary(v => v.Name, v => Weights[v.Name]), History);
    }
}
