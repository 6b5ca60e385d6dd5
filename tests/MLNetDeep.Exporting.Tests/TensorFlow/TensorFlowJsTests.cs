using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Exporting.Tests.Onnx;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.Layers;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>The frozen graph of every ready-made network means the same to TensorFlow.js, which TensorFlow's own team wrote.</summary>
[Trait("Category", "Slow")]
public class TensorFlowJsTests
{
    private const int Ids = 20;

    public static TheoryData<string> All => OnnxReadyMadeTests.All;

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Network_gives_the_same(string name)
    {
        TensorFlowJs.Require();
        Graph graph = new();
        Tensor[] outputs = [.. Network.BuildAll(new BuildContext(graph), OnnxReadyMadeTests.Networks[name]()).Select(o => o.Value)];
        GraphDefProgram score = new("score", outputs);
        GraphDefFile file = GraphDefWriter.Write(graph, [score], new() { Freeze = true, Seed = 3 });
        using ISession session = CpuEngine.Shared.CreateSession(graph, 3);
        using IExecutable executable = session.Compile(outputs);
        foreach (int batch in (int[])[1, 3])
        {
            Random random = new(batch);
            Dictionary<Tensor, float[]> feeds = executable.Feeds.ToDictionary(f => f, f => Values(f, batch, random));
            foreach ((Tensor feed, float[] values) in feeds)
                TestEngines.Feed(executable, feed, batch, values);
            executable.Run(batch);
            (int[] Dims, float[] Values)[] actual = TensorFlowJs.Run(file, score, batch, feeds);
            for (int i = 0; i < outputs.Length; i++)
            {
                float[] expected = executable.Fetch<float>(outputs[i]).ToArray();
                Assert.Equal(Enumerable.Range(0, outputs[i].Shape.Rank).Select(a => outputs[i].Shape.Dim(a, batch)), actual[i].Dims);
                float scale = Math.Max(1, expected.Max(Math.Abs));
                Assert.All(expected.Zip(actual[i].Values), p => Assert.Equal(p.First, p.Second, 1e-4f * scale));
            }
        }
    }

    // Ids end in padding, of which the first row has none.
    private static float[] Values(Tensor feed, int batch, Random random)
    {
        float[] values = [.. Enumerable.Range(0, (int)feed.Shape.Size(batch)).Select(_ => feed.DType == DType.Int32 ? random.Next(1, Ids - 2) : (random.NextSingle() * 2) - 1)];
        if (feed.DType == DType.Int32 && feed.Shape.Rank == 2)
        {
            int steps = feed.Shape[1];
            for (int row = 1; row < batch; row++)
                values.AsSpan((row * steps) + Math.Max(1, steps - (2 * row)), Math.Min(2 * row, steps - 1)).Clear();
        }

        return values;
    }
}
