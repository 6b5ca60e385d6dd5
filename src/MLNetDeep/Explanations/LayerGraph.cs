using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Persistence;
using MLNetDeep.Tasks;
using MLNetDeep.Training;

namespace MLNetDeep.Explanations;

/// <summary>A trained network as a graph for scoring in which every layer's output can be got at, to compute more from.</summary>
internal sealed class LayerGraph
{
    private readonly TrainedNetwork _model;
    private readonly List<Network> _points;
    private readonly List<Tensor> _values;

    public LayerGraph(TrainedNetwork model)
    {
        _model = model;
        Network named = model.Network.WithLayerNames();
        _points = [.. named.Points];
        _values = [.. Network.BuildAll(new BuildContext(Graph), _points).Select(m => m.Value)];
        Inputs = [.. named.InputLayers.Select(i => Of(i.Name!))];
        Output = _values[^1];
        Scores = BeforeActivation(Output);
    }

    public Graph Graph { get; } = new();

    /// <summary>The placeholders, in the order of the feature columns.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>The network's output.</summary>
    public Tensor Output { get; }

    /// <summary>What the softmax or sigmoid at the end is taken of; the output where there is none.</summary>
    public Tensor Scores { get; }

    /// <summary>The input that has pictures: the one of height, width and channels.</summary>
    /// <exception cref="ArgumentException">There is none, or there are several.</exception>
    public int ImageInput
    {
        get
        {
            int[] images = [.. Enumerable.Range(0, Inputs.Count).Where(i => Inputs[i].Shape.Rank == 4 && Inputs[i].DType == DType.Float32)];
            string inputs = string.Join(", ", Inputs.Select(i => $"'{i.Node.Name.Split('/')[0]}' {i.Shape}"));
            return images is [int only] ? only : throw new ArgumentException(images.Length == 0
                ? $"The network takes no images (batch, height, width, channels), so there is nothing to lay a map over. Its inputs: {inputs}."
                : $"The network takes several images, so it is not clear which to lay a map over. Its inputs: {inputs}.");
        }
    }

    /// <summary>What the last use of a layer gives.</summary>
    /// <exception cref="ArgumentException">There is no such layer; those there are are listed.</exception>
    public Tensor Of(string layerName)
    {
        int at = _points.FindLastIndex(p => p.Layer.Name == layerName);
        return at >= 0 ? _values[at] : throw new ArgumentException($"The network has no layer called '{layerName}'. It has: {string.Join(", ", _points.Select(p => p.Layer.Name).Distinct())}.");
    }

    /// <summary>What a layer gives that must be maps: (batch, height, width, channels).</summary>
    /// <exception cref="ArgumentException">There is no such layer, or it gives something else; those that would do are listed.</exception>
    public Tensor MapsOf(string layerName)
    {
        Tensor value = Of(layerName);
        return value.Shape.Rank == 4 ? value : throw new ArgumentException(
            $"The layer '{layerName}' gives {value.Shape}, expected maps (batch, height, width, channels) as of: {string.Join(", ", MapLayers())}.");
    }

    /// <summary>The name of the last two-dimensional convolution, or rather of what ends it: normalisation, addition and activation right behind it belong to it.</summary>
    /// <exception cref="ArgumentException">There is no convolution.</exception>
    public string LastConvolution
    {
        get
        {
            int at = Enumerable.Range(0, _points.Count).LastOrDefault(i => IsConvolution(_points[i].Layer) && _values[i].Shape.Rank == 4, -1);
            if (at < 0)
                throw new ArgumentException($"The network has no convolution of images. Name a layer of maps: {string.Join(", ", MapLayers().DefaultIfEmpty("there is none"))}.");
            while (_points.FindIndex(at + 1, p => IsPartOfConvolution(p.Layer) && p.Inputs.Contains(_points[at])) is var next and >= 0)
                at = next;
            return _points[at].Layer.Name!;
        }
    }

    /// <summary>A session with the trained weights.</summary>
    /// <exception cref="InvalidDataException">Network and weights, which may come from a file, do not fit together, or the network asks for more memory than one plausibly does.</exception>
    public ISession CreateSession(IEngine engine)
    {
        NeuralNetworkFile.CheckSize(Graph);
        foreach (Variable variable in Graph.Variables)
        {
            if (!_model.Weights.TryGetValue(variable.Name, out float[]? values) || values.Length != variable.Shape.UnitSize)
                throw new InvalidDataException($"the weight '{variable.Name}' is missing or of another size.");
        }

        ISession session = engine.CreateSession(Graph, 0);
        foreach (Variable variable in Graph.Variables)
            session.WriteVariable(variable.Name, _model.Weights[variable.Name]);
        return session;
    }

    /// <summary>The output's number that stands for a class, and which side of it.</summary>
    /// <param name="task">What the network was trained for.</param>
    /// <param name="className">The class; null for the predicted one.</param>
    /// <returns>Null for the predicted one.</returns>
    /// <exception cref="ArgumentException">There is no such class; those there are are listed.</exception>
    public static int? ClassIndex(PredictionTask task, string? className)
    {
        if (className is null)
            return null;
        int index = task.ClassNames.ToList().IndexOf(className);
        if (index >= 0)
            return index;
        throw new ArgumentException(task.ClassNames.Count == 0
            ? $"There is no class '{className}': the model predicts numbers. Leave the class out."
            : $"There is no class '{className}'. Classes are: {string.Join(", ", task.ClassNames.Take(20).Select(c => $"'{c}'"))}{(task.ClassNames.Count > 20 ? ", ..." : "")}.");
    }

    private IEnumerable<string> MapLayers() =>
        _points.Where((p, i) => _values[i].Shape.Rank == 4 && p.Layer is not InputLayer).Select(p => p.Layer.Name!).Distinct();

    private static bool IsConvolution(Layer layer) => layer is ConvolutionLayer or SeparableConv2D;

    private static bool IsPartOfConvolution(Layer layer) => layer is BatchNormalization or GroupNormalization or LayerNormalization or Add
        or Relu or LeakyRelu or Elu or Selu or Gelu or Silu or Sigmoid or Tanh or Softplus;

    private static Tensor BeforeActivation(Tensor output)
    {
        Tensor end = output;
        while (end.Node.Op.Name is "Identity" or "Reshape")
            end = end.Node.Inputs[0];
        return end.Node.Op.Name is "Sigmoid" or "Softmax" && end.Node.Inputs[0].Shape.Equals(output.Shape) ? end.Node.Inputs[0] : output;
    }
}
