using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Sums of the rows that have the same number: the gradient of <see cref="Gather"/>. Rows are added in their order; one
/// whose number is no segment is left out.
/// </summary>
internal static unsafe class SegmentSum
{
    /// <summary>Least columns in a unit of work: a cache line.</summary>
    private const int ColumnUnit = 16;

    public static void Run(WorkerPool pool, float* data, int* ids, float* output, int count, int width, int segments)
    {
        if (segments <= 0 || width <= 0)
            return;

        // Threads share the columns; where there are too few, the segments too, and each looks through all the numbers.
        long work = ((long)count + segments) * width;
        int wanted = work <= 1 << 14 ? 1 : pool.Threads;
        int across = Math.Clamp(width / ColumnUnit, 1, wanted);
        int down = Math.Min((wanted + across - 1) / across, segments);
        var body = new Body
        {
            Data = data,
            Ids = ids,
            Output = output,
            Count = count,
            Width = width,
            Segments = segments,
            Across = across,
            Down = down,
        };
        pool.ForVec(across * down, 1, ref body);
    }

    private struct Body : IVecRangeBody
    {
        public float* Data, Output;
        public int* Ids;
        public int Count, Width, Segments, Across, Down;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
            {
                int x = i % Across, y = i / Across;
                int first = (int)((long)Segments * y / Down), last = (int)((long)Segments * (y + 1) / Down);
                int units = (Width + ColumnUnit - 1) / ColumnUnit;
                int column = (int)((long)units * x / Across) * ColumnUnit;
                int columns = Math.Min((int)((long)units * (x + 1) / Across) * ColumnUnit, Width) - column;
                Rectangle<TVec>(first, last - first, column, columns);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Rectangle<TVec>(int first, int segments, int column, int columns)
            where TVec : struct, IVec<TVec>
        {
            if (columns == Width)
            {
                Clear(Output + ((long)first * Width), (long)segments * Width);
            }
            else
            {
                for (int s = 0; s < segments; s++)
                    Clear(Output + (((long)first + s) * Width) + column, columns);
            }

            for (int i = 0; i < Count; i++)
            {
                int id = Ids[i] - first;
                if (Ids[i] < first || (uint)id >= (uint)segments)
                    continue;
                float* from = Data + ((long)i * Width) + column;
                float* to = Output + (((long)first + id) * Width) + column;
                for (int j = 0; j < columns; j += TVec.Count)
                {
                    int rest = columns - j;
                    VecTail.Store(VecTail.Load<TVec>(to + j, rest) + VecTail.Load<TVec>(from + j, rest), to + j, rest);
                }
            }
        }

        private static void Clear(float* at, long count)
        {
            for (; count > 0; at += 1 << 28, count -= 1 << 28)
                new Span<float>(at, (int)Math.Min(count, 1 << 28)).Clear();
        }
    }
}
