using System.Diagnostics;
using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Finds the fastest way to compute a convolution by trying all, once for each shape in a process.</summary>
internal static unsafe class ConvTuning
{
    /// <summary>Multiply-adds of a trial, about, and the most images in it.</summary>
    private const long TrialWork = 20_000_000;

    private const int ImagesMost = 32, Rounds = 5;

    private static readonly Dictionary<(ConvShape Shape, ConvPass Pass, int Threads), ConvAlgorithm> Known = [];

    /// <summary>The fastest way for images of this shape; the batch does not matter.</summary>
    public static ConvAlgorithm Fastest(WorkerPool pool, ConvShape shape, ConvPass pass)
    {
        ConvShape s = shape with { Batch = 1 };

        // One at a time: trials side by side would slow one another down.
        lock (Known)
        {
            if (!Known.TryGetValue((s, pass, pool.Threads), out ConvAlgorithm way))
                Known.Add((s, pass, pool.Threads), way = Measure(pool, s, pass));
            return way;
        }
    }

    private static ConvAlgorithm Measure(WorkerPool pool, ConvShape image, ConvPass pass)
    {
        ConvAlgorithm[] ways = [.. Convolution.Ways(image, pass)];
        if (ways.Length == 1)
            return ways[0];
        ConvShape s = image with { Batch = (int)Math.Clamp(TrialWork / Math.Max(1, image.Work), 1, ImagesMost) };
        using NativeBuffer x = Numbers((long)s.Batch * s.Height * s.Width * s.Channels), w = Numbers((long)s.Depth * s.Filters), y = Numbers((long)s.Batch * s.OutPixels * s.Filters);
        long[] best = new long[ways.Length];
        Array.Fill(best, long.MaxValue);

        // In turns, so that what else the machine does hits all alike. The first round is for the JIT and the caches.
        for (int round = 0; round <= Rounds; round++)
        {
            for (int i = 0; i < ways.Length; i++)
            {
                using NativeBuffer workspace = new(Convolution.WorkspaceSize(s, pass, ways[i], pool.Threads));
                long start = Stopwatch.GetTimestamp();
                switch (pass)
                {
                    case ConvPass.Forward:
                        Convolution.Forward(pool, s, ways[i], x.Pointer, w.Pointer, y.Pointer, null, false, workspace.Pointer);
                        break;
                    case ConvPass.BackwardInput:
                        Convolution.BackwardInput(pool, s, ways[i], w.Pointer, y.Pointer, x.Pointer, workspace.Pointer);
                        break;
                    default:
                        Convolution.BackwardFilter(pool, s, ways[i], x.Pointer, y.Pointer, w.Pointer, workspace.Pointer);
                        break;
                }

                long ticks = Stopwatch.GetTimestamp() - start;
                if (round > 0)
                    best[i] = Math.Min(best[i], ticks);
            }
        }

        return ways[Array.IndexOf(best, best.Min())];
    }

    // Ordinary numbers: zeros and results that grow from trial to trial could be slower or faster than they.
    private static NativeBuffer Numbers(long count)
    {
        NativeBuffer buffer = new(Math.Max(1, count));
        for (long i = 0; i < count; i++)
            buffer.Pointer[i] = ((i % 17) - 8) / 64f;
        return buffer;
    }
}
