using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.Graphs.Tests.Layers;
using MLNetDeep.Layers;
using MLNetDeep.TensorFlow.Tests.Support;

namespace MLNetDeep.TensorFlow.Tests;

/// <summary>Every layer, in training and in scoring, against the CPU engine.</summary>
public class LayerTests
{
    public static TheoryData<string, int> All => TestedEngines.Times(Enumerable.Range(0, LayerContractTests.Samples.Length));

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Layers_agree_with_the_cpu(string engine, int sample)
    {
        foreach (bool training in (bool[])[false, true])
        {
            LayerContractTests.Built built = LayerContractTests.Build(LayerContractTests.Samples[sample], training);
            Tensor[] by = [.. built.Inputs.Where(i => i.DType == DType.Float32), .. built.Graph.Variables.Where(v => v.Trainable).Select(v => v.Tensor)];
            Tensor total = GradientCheck.WeightedSum([built.Output.Value], LayerContractTests.Batch, 1);
            List<Tensor> fetches = [built.Output.Value, .. built.Context.Losses, .. built.Context.Updates.Select(u => u.Inputs[1]), .. Gradients.Compute([total], by).OfType<Tensor>()];
            if (built.Output.Mask is { } mask)
                fetches.Add(mask);
            Dictionary<string, float[]> given = LayerContractTests.Given(built).ToDictionary(g => g.Key, g => g.Value.Select(v => (float)v).ToArray());
            Compare.Fetches(engine, built.Graph, fetches, given, LayerContractTests.Batch);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Sequences_of_odd_lengths_agree_with_the_cpu(string engine)
    {
        foreach (Func<Network, Network> layer in (Func<Network, Network>[])
        [
            x => x.Append(new Lstm { Units = 3 }),
            x => x.Append(new Gru { Units = 3, GoBackwards = true }),
            x => x.Append(new SimpleRnn { Units = 3 }),
            x => x.Append(new Bidirectional { Layer = new Lstm { Units = 2, ReturnSequences = true } }),
            x => Network.Combine(new MultiHeadAttention { NumHeads = 2, KeyDim = 2 }, x, x),
            x => x.Append(new GlobalAveragePool1D()),
            x => x.Append(new GlobalMaxPool1D()),
        ])
        {
            Network network = layer(Network.TokenInput(7).Embedding(9, 4, maskZero: true));
            Graph graph = new();
            MaskedTensor output = network.Build(new BuildContext(graph) { Training = true });
            Tensor[] by = [.. graph.Variables.Where(v => v.Trainable).Select(v => v.Tensor)];
            Tensor[] fetches = [output.Value, .. Gradients.Compute([Ops.Sum(Ops.Square(output.Value))], by).OfType<Tensor>()];
            Dictionary<string, float[]> given = new()
            {
                // Whole, one token, none, a gap, and seven.
                ["input/input"] = [1, 2, 3, 4, 5, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 3, 0, 7, 6, 5, 4, 3, 2, 1],
                ["step"] = [3],
            };
            Compare.Fetches(engine, graph, fetches, given, 5);
        }
    }
}
