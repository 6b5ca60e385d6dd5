using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Permutes the axes of an array of up to eight: axis <c>i</c> of the result is axis <c>perm[i]</c> of the source.</summary>
internal static unsafe class Transpose
{
    private const int MaxRank = 8;

    /// <summary>Side of the squares that are transposed at a time: both fit in the first-level cache.</summary>
    private const int Tile = 32;

    private const int SerialSize = 1 << 14;

    public static void Run(WorkerPool pool, float* x, float* y, ReadOnlySpan<int> dims, ReadOnlySpan<int> perm)
    {
        if (dims.Length != perm.Length || dims.Length > MaxRank)
            throw new ArgumentException($"A permutation of {perm.Length} axes for {dims.Length} dimensions, of which there may be {MaxRank}.");

        long total = 1;
        Span<long> strides = stackalloc long[MaxRank];
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = total;
            total *= dims[i];
        }

        if (total == 0)
            return;

        // The result's axes, without those of one place, and neighbours that stay neighbours as one.
        int rank = 0;
        Span<long> sizes = stackalloc long[MaxRank];
        Span<long> steps = stackalloc long[MaxRank];
        foreach (int axis in perm)
        {
            if (dims[axis] == 1)
                continue;
            if (rank > 0 && steps[rank - 1] == strides[axis] * dims[axis])
            {
                sizes[rank - 1] *= dims[axis];
                steps[rank - 1] = strides[axis];
                continue;
            }

            sizes[rank] = dims[axis];
            steps[rank++] = strides[axis];
        }

        if (rank <= 1)
        {
            StridedCopy.Run(pool, x, total, y, total, 1, checked((int)total));
            return;
        }

        // The inner loops go over the result's last axis and over the source's, which is the one of step 1; if they are
        // the same, whole rows are copied and the next axis makes the second loop.
        var body = new Body { X = x, Y = y, Columns = sizes[rank - 1], ColumnStep = steps[rank - 1] };
        int other = body.ColumnStep == 1 ? rank - 2 : steps[..rank].IndexOf(1L);
        body.RowFrom = steps[other];
        long step = sizes[rank - 1];
        body.Rows = 1;
        for (int i = rank - 2; i >= 0; i--)
        {
            if (i == other)
            {
                body.Rows = sizes[i];
                body.RowStep = step;
            }
            else
            {
                body.Sizes[body.Outer] = sizes[i];
                body.From[body.Outer] = steps[i];
                body.To[body.Outer] = step;
                body.Outer++;
            }

            step *= sizes[i];
        }

        body.RowTiles = (body.Rows + Tile - 1) / Tile;
        body.ColumnTiles = body.ColumnStep == 1 ? 1 : (body.Columns + Tile - 1) / Tile;
        long units = total / body.Rows / body.Columns * body.RowTiles * body.ColumnTiles;
        int grain = (int)Math.Clamp(SerialSize / Math.Max(1, total / units), 1, int.MaxValue);
        pool.For(checked((int)units), total <= 2 * SerialSize ? int.MaxValue : grain, ref body);
    }

    private struct Body : IRangeBody
    {
        public float* X, Y;
        public long Rows, Columns, ColumnStep, RowFrom, RowStep, RowTiles, ColumnTiles;

        /// <summary>Axes outside the two, the fastest first.</summary>
        public int Outer;
        public Longs Sizes, From, To;

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            // Rows this far apart push each other out of the cache before their lines are full: they are put together
            // elsewhere and copied whole.
            const int Aliasing = 256;
            float* square = stackalloc float[Tile * Tile];
            for (int i = begin; i < end; i++)
            {
                long rest = i;
                long column = rest % ColumnTiles * Tile;
                rest /= ColumnTiles;
                long row = rest % RowTiles * Tile;
                rest /= RowTiles;
                float* x = X;
                float* y = Y;
                for (int axis = 0; axis < Outer; axis++)
                {
                    long at = rest % Sizes[axis];
                    rest /= Sizes[axis];
                    x += at * From[axis];
                    y += at * To[axis];
                }

                if (ColumnStep == 1)
                {
                    long last = Math.Min(Rows, row + Tile);
                    for (; row < last; row++)
                        Copy(x + (row * RowFrom), y + (row * RowStep), Columns);
                    continue;
                }

                // Rows of the result are columns of the source.
                float* from = x + (column * ColumnStep) + row;
                float* to = y + (row * RowStep) + column;
                int columns = (int)Math.Min(Tile, Columns - column), rows = (int)Math.Min(Tile, Rows - row);
                if (RowStep % Aliasing != 0)
                {
                    Transposition.Any(from, ColumnStep, to, RowStep, columns, rows);
                    continue;
                }

                Transposition.Any(from, ColumnStep, square, Tile, columns, rows);
                for (int r = 0; r < rows; r++)
                    new ReadOnlySpan<float>(square + (r * Tile), columns).CopyTo(new Span<float>(to + (r * RowStep), columns));
            }
        }

        private static void Copy(float* from, float* to, long count)
        {
            if (count < 8)
            {
                for (int i = 0; i < count; i++)
                    to[i] = from[i];
            }
            else
            {
                new ReadOnlySpan<float>(from, (int)count).CopyTo(new Span<float>(to, (int)count));
            }
        }
    }

    [InlineArray(MaxRank)]
    private struct Longs
    {
        private long _first;
    }
}
