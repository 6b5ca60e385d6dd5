using System.Globalization;
using MLNetDeep.Cpu;

namespace MLNetDeep.Benchmarks.Workloads;

/// <summary>
/// The memory that training takes: the most that the process had resident after some steps, less what it had before the network was made.
/// Linux only: it is read from /proc. In PyTorch's place: the same two lines of /proc/self/status around the model and five steps.
/// </summary>
internal static class MemoryBenchmark
{
    public static void Run(string[] args)
    {
        Workload workload = Workload.All.Single(w => w.Name == (args.Length > 0 ? args[0] : "resnet20"));
        double before = Resident("VmRSS");
        using CpuEngine engine = new();
        using WorkloadBenchmark.Bench bench = new(workload, engine);
        for (int i = 0; i < 5; i++)
            bench.Train();
        double peak = Resident("VmHWM");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{workload.Name}, {engine.Threads} threads, training on batches of {workload.Batch}: {before:F0} MB before, {peak:F0} MB at the peak, {peak - before:F0} MB for training; {bench.TrainingMemory / 1048576.0:F0} MB of it temporaries and workspace"));
    }

    private static double Resident(string what) =>
        int.Parse(File.ReadLines("/proc/self/status").Single(l => l.StartsWith(what, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
}
