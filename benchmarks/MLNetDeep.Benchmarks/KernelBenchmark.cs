using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Benchmarks;

/// <summary>The other kernels, in microseconds and nanoseconds per element.</summary>
internal static unsafe class KernelBenchmark
{
    public static void Run(string[] args)
    {
        int threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        using var pool = new WorkerPool(threads);
        const int Most = 1 << 21;
        float* x = Allocate(Most), y = Allocate(Most), z = Allocate(Most), w = Allocate(Most), v = Allocate(Most), workspace = Allocate(Most);
        int* labels = (int*)Allocate(Most);
        for (int i = 0; i < Most; i++)
            labels[i] = (int)((uint)(i * 2654435761L) % 10);

        AttentionShape attention = new(1, 4, 64, 64, 32, 32, 0.2f, false, 0, 0);
        var cases = new (string Name, int Count, Action Run)[]
        {
            ("empty loop of 2 ranges", 1, () => Fork(pool)),
            ("softmax 128x10", 1280, () => Softmax.Forward(pool, x, y, 128, 10)),
            ("softmax 512x512", 512 * 512, () => Softmax.Forward(pool, x, y, 512, 512)),
            ("softmax backward 512x512", 512 * 512, () => Softmax.Backward(pool, x, y, z, 512, 512)),
            ("cross entropy 128x10", 1280, () => SparseCrossEntropy.Run(pool, x, labels, z, y, 128, 10)),
            ("sum rows 512x512", 512 * 512, () => Reduce.Run(pool, ReduceKind.Sum, x, y, 512, 512, 1, workspace)),
            ("sum all 2^20", 1 << 20, () => Reduce.Run(pool, ReduceKind.Sum, x, y, 1, 1 << 20, 1, workspace)),
            ("sum columns 128x256", 128 * 256, () => Reduce.Run(pool, ReduceKind.Sum, x, y, 1, 128, 256, workspace)),
            ("sum columns 128x10", 1280, () => Reduce.Run(pool, ReduceKind.Sum, x, y, 1, 128, 10, workspace)),
            ("sum columns 16384x64", 1 << 20, () => Reduce.Run(pool, ReduceKind.Sum, x, y, 1, 16384, 64, workspace)),
            ("max rows 512x512", 512 * 512, () => Reduce.Run(pool, ReduceKind.Max, x, y, 512, 512, 1, workspace)),
            ("argmax 128x10", 1280, () => ArgMax.Run(pool, x, labels + 4096, 128, 10, 1)),
            ("batch norm statistics 128x256", 128 * 256, () => BatchNorm.Statistics(pool, x, v, v + 256, 128, 256, workspace)),
            ("batch norm statistics 16384x64", 1 << 20, () => BatchNorm.Statistics(pool, x, v, v + 256, 16384, 64, workspace)),
            ("batch norm sums 16384x64", 1 << 20, () => BatchNorm.Sums(pool, x, w, v, v + 256, 1e-3f, v + 512, v + 1024, 16384, 64, workspace)),
            ("layer norm 1024x128", 1 << 17, () => LayerNorm.Forward(pool, x, z, w, 1e-3f, y, v, v + 4096, 1024, 128)),
            ("layer norm back 1024x128", 1 << 17, () => LayerNorm.Backward(pool, x, w, z, v, v + 4096, y, v + 8192, v + 16384, 1024, 128, workspace)),
            ("attention 64 steps, 4 heads of 32", 1 << 13, () => Attention.Forward(pool, attention, x, z, w, null, null, 0, y, workspace)),
            ("gather 4096x64", 1 << 18, () => Gather.Run(pool, x, labels, y, 4096, 64, 10)),
            ("segment sum 4096x64", 1 << 18, () => SegmentSum.Run(pool, x, labels, y, 4096, 64, 1000)),
            ("one hot 4096x64", 1 << 18, () => OneHot.Run(pool, labels, y, 4096, 64, 1, 0)),
            ("transpose 1000x1000", 1_000_000, () => Transpose.Run(pool, x, y, [1000, 1000], [1, 0])),
            ("transpose 1024x1024", 1 << 20, () => Transpose.Run(pool, x, y, [1024, 1024], [1, 0])),
            ("transpose 64,64,4,32 heads", 1 << 19, () => Transpose.Run(pool, x, y, [64, 64, 4, 32], [0, 2, 1, 3])),
            ("transpose 16384x3", 16384 * 3, () => Transpose.Run(pool, x, y, [16384, 3], [1, 0])),
            ("copy 2^20", 1 << 20, () => StridedCopy.Run(pool, x, 1024, y, 1024, 1024, 1024)),
            ("broadcast row 1024x256", 1 << 18, () => Broadcast.Run(pool, x, [256], y, [1024, 256])),
            ("broadcast column 1024x256", 1 << 18, () => Broadcast.Run(pool, x, [1024, 1], y, [1024, 256])),
            ("uniform 2^18", 1 << 18, () => PhiloxRandom.Uniform(pool, y, 1 << 18, 1, 1)),
            ("normal 2^18", 1 << 18, () => PhiloxRandom.Normal(pool, y, 1 << 18, 1, 1)),
            ("dropout mask 2^18", 1 << 18, () => PhiloxRandom.DropoutMask(pool, y, 1 << 18, 0.5f, 1, 1)),
            ("dropout mask 128x256", 1 << 15, () => PhiloxRandom.DropoutMask(pool, y, 1 << 15, 0.5f, 1, 1)),
        };

        Console.WriteLine($"{threads} threads");
        Console.WriteLine("kernel                             us  ns/value");
        foreach (var (name, count, run) in cases)
        {
            if (args.Length > 1 && !name.Contains(args[1], StringComparison.Ordinal))
                continue;
            double seconds = Time(run);
            Console.WriteLine($"{name,-27}{seconds * 1e6,10:F2}{seconds * 1e9 / count,10:F3}");
        }
    }

    private static void Fork(WorkerPool pool)
    {
        var body = default(Nothing);
        pool.For(2, 1, ref body);
    }

    private static double Time(Action run)
    {
        var total = Stopwatch.StartNew();
        long calls = 0;
        for (; total.ElapsedMilliseconds < 120; calls++)
            run();
        calls = Math.Clamp(calls / 60, 1, 10_000);
        double best = double.MaxValue;
        for (int round = 0; round < 60; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (long i = 0; i < calls; i++)
                run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / calls);
        }

        return best;
    }

    private static float* Allocate(long count)
    {
        var p = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        for (long i = 0; i < count; i++)
            p[i] = ((i % 17) - 8) * 0.25f;
        return p;
    }

    private struct Nothing : IRangeBody
    {
        public readonly void Run(int begin, int end, int worker)
        {
        }
    }
}
