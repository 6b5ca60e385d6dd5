using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Copies a block of rows between matrices of different row lengths: slices, concatenation, padding.</summary>
internal static unsafe class StridedCopy
{
    /// <summary>Values in a unit of work.</summary>
    private const int Unit = 1 << 14;

    /// <param name="pool">Threads to use.</param>
    /// <param name="source">First row.</param>
    /// <param name="sourceStride">Floats from one row to the next.</param>
    /// <param name="target">Where the first row goes; may not overlap.</param>
    /// <param name="targetStride">Floats from one row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Floats of each row that are copied.</param>
    public static void Run(
        WorkerPool pool, float* source, long sourceStride, float* target, long targetStride, int rows, int columns)
    {
        if (rows <= 0 || columns <= 0)
            return;
        if (sourceStride == columns && targetStride == columns && (long)rows * columns <= int.MaxValue)
        {
            columns *= rows;
            rows = 1;
        }

        var body = new Body
        {
            Source = source,
            SourceStride = sourceStride,
            Target = target,
            TargetStride = targetStride,
            Columns = columns,
        };

        // A long row is cut; short ones are taken together.
        body.Pieces = columns <= 2 * Unit ? 1 : (columns + Unit - 1) / Unit;
        int units = checked(rows * body.Pieces);
        int grain = (long)rows * columns <= 2 * Unit ? units : Math.Max(1, Unit / columns);
        pool.For(units, grain, ref body);
    }

    private struct Body : IRangeBody
    {
        public float* Source, Target;
        public long SourceStride, TargetStride;
        public int Columns, Pieces;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            if (Pieces > 1)
            {
                for (int i = begin; i < end; i++)
                {
                    int row = i / Pieces, column = i % Pieces * Unit;
                    Copy(Source + (row * SourceStride) + column, Target + (row * TargetStride) + column, Math.Min(Unit, Columns - column));
                }

                return;
            }

            float* from = Source + (begin * SourceStride);
            float* to = Target + (begin * TargetStride);
            for (int row = begin; row < end; row++, from += SourceStride, to += TargetStride)
                Copy(from, to, Columns);
        }

        private static void Copy(float* from, float* to, int count)
        {
            if (count == 1)
                *to = *from;
            else
                new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
        }
    }
}
