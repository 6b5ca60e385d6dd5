using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Serialization;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>Attention, Transformer layers, positions and the loss of masked sequences, forward and backward, as PyTorch computes them.</summary>
public class GoldenAttentionTests
{
    private static readonly IReadOnlyDictionary<string, GoldenFile.Case> Cases = GoldenFile.Read("attention");

    public static TheoryData<string, string> Layers => TestEngines.Times(Cases.Keys.Where(k => k != "sequence_loss"));

    public static TheoryData<string> Engines => [.. TestEngines.Names];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_is_as_in_PyTorch(string engine, string name)
    {
        GoldenFile.Case golden = Cases[name];
        Layer layer = SettingsJson.Read<Layer>(golden.Attributes["layer"].GetRawText());
        Graph graph = new();
        MaskedTensor x = Feed(graph, golden, "x", "mask");
        MaskedTensor? source = golden.Inputs.ContainsKey("source") ? Feed(graph, golden, "source", "source_mask") : null;
        IReadOnlyList<MaskedTensor> inputs = source is { } s ? [x, s] : layer.InputCount == 1 ? [x] : [x, x];
        MaskedTensor result = layer.Build(new LayerContext(new BuildContext(graph), "layer", trainable: true), inputs)[0];
        Assert.Equal(x.Mask is null, result.Mask is null);

        // What a padded step holds is nobody's business.
        Tensor y = result.Mask is { } mask ? result.Value * Ops.Reshape(Ops.Cast(mask), new Shape(-1, mask.Shape[1], 1)) : result.Value;
        Tensor Source(string of) => of switch
        {
            "x" => x.Value,
            "source" => source!.Value.Value,
            _ => graph.GetVariable($"layer/{of}").Tensor,
        };
        Check(engine, golden, graph, y, Source);
        Assert.Equal(graph.Variables.Count, golden.Gradients.Count - (source is null ? 1 : 2));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Loss_of_a_masked_sequence_is_as_in_PyTorch(string engine)
    {
        GoldenFile.Case golden = Cases["sequence_loss"];
        Graph graph = new();
        MaskedTensor x = Feed(graph, golden, "x", "mask");
        Tensor labels = graph.Placeholder("labels", DType.Int32, new Shape(-1, 5));
        Check(engine, golden, graph, new SparseCategoricalCrossentropy { FromLogits = true }.Reduce(x, labels), _ => x.Value);
    }

    private static MaskedTensor Feed(Graph graph, GoldenFile.Case golden, string name, string maskName)
    {
        Tensor value = graph.Placeholder(name, DType.Float32, Shape.Batched(golden.Inputs[name].Shape[1..]));
        if (!golden.Inputs.ContainsKey(maskName))
            return new(value);
        Tensor mask = graph.Placeholder(maskName, DType.Float32, new Shape(-1, value.Shape[1]));
        return new(value, Ops.Greater(mask, Ops.Like(mask, 0)));
    }

    private static void Check(string engine, GoldenFile.Case golden, Graph graph, Tensor y, Func<string, Tensor> source)
    {
        Tensor upstream = graph.Placeholder("upstream", DType.Float32, y.Shape);
        Tensor[] gradients = [.. Gradients.Compute([y], [.. golden.Gradients.Keys.Select(source)], [upstream]).Select(g => g!)];
        Dictionary<string, float[]> given = golden.Inputs.ToDictionary(i => golden.Gradients.ContainsKey(i.Key) ? source(i.Key).Node.Name : i.Key, i => i.Value.Data);
        float[][] results = TestEngines.Run(engine, graph, [y, .. gradients], given, golden.Inputs["x"].Shape[0]);
        int next = 0;
        foreach ((string name, GoldenFile.Values expected) in golden.Outputs.Concat(golden.Gradients))
            GoldenFile.AssertClose($"{golden.Name} {(next == 0 ? "" : "gradient of ")}{name}", expected, results[next++]);
    }
}
