using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.TensorFlow.Tests.Support;

/// <summary>The TensorFlow engine on the reference interpreter, and on TensorFlow itself where there is one; and the embedded engine, by which it is measured.</summary>
internal static class TestedEngines
{
    public const string Interpreted = "interpreted", Native = "native";

    // Asked once: where it is not there, the tests that need it are skipped and say why.
    private static readonly Lazy<string?> WhyNotNative = new(() =>
    {
        try
        {
            new TensorFlowEngine().CreateSession(new Graph(), 0).Dispose();
            return null;
        }
        catch (TensorFlowException e)
        {
            return e.Message;
        }
    });

    public static CpuEngine Cpu { get; } = new(1);

    public static TheoryData<string> Names => [Interpreted, Native];

    public static TheoryData<string, T> Times<T>(IEnumerable<T> cases)
    {
        TheoryData<string, T> data = [];
        foreach (T one in cases)
        {
            data.Add(Interpreted, one);
            data.Add(Native, one);
        }

        return data;
    }

    public static IEngine Get(string name)
    {
        if (name == Interpreted)
            return new TensorFlowEngine(null, new InterpretedRuntime());
        NeedNative();
        return new TensorFlowEngine();
    }

    /// <summary>Skips the test, saying why, where there is no TensorFlow.</summary>
    public static void NeedNative() => Skip.If(WhyNotNative.Value is not null, WhyNotNative.Value);
}
