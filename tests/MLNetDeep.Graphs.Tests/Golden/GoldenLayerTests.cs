using System.Globalization;
using MLNetDeep.Layers;
using MLNetDeep.Serialization;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>Outputs and gradients of layers, as PyTorch computes them.</summary>
public class GoldenLayerTests
{
    private static readonly IReadOnlyDictionary<string, GoldenFile.Case> ActivationCases = GoldenFile.Read("activations"), LayerCases = GoldenFile.Read("layers"),
        ImageCases = GoldenFile.Read("images");

    public static TheoryData<string, string> Activations => TestEngines.Times(ActivationCases.Keys);

    public static TheoryData<string, string> OtherLayers => TestEngines.Times(LayerCases.Keys);

    public static TheoryData<string, string> Images => TestEngines.Times(ImageCases.Keys);

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activation_is_as_in_PyTorch(string engine, string name)
    {
        GoldenFile.Case golden = ActivationCases[name];
        string kind = string.Concat(name.Replace("_at_zero", "", StringComparison.Ordinal).Split('_').Where(p => char.IsLetter(p[0]))
            .Select(p => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(p)));
        Layer? layer = kind switch
        {
            "Relu" => new Relu(),
            "LeakyRelu" => new LeakyRelu { NegativeSlope = golden.Number("negative_slope") },
            "Elu" => new Elu { Alpha = golden.Number("alpha") },
            "Selu" => new Selu(),
            "Gelu" or "GeluApproximate" => new Gelu { Approximate = golden.Flag("approximate") },
            "Silu" => new Silu(),
            "Sigmoid" => new Sigmoid(),
            "Tanh" => new Tanh(),
            "Softplus" => new Softplus(),
            "Softmax" => new Softmax(),
            "LogSoftmax" => null,
            _ => throw new InvalidOperationException($"There is no layer for {kind}."),
        };
        Check(engine, golden, training: false, (graph, x) => layer is null ? Ops.LogSoftmax(x) : layer.Build(Context(graph, training: false).Layer, [new(x)])[0].Value, []);
    }

    [Theory]
    [MemberData(nameof(OtherLayers))]
    public void Layer_is_as_in_PyTorch(string engine, string name)
    {
        GoldenFile.Case golden = LayerCases[name];
        bool training = golden.Flag("training");
        float epsilon = golden.Number("epsilon"), momentum = golden.Number("momentum");
        Layer layer = name switch
        {
            _ when name.StartsWith("dense", StringComparison.Ordinal) => new Dense { Units = (int)golden.Number("units") },
            _ when name.StartsWith("batch", StringComparison.Ordinal) => new BatchNormalization { Epsilon = epsilon, Momentum = momentum },
            _ when name.StartsWith("layer", StringComparison.Ordinal) => new LayerNormalization { Epsilon = epsilon },
            "embedding" => new Embedding { InputDim = (int)golden.Number("input_dim"), OutputDim = (int)golden.Number("output_dim") },
            _ => throw new InvalidOperationException($"There is no layer for {name}."),
        };
        List<Node> updates = [];
        Check(engine, golden, training, (graph, x) =>
        {
            (BuildContext build, LayerContext context) = Context(graph, training);
            Tensor y = layer.Build(context, [new(x)])[0].Value;
            updates.AddRange(build.Updates);
            return y;
        }, updates);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Image_layer_is_as_in_PyTorch(string engine, string name)
    {
        Layer layer = SettingsJson.Read<Layer>(ImageCases[name].Attributes["layer"].GetRawText());
        Check(engine, ImageCases[name], training: false, (graph, x) => layer.Build(Context(graph, training: false).Layer, [new(x)])[0].Value, []);
    }

    private static (BuildContext Build, LayerContext Layer) Context(Graph graph, bool training)
    {
        BuildContext build = new(graph) { Training = training };
        return (build, new LayerContext(build, "layer", trainable: true));
    }

    // Weights are called as the case calls them; the first input is the layer's.
    private static void Check(string engine, GoldenFile.Case golden, bool training, Func<Graph, Tensor, Tensor> build, List<Node> updates)
    {
        Graph graph = new();
        (string inputName, GoldenFile.Values input) = golden.Inputs.First();
        int batch = input.Shape[0];
        Tensor x = graph.Placeholder(inputName, inputName == "ids" ? DType.Int32 : DType.Float32, Shape.Batched(input.Shape[1..]));
        Tensor y = build(graph, x);
        Tensor upstream = graph.Placeholder("upstream", DType.Float32, y.Shape);
        Assert.Equal(golden.Outputs["y"].Shape[1..], y.Shape.RowDims());

        Dictionary<string, Tensor> sources = golden.Inputs.Keys.Where(k => k is not "upstream" && k != inputName)
            .ToDictionary(k => k, k => graph.GetVariable($"layer/{(k == "table" ? "embeddings" : k)}").Tensor);
        sources.Add(inputName, x);
        Tensor[] gradients = [.. Gradients.Compute([y], [.. golden.Gradients.Keys.Select(k => sources[k])], [upstream]).Select(g => g!)];
        Tensor[] moved = [.. golden.Outputs.Keys.Skip(1).Select(k => updates.Single(u => u.Inputs[0].Node.Name == $"layer/{k}").Inputs[1])];

        Dictionary<string, float[]> given = golden.Inputs.ToDictionary(i => sources.TryGetValue(i.Key, out Tensor? source) ? source.Node.Name : i.Key, i => i.Value.Data);
        float[][] results = TestEngines.Run(engine, graph, [y, .. moved, .. gradients], given, batch);
        int next = 0;
        foreach ((string name, GoldenFile.Values expected) in golden.Outputs.Concat(golden.Gradients))
            GoldenFile.AssertClose($"{golden.Name} {(next < golden.Outputs.Count ? "" : "gradient of ")}{name}", expected, results[next++]);
    }
}
