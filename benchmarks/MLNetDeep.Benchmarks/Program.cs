using MLNetDeep.Benchmarks;
using MLNetDeep.Benchmarks.Workloads;

// Each mode is a file of its own; the first argument says which.
var modes = new (string Option, string Help, Action<string[]> Run)[]
{
    ("--only", "NAME [--seconds S] [--threads 1,2] [--profile]: training, scoring and latency of a network, as the PyTorch benchmark prints them", args => WorkloadBenchmark.Run(["--only", .. args])),
    ("--export", "[FOLDER]: the networks as ONNX files, for the program in benchmarks/peers (default models)", ExportBenchmark.Run),
    ("--memory", "[NAME]: memory that training a network takes (default resnet20)", MemoryBenchmark.Run),
    ("--gemm", "[threads] [filter]: speed of matrix products beside the measured peak (and OpenBLAS: its file in OPENBLAS)", GemmBenchmark.Run),
    ("--conv", "[threads] [filter] [most images]: speed of convolutions beside the measured peak", ConvBenchmark.Run),
    ("--smote", "[rows] [share]: time of sampling and of a fit with it (default 100000 rows of 50 features, 0.1 rare)", SmoteBenchmark.Run),
    ("--kernels", "[threads] [filter]: time of the other kernels", KernelBenchmark.Run),
};

foreach (var mode in modes)
{
    if (args.Length > 0 && args[0] == mode.Option)
    {
        mode.Run(args[1..]);
        return 0;
    }
}

Console.WriteLine("dotnet run -c Release --project benchmarks/MLNetDeep.Benchmarks -- <mode>");
foreach (var mode in modes)
    Console.WriteLine($"  {mode.Option} {mode.Help}");
return args.Length == 0 || args[0] == "--help" ? 0 : 1;
