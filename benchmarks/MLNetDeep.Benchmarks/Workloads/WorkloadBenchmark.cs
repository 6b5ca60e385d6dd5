using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Optimizers;

namespace MLNetDeep.Benchmarks.Workloads;

/// <summary>
/// Training rows a second, scoring rows a second in batches of 256, and the latency of one row, as the peer benchmark
/// measures them: medians over a few seconds, the best over the numbers of threads.
/// </summary>
internal static class WorkloadBenchmark
{
    public const int ScoreBatch = 256;

    public static void Run(string[] args)
    {
        string? only = Option(args, "--only");
        double seconds = double.Parse(Option(args, "--seconds") ?? "6", CultureInfo.InvariantCulture);
        int[] threads = [.. (Option(args, "--threads") ?? "1,2").Split(',').Select(int.Parse)];
        bool profile = args.Contains("--profile");
        double peak = profile ? GemmBenchmark.Peak() : 0;
        foreach (Workload workload in Workload.All.Where(w => only is null || w.Name == only))
        {
            Measure(workload.Name, workload.Batch, engine => new Bench(workload, engine), threads, seconds, profile, peak);
            if (PredictionEngineBenchmark.Takes(workload))
                PredictionEngineBenchmark.Run(workload, seconds);
        }

        if (only is null or "dcgan")
            Measure("dcgan", DcGanBench.Batch, engine => new DcGanBench(engine), threads, seconds, profile, peak);
    }

    private static void Measure(string name, int batch, Func<CpuEngine, IBench> create, int[] threads, double seconds, bool profile, double peak)
    {
        double train = 0, score = 0, latency = double.MaxValue;
        foreach (int count in threads)
        {
            using CpuEngine engine = new(count);
            using IBench bench = create(engine);
            train = Math.Max(train, batch / Median(seconds, bench.Train));
            score = Math.Max(score, ScoreBatch / Median(seconds, () => bench.Score(ScoreBatch)));
            latency = Math.Min(latency, Median(seconds, () => bench.Score(1)));
            if (profile)
                bench.PrintProfile(count, peak * count);
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            workload = name,
            engine = "mlnetdeep-cpu",
            train_per_s = Math.Round(train, 1),
            score_per_s = Math.Round(score, 1),
            latency_us = Math.Round(latency * 1e6, 1),
        }));
    }

    /// <summary>Seconds that a step takes.</summary>
    public static double Median(double seconds, Action step)
    {
        // The first runs are compiled code that the JIT has yet to improve.
        long warm = Stopwatch.GetTimestamp();
        for (int i = 0; i < 50 && Stopwatch.GetElapsedTime(warm).TotalSeconds < 2; i++)
            step();
        List<double> times = [];
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            long before = Stopwatch.GetTimestamp();
            step();
            times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>Prints what the operations of an executable take.</summary>
    public static void Profile(CpuExecutable executable, Action step, int batch, double peak)
    {
        executable.StepTicks = new long[executable.Steps.Count];
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        for (; runs < 5 || (runs < 1000 && Stopwatch.GetElapsedTime(start).TotalSeconds < 2); runs++)
            step();
        double total = executable.StepTicks.Sum();
        for (int i = 0; i < executable.Steps.Count; i++)
        {
            double microseconds = executable.StepTicks[i] * 1e6 / Stopwatch.Frequency / runs;
            long flops = executable.Steps[i].Flops(batch);
            string speed = flops > 0 ? string.Create(CultureInfo.InvariantCulture, $"{flops / microseconds / 1e3,7:F1} GFLOP/s {100 * flops / microseconds / 1e3 / peak,4:F0}% of peak") : new string(' ', 29);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {microseconds,9:F2} us {100 * executable.StepTicks[i] / total,5:F1}% {speed}  {executable.Steps[i].Description}"));
        }

        executable.StepTicks = null;
    }

    private static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    internal sealed class Bench : IBench
    {
        private readonly Workload _workload;
        private readonly ISession _session;
        private readonly IExecutable _train, _score;
        private readonly Tensor _loss, _rate, _target;
        private readonly Random _random = new(1);
        private readonly List<(Tensor Input, Array Values)> _rows = [];
        private readonly Tensor? _stepNumber;
        private readonly int[] _labels;
        private readonly float[] _numbers;
        private int _steps;

        public Bench(Workload workload, CpuEngine engine)
        {
            _workload = workload;
            Graph graph = new();
            Network network = workload.Network();
            BuildContext context = new(graph) { Training = true };
            MaskedTensor output = network.Build(context);
            Tensor inference = network.Build(new BuildContext(graph)).Value;
            Variable[] weights = [.. graph.Variables];
            _target = graph.Placeholder("target", workload.Loss.TargetType, workload.Loss.TargetShape(output.Value.Shape));
            _rate = graph.Placeholder(Optimizer.LearningRateFeed, DType.Float32, Shape.Scalar);
            _loss = workload.Loss.Reduce(output, _target);
            IReadOnlyList<Node> updates = [.. new Adam().Minimize(_loss, weights, _rate), .. context.Updates];
            _stepNumber = graph.Find("step")?.Outputs[0];
            _session = engine.CreateSession(graph, 1);
            _train = _session.Compile([_loss], updates);
            _score = _session.Compile([inference]);
            int most = Math.Max(ScoreBatch, workload.Batch);
            foreach (Tensor input in _train.Feeds.Where(f => f.Node.Name.EndsWith("/input", StringComparison.Ordinal)))
                _rows.Add((input, input.DType == DType.Int32 ? Integers(most * input.Shape.UnitSize, 10000) : Numbers(most * input.Shape.UnitSize)));
            _labels = Integers(workload.Batch * _target.Shape.UnitSize, output.Value.Shape[^1]);
            _numbers = Numbers(workload.Batch * _target.Shape.UnitSize);
        }

        // A step takes its rows as a trainer gives them: copied in anew each time.
        public void Train()
        {
            Feed(_train, _workload.Batch);
            if (_target.DType == DType.Int32)
                _labels.CopyTo(_train.Feed<int>(_target, _workload.Batch));
            else
                _numbers.CopyTo(_train.Feed<float>(_target, _workload.Batch));
            _train.Feed<float>(_rate, 1)[0] = 1e-3f;
            if (_stepNumber is not null)
                _train.Feed<int>(_stepNumber, 1)[0] = _steps++;
            _train.Run(_workload.Batch);
        }

        /// <summary>Bytes of temporaries and workspace of a training step.</summary>
        public long TrainingMemory => ((CpuExecutable)_train).ArenaSize * sizeof(float);

        public void Score(int rows)
        {
            Feed(_score, rows);
            _score.Run(rows);
        }

        public void PrintProfile(int threads, double peak)
        {
            // A share above 100 % is a convolution that needs fewer products than it is counted for (Winograd).
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_workload.Name}, {threads} thread(s) with a measured peak of {peak:F0} GFLOP/s, training step of {_workload.Batch} rows:"));
            Profile((CpuExecutable)_train, Train, _workload.Batch, peak);
            Console.WriteLine($"{_workload.Name}, {threads} thread(s), scoring one row:");
            Profile((CpuExecutable)_score, () => Score(1), 1, peak);
        }

        public void Dispose()
        {
            _train.Dispose();
            _score.Dispose();
            _session.Dispose();
        }

        private void Feed(IExecutable executable, int rows)
        {
            foreach ((Tensor input, Array values) in _rows)
            {
                int count = rows * input.Shape.UnitSize;
                if (values is int[] integers)
                    integers.AsSpan(0, count).CopyTo(executable.Feed<int>(input, rows));
                else
                    ((float[])values).AsSpan(0, count).CopyTo(executable.Feed<float>(input, rows));
            }
        }

        private float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (_random.NextSingle() * 2) - 1)];

        private int[] Integers(int count, int limit) => [.. Enumerable.Range(0, count).Select(_ => _random.Next(limit))];
    }
}
