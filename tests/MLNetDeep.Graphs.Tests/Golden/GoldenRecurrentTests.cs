using MLNetDeep.Layers;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>Outputs and gradients of recurrent layers, as PyTorch computes them: first states, rows of differing lengths, both directions.</summary>
public class GoldenRecurrentTests
{
    private static readonly IReadOnlyDictionary<string, GoldenFile.Case> Cases = GoldenFile.Read("recurrent");

    public static TheoryData<string, string> All => TestEngines.Times(Cases.Keys);

    [Theory]
    [MemberData(nameof(All))]
    public void Recurrent_layer_is_as_in_PyTorch(string engine, string name)
    {
        GoldenFile.Case golden = Cases[name];
        int units = (int)golden.Number("units");
        bool takesState = golden.Flag("initial"), bidirectional = golden.Flag("bidirectional");
        RecurrentLayer cell = golden.Text("cell") switch
        {
            "lstm" => new Lstm { Units = units },
            "gru" => new Gru { Units = units },
            "gru_reset_before" => new Gru { Units = units, ResetAfter = false },
            "rnn_tanh" => new SimpleRnn { Units = units },
            "rnn_relu" => new SimpleRnn { Units = units, Activation = new Relu() },
            var other => throw new InvalidOperationException($"There is no layer for {other}."),
        };
        cell = cell with { ReturnSequences = true, ReturnState = true, TakesState = takesState, GoBackwards = golden.Flag("backwards") };
        Layer layer = bidirectional ? new Bidirectional { Layer = cell } : cell;

        Graph graph = new();
        GoldenFile.Values input = golden.Inputs["x"];
        int batch = input.Shape[0];
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(input.Shape[1..]));
        Tensor? mask = golden.Inputs.ContainsKey("mask") ? graph.Placeholder("mask", DType.Bool, Shape.Batched(input.Shape[1])) : null;
        Dictionary<string, Tensor> sources = new() { ["x"] = x };
        foreach (string state in golden.Inputs.Keys.Where(k => k is "h0" or "c0"))
            sources.Add(state, graph.Placeholder(state, DType.Float32, Shape.Batched(units)));
        LayerContext context = new(new BuildContext(graph), "layer", trainable: true);
        Tensor[] outputs = [.. layer.Build(context, [new(x, mask), .. sources.Where(s => s.Key != "x").Select(s => new MaskedTensor(s.Value))]).Select(o => o.Value)];
        Assert.Equal(golden.Outputs.Count, outputs.Length);
        if (mask is not null)
            outputs[0] *= Ops.Reshape(Ops.Cast(mask), Shape.Batched(input.Shape[1], 1));

        Tensor upstream = graph.Placeholder("upstream", DType.Float32, outputs[0].Shape);
        foreach (string weight in golden.Inputs.Keys.Where(k => k is not ("x" or "mask" or "upstream") && !sources.ContainsKey(k)).ToArray())
            sources.Add(weight, graph.GetVariable($"layer/{weight}").Tensor);
        Tensor[] gradients = [.. Gradients.Compute([outputs[0]], [.. golden.Gradients.Keys.Select(k => sources[k])], [upstream]).Select(g => g!)];
        Dictionary<string, float[]> given = golden.Inputs.ToDictionary(i => sources.TryGetValue(i.Key, out Tensor? source) ? source.Node.Name : i.Key, i => i.Value.Data);
        float[][] results = TestEngines.Run(engine, graph, [.. outputs, .. gradients], given, batch);

        // PyTorch's states in both directions stand state by state, ours direction by direction.
        string[] names = bidirectional && golden.Text("cell") == "lstm" ? ["y", "h0", "c0", "h1", "c1"] : [.. golden.Outputs.Keys];
        int next = 0;
        foreach (string output in names)
            GoldenFile.AssertClose($"{name} {output}", golden.Outputs[output], results[next++]);
        foreach ((string by, GoldenFile.Values expected) in golden.Gradients)
            GoldenFile.AssertClose($"{name} gradient of {by}", expected, results[next++]);
    }
}
