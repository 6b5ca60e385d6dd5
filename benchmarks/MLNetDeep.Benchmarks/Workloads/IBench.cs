namespace MLNetDeep.Benchmarks.Workloads;

/// <summary>A network on an engine, ready to be measured.</summary>
internal interface IBench : IDisposable
{
    /// <summary>A training step.</summary>
    void Train();

    /// <summary>Scores rows.</summary>
    void Score(int rows);

    /// <summary>Prints what the parts of a step take.</summary>
    void PrintProfile(int threads, double peak);
}
