using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Graphs.Tests.Reference;

namespace MLNetDeep.Graphs.Tests;

/// <summary>The engines that golden values are checked on, and running them in one call.</summary>
internal static class TestEngines
{
    public static readonly string[] Names = ["cpu", "reference"];

    public static IEngine Get(string name) => name == "cpu" ? new CpuEngine() : new ReferenceEngine();

    /// <summary>Pairs of an engine and one of <paramref name="cases"/>.</summary>
    public static TheoryData<string, string> Times(IEnumerable<string> cases)
    {
        TheoryData<string, string> data = [];
        foreach (string name in cases)
        {
            foreach (string engine in Names)
                data.Add(engine, name);
        }

        return data;
    }

    /// <summary>Gives feeds their values: integers where the placeholder is of integers.</summary>
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

    /// <summary>The values of <paramref name="fetches"/> for these feeds and variables, by name.</summary>
    public static float[][] Run(string engine, Graph graph, IReadOnlyList<Tensor> fetches, IReadOnlyDictionary<string, float[]> given, int batch, int seed = 0)
    {
        using ISession session = Get(engine).CreateSession(graph, seed);
        foreach (Variable variable in graph.Variables)
        {
            if (given.TryGetValue(variable.Name, out float[]? values))
                session.WriteVariable(variable.Name, values);
        }

        using IExecutable executable = session.Compile(fetches);
        foreach (Tensor feed in executable.Feeds)
        {
            if (given.TryGetValue(feed.Node.Name, out float[]? values))
                Feed(executable, feed, batch, values);
        }

        executable.Run(batch);
        return [.. fetches.Select(f => f.DType == DType.Int32 ? [.. executable.Fetch<int>(f).ToArray().Select(i => (float)i)] : executable.Fetch<float>(f).ToArray())];
    }
}
