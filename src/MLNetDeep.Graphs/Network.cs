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

    /// <summary>Another output of the last layer, of those that it has: <c>encoder.LayerOutput(1)</c> is the state of a recurrent layer that returns it.</summary>
    /// <param name="index">Which output, from 0 on. One that the layer has not is an error when the network is built.</param>
    public Network LayerOutput(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return index == OutputIndex ? this : new(Layer, Inputs, index);
    }

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

    /// <summary>
    /// The table that Keras prints: each layer with its kind, output shape and number of parameters, and for a network that branches the layers it takes from;
    /// then the totals. What only the data can tell is shown as <c>?</c>.
    /// </summary>
    /// <exception cref="ArgumentException">A layer cannot take its input; the message names the layer and the shapes.</exception>
    public string Summary()
    {
        using StringWriter writer = new() { NewLine = "\n" };
        Summary(writer);
        return writer.ToString();
    }

    /// <summary>Writes the table of <see cref="Summary()"/>.</summary>
    /// <param name="writer">Where to, such as <see cref="Console.Out"/>.</param>
    public void Summary(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        new NetworkSummary(this).Write(writer);
    }

    /// <summary>The network with the shapes of its data filled in, where an input left its own open.</summary>
    /// <param name="shapes">The dimensions of one row for each input, in the order of <see cref="InputLayers"/>. A vector with as many elements as an input's own shape is taken to be reshaped.</param>
    /// <exception cref="ArgumentException">Another number of shapes than inputs, or one that does not fit; the input and both shapes are named.</exception>
    public Network WithInputShapes(params IReadOnlyList<int[]> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        NetworkPlan plan = new([this]);
        NetworkPlan.Step[] inputs = [.. plan.Steps.Where(s => s.Layer is InputLayer)];
        if (inputs.Length != shapes.Count)
            throw new ArgumentException($"The network has {inputs.Length} input(s) ({string.Join(", ", inputs.Select(i => i.Name))}), received {shapes.Count} shape(s).", nameof(shapes));
        Dictionary<Layer, Layer> replaced = new(ReferenceEqualityComparer.Instance);
        foreach ((NetworkPlan.Step input, int[] shape) in inputs.Zip(shapes))
            replaced.Add(input.Layer, ((InputLayer)input.Layer).WithShape(shape, input.Name));
        return Replace(layer => replaced.GetValueOrDefault(layer, layer));
    }

    /// <summary>The network with the number of outputs filled in, where its last layer left that to the task.</summary>
    /// <param name="units">Number of outputs.</param>
    /// <param name="activation">What follows them in a <see cref="Layers.TaskOutput"/>; null for nothing.</param>
    public Network WithOutputUnits(int units, Layer? activation = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        return Replace(Fill);

        Layer Fill(Layer layer) => layer switch
        {
            OutputLayer output => output.WithOutput(units, activation),
            TimeDistributed { Layer: OutputLayer output } each => each with { Layer = output.WithOutput(units, activation) },
            _ => layer,
        };
    }

    // The same network of other layers. What was shared stays shared.
    private Network Replace(Func<Layer, Layer> change)
    {
        Dictionary<Layer, Layer> layers = new(ReferenceEqualityComparer.Instance);
        Dictionary<Network, Network> points = new(ReferenceEqualityComparer.Instance);
        Stack<Network> open = new([this]);
        while (open.TryPeek(out Network? point))
        {
            Network[] missing = [.. point.Inputs.Where(i => !points.ContainsKey(i))];
            foreach (Network input in missing)
                open.Push(input);
            if (missing.Length > 0)
                continue;
            open.Pop();
            if (!layers.TryGetValue(point.Layer, out Layer? layer))
                layers.Add(point.Layer, layer = change(point.Layer));
            Network[] inputs = [.. point.Inputs.Select(i => points[i])];
            points.TryAdd(point, ReferenceEquals(layer, point.Layer) && inputs.SequenceEqual(point.Inputs) ? point : new(layer, inputs, point.OutputIndex));
        }

        return points[this];
    }

    internal static Network At(Layer layer, IReadOnlyList<Network> inputs, int outputIndex) => new(layer, inputs, outputIndex);
}
