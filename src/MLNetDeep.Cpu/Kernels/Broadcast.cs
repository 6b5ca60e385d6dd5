using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Repeats an array along its axes of one place, and along new axes in front, as numpy does.</summary>
internal static unsafe class Broadcast
{
    private const int MaxRank = 8;

    /// <summary>Values in a unit of work.</summary>
    private const int Unit = 1 << 13;

    public static void Run(
        WorkerPool pool, float* source, ReadOnlySpan<int> sourceDims, float* target, ReadOnlySpan<int> targetDims)
    {
        if (targetDims.Length > MaxRank || sourceDims.Length > targetDims.Length)
            throw new ArgumentException($"Cannot broadcast {sourceDims.Length} dimensions to {targetDims.Length}; there may be {MaxRank}.");

        // The result's axes from the last, neighbours that are both repeated or both not as one.
        Span<long> sizes = stackalloc long[MaxRank];
        Span<bool> repeated = stackalloc bool[MaxRank];
        int rank = 0;
        for (int i = 1; i <= targetDims.Length; i++)
        {
            int to = targetDims[^i];
            int from = i <= sourceDims.Length ? sourceDims[^i] : 1;
            if (from != to && from != 1)
                throw new ArgumentException($"Cannot broadcast a dimension of {from} to {to}.");
            if (to == 0)
                return;
            if (to == 1)
                continue;
            if (rank > 0 && repeated[rank - 1] == (from == 1))
            {
                sizes[rank - 1] *= to;
                continue;
            }

            sizes[rank] = to;
            repeated[rank++] = from == 1;
        }

        if (rank == 0)
        {
            *target = *source;
            return;
        }

        var body = new Body { Source = source, Target = target, Columns = sizes[0], Fill = repeated[0], Outer = rank - 1 };
        long rows = 1, step = body.Fill ? 1 : sizes[0];
        for (int i = 1; i < rank; i++)
        {
            body.Sizes[i - 1] = sizes[i];
            body.Steps[i - 1] = repeated[i] ? 0 : step;
            step *= repeated[i] ? 1 : sizes[i];
            rows *= sizes[i];
        }

        body.Pieces = body.Columns <= 2 * Unit ? 1 : (body.Columns + Unit - 1) / Unit;
        long units = rows * body.Pieces;
        int grain = rows * body.Columns <= 4 * Unit ? int.MaxValue : (int)Math.Max(1, Unit / body.Columns);
        pool.For(checked((int)units), grain, ref body);
    }

    private struct Body : IRangeBody
    {
        public float* Source, Target;
        public long Columns, Pieces;
        public bool Fill;

        /// <summary>Axes before the last, the fastest first.</summary>
        public int Outer;
        public Longs Sizes, Steps;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            for (int i = begin; i < end; i++)
            {
                long piece = i % Pieces, row = i / Pieces;
                float* to = Target + (row * Columns) + (piece * Unit);
                float* from = Source;
                for (int axis = 0; axis < Outer; axis++)
                {
                    from += row % Sizes[axis] * Steps[axis];
                    row /= Sizes[axis];
                }

                int count = (int)(Pieces == 1 ? Columns : Math.Min(Unit, Columns - (piece * Unit)));
                if (Fill)
                    new Span<float>(to, count).Fill(*from);
                else
                    new ReadOnlySpan<float>(from + (piece * Unit), count).CopyTo(new Span<float>(to, count));
            }
        }
    }

    [InlineArray(MaxRank)]
    private struct Longs
    {
        private long _first;
    }
}
