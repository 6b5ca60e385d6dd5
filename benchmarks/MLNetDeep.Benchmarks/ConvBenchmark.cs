using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Benchmarks;

/// <summary>Convolutions of the layers of known networks, in GFLOP/s and as a share of what the processor can do.</summary>
internal static unsafe class ConvBenchmark
{
    // A transposed convolution's forward pass is "input" here, and its gradient for the input "forward".
    private static readonly (string Name, ConvShape Shape)[] Layers =
    [
        ("mnist 1", new(128, 28, 28, 1, 26, 26, 32, 3, 3, 1, 1, 1, 1, 0, 0, 1)),
        ("mnist 2", new(128, 26, 26, 32, 24, 24, 64, 3, 3, 1, 1, 1, 1, 0, 0, 1)),
        ("mnist 2, one image", new(1, 26, 26, 32, 24, 24, 64, 3, 3, 1, 1, 1, 1, 0, 0, 1)),
        ("lenet 5x5", new(128, 28, 28, 1, 24, 24, 6, 5, 5, 1, 1, 1, 1, 0, 0, 1)),
        ("resnet 3-16", new(64, 32, 32, 3, 32, 32, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("resnet 16-16", new(64, 32, 32, 16, 32, 32, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("resnet 16-32 s2", new(64, 32, 32, 16, 16, 16, 32, 3, 3, 2, 2, 1, 1, 0, 0, 1)),
        ("resnet 16-32 1x1 s2", new(64, 32, 32, 16, 16, 16, 32, 1, 1, 2, 2, 1, 1, 0, 0, 1)),
        ("resnet 32-32", new(64, 16, 16, 32, 16, 16, 32, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("resnet 32-64 s2", new(64, 16, 16, 32, 8, 8, 64, 3, 3, 2, 2, 1, 1, 0, 0, 1)),
        ("resnet 32-64 1x1 s2", new(64, 16, 16, 32, 8, 8, 64, 1, 1, 2, 2, 1, 1, 0, 0, 1)),
        ("resnet 64-64", new(64, 8, 8, 64, 8, 8, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("resnet 64-64, one image", new(1, 8, 8, 64, 8, 8, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("resnet50 256-256", new(8, 14, 14, 256, 14, 14, 256, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("resnet18 512-512", new(8, 7, 7, 512, 7, 7, 512, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("512-512 of 2x2", new(64, 2, 2, 512, 2, 2, 512, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("128-128 of 6x6", new(64, 6, 6, 128, 6, 6, 128, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        ("dcgan 64-128 4x4 s2", new(64, 14, 14, 64, 7, 7, 128, 4, 4, 2, 2, 1, 1, 1, 1, 1)),
        ("dcgan 1-64 4x4 s2", new(64, 28, 28, 1, 14, 14, 64, 4, 4, 2, 2, 1, 1, 1, 1, 1)),
        ("mobilenet depthwise", new(8, 56, 56, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1, 1, 1, 64)),
        ("mobilenet depthwise s2", new(8, 56, 56, 64, 28, 28, 64, 3, 3, 2, 2, 1, 1, 0, 0, 64)),
    ];

    private static readonly (string Name, PoolShape Shape)[] Pools =
    [
        ("pool mnist 2x2", new(128, 24, 24, 64, 12, 12, 2, 2, 2, 2, 0, 0)),
        ("pool lenet 2x2", new(128, 24, 24, 6, 12, 12, 2, 2, 2, 2, 0, 0)),
        ("pool 16 channels 2x2", new(64, 32, 32, 16, 16, 16, 2, 2, 2, 2, 0, 0)),
        ("pool 3x3 s2", new(8, 56, 56, 64, 28, 28, 3, 3, 2, 2, 0, 0)),
        ("pool global 8x8", new(64, 8, 8, 64, 1, 1, 8, 8, 8, 8, 0, 0)),
    ];

    private delegate void Call(float* workspace);

    public static void Run(string[] args)
    {
        int threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        using var pool = new WorkerPool(threads);
        double peak = GemmBenchmark.Peak();
        Console.WriteLine($"vectors of {(int)CpuFeatures.Width}, fused multiply-add peak of one thread {peak:F1} GFLOP/s, {threads} threads");
        Console.WriteLine("layer                   way           forward us  GFLOP/s of peak   input us  GFLOP/s of peak  filter us  GFLOP/s of peak");
        foreach (var (name, layer) in Layers)
        {
            // Short calls tell the speed even where other programs take turns.
            var s = args.Length > 2 ? layer with { Batch = Math.Min(layer.Batch, int.Parse(args[2], CultureInfo.InvariantCulture)) } : layer;
            if (args.Length > 1 && !name.Contains(args[1], StringComparison.Ordinal))
                continue;
            float* x = Allocate((long)s.Batch * s.Height * s.Width * s.Channels), w = Allocate((long)s.Depth * s.Filters);
            float* y = Allocate((long)s.Batch * s.OutPixels * s.Filters), bias = Allocate(s.Filters);
            double flops = 2.0 * s.Work;

            // A star marks the way that the rule takes.
            foreach (ConvAlgorithm way in Convolution.Ways(s, ConvPass.Forward).Concat(Convolution.Ways(s, ConvPass.BackwardInput)).Distinct())
            {
                Console.Write($"{name,-24}{way,-12}");
                Write(ConvPass.Forward, way, workspace => Convolution.Forward(pool, s, way, x, w, y, bias, true, workspace));
                Write(ConvPass.BackwardInput, way, workspace => Convolution.BackwardInput(pool, s, way, w, y, x, workspace));
                Write(ConvPass.BackwardFilter, way, workspace => Convolution.BackwardFilter(pool, s, way, x, y, w, workspace));
                Console.WriteLine();
            }

            foreach (var p in (nint[])[(nint)x, (nint)w, (nint)y, (nint)bias])
                NativeMemory.AlignedFree((void*)p);

            void Write(ConvPass pass, ConvAlgorithm way, Call call)
            {
                if (!Convolution.Ways(s, pass).Contains(way))
                {
                    Console.Write(new string(' ', 29));
                    return;
                }

                float* workspace = Allocate(Convolution.WorkspaceSize(s, pass, way, threads));
                double seconds = Time(() => call(workspace), flops), rate = flops / seconds / 1e9;
                Console.Write($"{seconds * 1e6,12:F1}{rate,8:F1}{rate / (peak * threads),8:P0}{(Convolution.Choose(s, pass) == way ? '*' : ' ')}");
                NativeMemory.AlignedFree(workspace);
            }
        }

        RunPools(pool, args.Length > 1 ? args[1] : "");
    }

    private static void RunPools(WorkerPool pool, string filter)
    {
        Console.WriteLine("pooling                    max us    back us  average us    back us   x in MB");
        foreach (var (name, s) in Pools)
        {
            if (!name.Contains(filter, StringComparison.Ordinal))
                continue;
            long size = (long)s.Batch * s.Height * s.Width * s.Channels, outSize = (long)s.Batch * s.OutHeight * s.OutWidth * s.Channels;
            float* x = Allocate(size), dx = Allocate(size), y = Allocate(outSize), dy = Allocate(outSize);
            Console.Write($"{name,-24}");
            Write(Time(() => Pooling.MaxForward(pool, s, x, y), size));
            Write(Time(() => Pooling.MaxBackward(pool, s, x, y, dy, dx), size));
            Write(Time(() => Pooling.AverageForward(pool, s, x, y), size));
            Write(Time(() => Pooling.AverageBackward(pool, s, dy, dx), size));
            Console.WriteLine($"{size * 4e-6,10:F1}");
            foreach (var p in (nint[])[(nint)x, (nint)dx, (nint)y, (nint)dy])
                NativeMemory.AlignedFree((void*)p);
        }

        static void Write(double seconds) => Console.Write($"{seconds * 1e6,11:F1}");
    }

    private static double Time(Action run, double flops)
    {
        // Tiered compilation needs some calls and a moment before the code is at its best.
        var total = Stopwatch.StartNew();
        while (total.ElapsedMilliseconds < 60)
            run();

        int calls = (int)Math.Clamp(1e8 / flops, 1, 5000);
        double best = double.MaxValue;
        for (int round = 0; round < 60 && (total.ElapsedMilliseconds < 260 || round < 4); round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
                run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / calls);
        }

        return best;
    }

    private static float* Allocate(long count)
    {
        count = (count + 15) / 16 * 16;
        var p = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        for (long i = 0; i < count; i++)
            p[i] = ((i % 17) - 8) / 8f;
        return p;
    }
}
