using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.TensorFlow.Tests.Support;

/// <summary>Runs the same on two engines and compares.</summary>
internal static class Compare
{
    /// <summary>Numbers that may differ by rounding, in proportion to the largest of the tensor; where all are below 0.01, what is left of larger ones that cancel, in proportion to that.</summary>
    public static void Near(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = 1e-2;
        foreach (float value in expected)
            scale = Math.Max(scale, Math.Abs(value));
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"{what}: element {i} is {actual[i]}, on the CPU engine {expected[i]} (the largest {scale}).");
    }

    /// <summary>The values of fetches for these feeds and variables, by name.</summary>
    public static float[][] Run(IEngine engine, Graph graph, IReadOnlyList<Tensor> fetches, IReadOnlyDictionary<string, float[]> given, int batch)
    {
        using ISession session = engine.CreateSession(graph, 1);
        foreach (Variable variable in graph.Variables)
        {
            if (given.TryGetValue(variable.Name, out float[]? values))
                session.WriteVariable(variable.Name, values);
        }

        using IExecutable executable = session.Compile(fetches);
        foreach (Tensor feed in executable.Feeds)
            Feed(executable, feed, batch, given[feed.Node.Name]);
        executable.Run(batch);
        return [.. fetches.Select(f => Values(executable, f))];
    }

    /// <summary>The same on both engines, to the tolerance.</summary>
    public static void Fetches(string engine, Graph graph, IReadOnlyList<Tensor> fetches, IReadOnlyDictionary<string, float[]> given, int batch, double tolerance = 1e-4)
    {
        float[][] actual = Run(TestedEngines.Get(engine), graph, fetches, given, batch), expected = Run(TestedEngines.Cpu, graph, fetches, given, batch);
        for (int i = 0; i < fetches.Count; i++)
            Near(fetches[i].ToString(), expected[i], actual[i], tolerance);
    }

    public static float[] Values(IExecutable executable, Tensor tensor) =>
        tensor.DType == DType.Int32 ? Array.ConvertAll(executable.Fetch<int>(tensor).ToArray(), v => (float)v) : executable.Fetch<float>(tensor).ToArray();

    public static void Feed(IExecutable executable, Tensor placeholder, int batch, ReadOnlySpan<float> values)
    {
        if (placeholder.DType == DType.Int32)
        {
            Span<int> to = executable.Feed<int>(placeholder, batch);
            for (int i = 0; i < to.Length; i++)
                to[i] = (int)values[i];
        }
        else
        {
            values.CopyTo(executable.Feed<float>(placeholder, batch));
        }
    }
}
