using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Benchmarks;

/// <summary>Matrix products of the sizes that networks have, in GFLOP/s and as a share of what the processor can do.</summary>
internal static unsafe class GemmBenchmark
{
    // Each side as it is, transposed, or (the second) packed beforehand.
    private static readonly (int M, int N, int K, string Ops, int Batch)[] Shapes =
    [
        (1024, 1024, 1024, "nn", 1),
        (512, 512, 512, "nn", 1),
        (256, 256, 256, "nn", 1),
        (128, 256, 784, "nn", 1),
        (128, 256, 256, "nn", 1),
        (128, 10, 256, "nn", 1),
        (784, 256, 128, "tn", 1),
        (256, 256, 128, "tn", 1),
        (256, 10, 128, "tn", 1),
        (128, 784, 256, "nt", 1),
        (128, 256, 256, "nt", 1),
        (128, 256, 10, "nt", 1),
        (1000, 1000, 1000, "nn", 1),
        (1000, 1000, 1000, "tt", 1),
        (64, 64, 16384, "tn", 1),
        (576, 64, 20000, "tn", 1),
        (20000, 64, 576, "nn", 1),
        (64, 64, 32, "nt", 256),
        (32, 256, 784, "nn", 1),
        (16, 256, 784, "nn", 1),
        (4, 256, 784, "nn", 1),
        (2, 256, 784, "nn", 1),
        (1, 256, 784, "nn", 1),
        (1, 10, 256, "nn", 1),
        (1, 256, 784, "nt", 1),
        (4, 256, 784, "nt", 1),
        (8, 256, 784, "nt", 1),
        (16, 256, 784, "nt", 1),
        (128, 1, 256, "nn", 1),
        (64, 128, 128, "np", 1),
        (16, 512, 128, "np", 1),
        (32, 512, 128, "np", 1),
        (64, 512, 128, "np", 1),
        (64, 128, 512, "np", 1),
    ];

    public static void Run(string[] args)
    {
        int threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        using var pool = new WorkerPool(threads);
        double peak = Peak();
        Console.WriteLine($"vectors of {(int)CpuFeatures.Width}, fused multiply-add peak of one thread {peak:F1} GFLOP/s, {threads} threads");
        var blas = OpenBlas.Load(threads);
        Console.WriteLine("     M     N     K op  batch        us  GFLOP/s   of peak" + (blas == null ? "" : "  OpenBLAS us   faster"));
        foreach (var (m, n, k, ops, batch) in Shapes)
        {
            var shape = new GemmShape(m, n, k, ops[0] == 't', ops[1] == 't', batch, (long)m * k, (long)k * n, (long)m * n);
            if (args.Length > 1 && !$"{m}x{n}x{k}{ops}".Contains(args[1], StringComparison.Ordinal))
                continue;
            float* a = Allocate((long)m * k * batch), b = Allocate((long)k * n * batch), c = Allocate((long)m * n * batch);
            float* bias = Allocate(n), workspace = Allocate(Gemm.WorkspaceSize(shape, threads));
            double flops = 2.0 * m * n * k * batch;
            float* packed = ops[1] == 'p' ? Allocate(Gemm.PackedWeightsSize(n, k)) : null;
            if (packed != null)
                Gemm.Pack(pool, n, k, transposed: false, b, packed);
            double seconds = Time(() => Gemm.Run(pool, shape, a, b, c, bias, workspace, packed), flops);
            double rate = flops / seconds / 1e9;
            Console.Write($"{m,6}{n,6}{k,6} {ops} {batch,6}{seconds * 1e6,10:F1}{rate,9:F1}{rate / (peak * threads),10:P0}");
            if (blas != null)
            {
                double other = Time(() => blas.Run(shape, a, b, c), flops);
                Console.Write($"{other * 1e6,13:F1}{other / seconds,9:F2}");
            }

            Console.WriteLine();
            foreach (var p in (nint[])[(nint)a, (nint)b, (nint)c, (nint)bias, (nint)workspace, (nint)packed])
                NativeMemory.AlignedFree((void*)p);
        }
    }

    private static double Time(Action run, double flops)
    {
        // Tiered compilation needs some calls and a moment before the code is at its best.
        var total = Stopwatch.StartNew();
        while (total.ElapsedMilliseconds < 150)
            run();

        int calls = (int)Math.Clamp(2e9 / 2 / flops, 1, 5000);
        double best = double.MaxValue;
        for (int round = 0; round < 25; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
                run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / calls);
            if (total.ElapsedMilliseconds > 1000 && round > 4)
                break;
        }

        return best;
    }

    private static float* Allocate(long count)
    {
        count = (count + 15) / 16 * 16;
        var p = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        for (long i = 0; i < count; i++)
            p[i] = (i % 17) - 8;
        return p;
    }

    /// <summary>GFLOP/s of multiply-adds that nothing holds up.</summary>
    public static double Peak()
    {
        const int Turns = 20_000;
        double best = 0;
        for (int round = 0; round < 60; round++)
        {
            long start = Stopwatch.GetTimestamp();
            double flops = CpuFeatures.Width switch
            {
                VectorWidth.V512 => MultiplyAdds<Vec512>(Turns),
                VectorWidth.V256 => MultiplyAdds<Vec256>(Turns),
                _ => MultiplyAdds<Vec128>(Turns),
            };
            best = Math.Max(best, flops / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double MultiplyAdds<TVec>(int turns)
        where TVec : struct, IVec<TVec>
    {
        TVec x = TVec.Broadcast(0.5f), y = TVec.Broadcast(0.25f);
        TVec a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
        for (int turn = 0; turn < turns; turn++)
        {
            a = TVec.FusedMultiplyAdd(a, x, y);
            b = TVec.FusedMultiplyAdd(b, x, y);
            c = TVec.FusedMultiplyAdd(c, x, y);
            d = TVec.FusedMultiplyAdd(d, x, y);
            e = TVec.FusedMultiplyAdd(e, x, y);
            f = TVec.FusedMultiplyAdd(f, x, y);
            g = TVec.FusedMultiplyAdd(g, x, y);
            h = TVec.FusedMultiplyAdd(h, x, y);
            i = TVec.FusedMultiplyAdd(i, x, y);
            j = TVec.FusedMultiplyAdd(j, x, y);
        }

        float sink = TVec.Sum(a + b + c + d + e + f + g + h + i + j);
        return sink > 1e9f ? 0 : 2.0 * 10 * TVec.Count * turns;
    }
}
