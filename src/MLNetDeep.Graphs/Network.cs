using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep;

/// <summary>
/// A network of layers, written from its input on: <c>Network.Input(28, 28, 1).Flatten().Dense(128).Relu().ClassOutput()</c>.
/// Every value of this class is a point in a network and everything before it; each method returns a new one, so branches are ordinary variables.
/// It holds no weights.
/// </summary>
public sealed partial class Network
{
    private Network(Layer layer, IReadOnlyList<Network> inputs, int outputIndex = 0)
    {
        Layer = layer;
        Inputs = inputs;
        OutputIndex = outputIndex;
    }

    /// <summary>The last layer.</summary>
    public Layer Layer { get; }

    /// <summary>What the last layer takes.</summary>
    public IReadOnlyList<Network> Inputs { get; }

    /// <summary>Which of the last layer's outputs this is.</summary>
    public int OutputIndex { get; }

    /// <summary>Continues with <paramref name="layer"/>.</summary>
    public Network Append(Layer layer) => Combine(layer, this);

    /// <summary>Continues several branches with one layer.</summary>
    /// <exception cref="ArgumentException">The layer takes another number of inputs.</exception>
    public static Network Combine(Layer layer, params IReadOnlyList<Network> inputs)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(inputs);
        if (layer.InputCount >= 0 ? inputs.Count != layer.InputCount : inputs.Count < 2)
        {
            throw new ArgumentException(
                $"Layer {layer.GetType().Name} takes {(layer.InputCount < 0 ? "two or more inputs" : $"{layer.InputCount} input(s)")}, received {inputs.Count}.",
                nameof(inputs));
        }

        return new(layer, [.. inputs]);
    }

    /// <summary>Adds the network to a graph.</summary>
    /// <param name="context">Graph, mode and names.</param>
    /// <param name="inputs">A tensor for each input, in the order of <see cref="InputLayers"/>; default: placeholders named as the inputs are.</param>
    /// <exception cref="ArgumentException">A layer cannot take its input; the message names the layer and the shapes.</exception>
    public MaskedTensor Build(BuildContext context, IReadOnlyList<MaskedTensor>? inputs = null) => BuildAll(context, [this], inputs)[0];

    /// <summary>Adds a network of several outputs to a graph; what they share is added once.</summary>
    public static IReadOnlyList<MaskedTensor> BuildAll(BuildContext context, IReadOnlyList<Network> outputs, IReadOnlyList<MaskedTensor>? inputs = null)
    {
        NetworkPlan plan = new(outputs);
        return plan.Build(context, inputs);
    }

    /// <summary>The network's inputs, in the order in which they are fed: the order of first use.</summary>
    public IReadOnlyList<InputLayer> InputLayers => new NetworkPlan([this]).Inputs;

    internal static Network At(Layer layer, IReadOnlyList<Network> inputs, int outputIndex) => new(layer, inputs, outputIndex);
}
