using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.Graphs.Tests.Layers;

namespace MLNetDeep.Exporting.Tests.Onnx;

/// <summary>Every layer, with every setting that the layer contract is tried on, means the same to ONNX Runtime.</summary>
public class OnnxLayerTests
{
    public static TheoryData<int> All => [.. Enumerable.Range(0, LayerContractTests.Samples.Length)];

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Layer_gives_the_same(int index)
    {
        OnnxRuntime.Require();
        LayerSample sample = LayerContractTests.Samples[index];
        Network[] inputs = [.. sample.Inputs.Select((dims, i) => sample.Ids > 0 ? Network.TokenInput(dims[0], $"in{i}") : Network.Input($"in{i}", dims))];
        int seed = 0;
        using ExportedModel model = new(
            [Network.Combine(sample.Layer, inputs)],
            variable => [.. GradientCheck.Numbers(variable.Shape.UnitSize, seed++, sample.IsSmall ? -0.75 : 0.25, sample.IsSmall ? 0.75 : 1.5).Select(v => (float)v)]);
        OnnxRuntime.Check(model.File);
        foreach (int batch in (int[])[3, 1])
            model.Compare(batch, input => Feed(input, batch));

        float[] Feed(Tensor input, int batch)
        {
            double[] numbers = GradientCheck.Numbers((int)input.Shape.Size(batch), seed++, sample.IsSmall ? -0.5 : -2, sample.IsSmall ? 0.5 : 2);
            return [.. numbers.Select(n => sample.Ids > 0 ? (float)Math.Floor((n + 2) / 4 * sample.Ids) : (float)n)];
        }
    }
}
