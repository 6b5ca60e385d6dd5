using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>The sums over rows of batch normalisation and its gradient; what is done to each element is left to the elementwise loops.</summary>
/// <remarks>
/// Mean and variance are found in two passes over parts that lie in cache, and the parts' are joined by Chan's formula:
/// no cancellation, however far the mean is from 0.
/// </remarks>
internal static unsafe class BatchNorm
{
    /// <summary>Columns in a unit of work.</summary>
    private const int ColumnUnit = 64;

    /// <summary>Floats of workspace that either direction needs; grows with the rows.</summary>
    public static long WorkspaceSize(int rows, int columns) => 2 * RowParts.WorkspaceSize(rows, columns, RowParts.Large);

    /// <summary>Mean and biased variance of each column.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="x">Matrix of rows and columns.</param>
    /// <param name="mean">Result: each column's mean.</param>
    /// <param name="variance">Result: each column's variance.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="workspace"><see cref="WorkspaceSize"/> floats.</param>
    public static void Statistics(WorkerPool pool, float* x, float* mean, float* variance, int rows, int columns, float* workspace)
    {
        if (rows <= 0 || columns <= 0)
            return;
        var parts = new RowParts(rows, columns, RowParts.Large);
        var statistics = new StatisticsBody
        {
            X = x,
            Rows = rows,
            Columns = columns,
            Parts = parts,
            Means = parts.Count == 1 ? mean : workspace,
            Squares = parts.Count == 1 ? variance : workspace + ((long)parts.Count * columns),
        };
        int blocks = (columns + ColumnUnit - 1) / ColumnUnit;
        pool.ForRows(blocks * parts.Count, 2L * rows * columns / parts.Count / blocks, ref statistics);

        var join = new JoinBody { Statistics = statistics, Mean = mean, Variance = variance };
        pool.ForRows(1, 1, ref join);
    }

    /// <summary>The sums that the gradient is made of: by gamma, of <c>dy * (x - mean) / sqrt(variance + epsilon)</c>; by beta, of <c>dy</c>.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="dy">Gradient by the result.</param>
    /// <param name="x">What was normalised.</param>
    /// <param name="mean">The means found then.</param>
    /// <param name="variance">The variances found then.</param>
    /// <param name="epsilon">As then.</param>
    /// <param name="dgamma">Result.</param>
    /// <param name="dbeta">Result.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="workspace"><see cref="WorkspaceSize"/> floats.</param>
    public static void Sums(
        WorkerPool pool, float* dy, float* x, float* mean, float* variance, float epsilon,
        float* dgamma, float* dbeta, int rows, int columns, float* workspace)
    {
        if (columns <= 0)
            return;
        var parts = new RowParts(rows, columns, RowParts.Large);
        var sums = new SumsBody
        {
            Dy = dy,
            X = x,
            Mean = mean,
            Variance = variance,
            Epsilon = epsilon,
            Rows = rows,
            Columns = columns,
            Parts = parts,
            Products = parts.Count == 1 ? dgamma : workspace,
            Sums = parts.Count == 1 ? dbeta : workspace + ((long)parts.Count * columns),
        };
        int blocks = (columns + ColumnUnit - 1) / ColumnUnit;
        pool.ForRows(blocks * parts.Count, 2L * rows * columns / parts.Count / blocks, ref sums);
        if (parts.Count > 1)
        {
            Reduce.SumOfRows(pool, sums.Products, dgamma, parts.Count, columns);
            Reduce.SumOfRows(pool, sums.Sums, dbeta, parts.Count, columns);
        }
    }

    private struct StatisticsBody : IVecRangeBody
    {
        public float* X, Means, Squares;
        public int Rows, Columns;
        public RowParts Parts;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
            {
                int part = i % Parts.Count;
                int first = part * Parts.Length;
                int count = Math.Min(Parts.Length, Rows - first);
                int column = i / Parts.Count * ColumnUnit, last = Math.Min(Columns, column + ColumnUnit);
                for (; column + (2 * TVec.Count) <= last; column += 2 * TVec.Count)
                    Pair<TVec>(part, first, count, column);
                for (; column < last; column += TVec.Count)
                    Column<TVec>(part, first, count, column, last - column);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Pair<TVec>(int part, int first, int count, int column)
            where TVec : struct, IVec<TVec>
        {
            float* start = X + ((long)first * Columns) + column;
            float* x = start;
            TVec sum0 = TVec.Zero, sum1 = TVec.Zero;
            for (int row = 0; row < count; row++, x += Columns)
            {
                sum0 += TVec.Load(x);
                sum1 += TVec.Load(x + TVec.Count);
            }

            TVec rows = TVec.Broadcast(count), mean0 = sum0 / rows, mean1 = sum1 / rows;
            x = start;
            sum0 = sum1 = TVec.Zero;
            for (int row = 0; row < count; row++, x += Columns)
            {
                var d0 = TVec.Load(x) - mean0;
                var d1 = TVec.Load(x + TVec.Count) - mean1;
                TVec.AddProduct(ref sum0, d0, d0);
                TVec.AddProduct(ref sum1, d1, d1);
            }

            long at = ((long)part * Columns) + column;
            mean0.Store(Means + at);
            mean1.Store(Means + at + TVec.Count);
            sum0.Store(Squares + at);
            sum1.Store(Squares + at + TVec.Count);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Column<TVec>(int part, int first, int count, int column, int width)
            where TVec : struct, IVec<TVec>
        {
            float* x = X + ((long)first * Columns) + column;
            TVec sum0 = TVec.Zero, sum1 = TVec.Zero;
            int row = 0;
            for (; row + 2 <= count; row += 2)
            {
                sum0 += VecTail.Load<TVec>(x + ((long)row * Columns), width);
                sum1 += VecTail.Load<TVec>(x + ((row + 1L) * Columns), width);
            }

            if (row < count)
                sum0 += VecTail.Load<TVec>(x + ((long)row * Columns), width);
            var mean = (sum0 + sum1) / TVec.Broadcast(count);

            sum0 = sum1 = TVec.Zero;
            for (row = 0; row + 2 <= count; row += 2)
            {
                var d0 = VecTail.Load<TVec>(x + ((long)row * Columns), width) - mean;
                var d1 = VecTail.Load<TVec>(x + ((row + 1L) * Columns), width) - mean;
                TVec.AddProduct(ref sum0, d0, d0);
                TVec.AddProduct(ref sum1, d1, d1);
            }

            if (row < count)
            {
                var d = VecTail.Load<TVec>(x + ((long)row * Columns), width) - mean;
                TVec.AddProduct(ref sum0, d, d);
            }

            long at = ((long)part * Columns) + column;
            VecTail.Store(mean, Means + at, width);
            VecTail.Store(sum0 + sum1, Squares + at, width);
        }
    }

    private struct JoinBody : IVecRangeBody
    {
        public StatisticsBody Statistics;
        public float* Mean, Variance;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            int columns = Statistics.Columns;
            for (int column = 0; column < columns; column += TVec.Count)
            {
                int width = columns - column;
                var mean = VecTail.Load<TVec>(Statistics.Means + column, width);
                var squares = VecTail.Load<TVec>(Statistics.Squares + column, width);
                float rows = Math.Min(Statistics.Parts.Length, Statistics.Rows);
                for (int part = 1; part < Statistics.Parts.Count; part++)
                {
                    long at = ((long)part * columns) + column;
                    float more = Math.Min(Statistics.Parts.Length, Statistics.Rows - (part * Statistics.Parts.Length));
                    float all = rows + more;
                    var apart = VecTail.Load<TVec>(Statistics.Means + at, width) - mean;
                    TVec.AddProduct(ref mean, apart, TVec.Broadcast(more / all));
                    squares += TVec.FusedMultiplyAdd(
                        apart * apart, TVec.Broadcast(rows * (more / all)), VecTail.Load<TVec>(Statistics.Squares + at, width));
                    rows = all;
                }

                VecTail.Store(mean, Mean + column, width);
                VecTail.Store(squares / TVec.Broadcast(rows), Variance + column, width);
            }
        }
    }

    private struct SumsBody : IVecRangeBody
    {
        public float* Dy, X, Mean, Variance, Products, Sums;
        public float Epsilon;
        public int Rows, Columns;
        public RowParts Parts;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
            {
                int part = i % Parts.Count;
                int first = part * Parts.Length;
                int count = Math.Min(Parts.Length, Rows - first);
                int column = i / Parts.Count * ColumnUnit, last = Math.Min(Columns, column + ColumnUnit);
                for (; column + (2 * TVec.Count) <= last; column += 2 * TVec.Count)
                    Pair<TVec>(part, first, count, column);
                for (; column < last; column += TVec.Count)
                    Column<TVec>(part, first, count, column, last - column);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Pair<TVec>(int part, int first, int count, int column)
            where TVec : struct, IVec<TVec>
        {
            float* x = X + ((long)first * Columns) + column;
            float* dy = Dy + ((long)first * Columns) + column;
            TVec mean0 = TVec.Load(Mean + column), mean1 = TVec.Load(Mean + column + TVec.Count);
            TVec sum0 = TVec.Zero, sum1 = TVec.Zero, product0 = TVec.Zero, product1 = TVec.Zero;
            for (int row = 0; row < count; row++, x += Columns, dy += Columns)
            {
                var d0 = TVec.Load(dy);
                var d1 = TVec.Load(dy + TVec.Count);
                sum0 += d0;
                sum1 += d1;
                TVec.AddProduct(ref product0, d0, TVec.Load(x) - mean0);
                TVec.AddProduct(ref product1, d1, TVec.Load(x + TVec.Count) - mean1);
            }

            var epsilon = TVec.Broadcast(Epsilon);
            long at = ((long)part * Columns) + column;
            (product0 / TVec.Sqrt(TVec.Load(Variance + column) + epsilon)).Store(Products + at);
            (product1 / TVec.Sqrt(TVec.Load(Variance + column + TVec.Count) + epsilon)).Store(Products + at + TVec.Count);
            sum0.Store(Sums + at);
            sum1.Store(Sums + at + TVec.Count);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Column<TVec>(int part, int first, int count, int column, int width)
            where TVec : struct, IVec<TVec>
        {
            float* x = X + ((long)first * Columns) + column;
            float* dy = Dy + ((long)first * Columns) + column;
            var mean = VecTail.Load<TVec>(Mean + column, width);
            TVec sum0 = TVec.Zero, sum1 = TVec.Zero, product0 = TVec.Zero, product1 = TVec.Zero;
            int row = 0;
            for (; row + 2 <= count; row += 2, x += 2L * Columns, dy += 2L * Columns)
            {
                var d0 = VecTail.Load<TVec>(dy, width);
                var d1 = VecTail.Load<TVec>(dy + Columns, width);
                sum0 += d0;
                sum1 += d1;
                TVec.AddProduct(ref product0, d0, VecTail.Load<TVec>(x, width) - mean);
                TVec.AddProduct(ref product1, d1, VecTail.Load<TVec>(x + Columns, width) - mean);
            }

            if (row < count)
            {
                var d = VecTail.Load<TVec>(dy, width);
                sum0 += d;
                TVec.AddProduct(ref product0, d, VecTail.Load<TVec>(x, width) - mean);
            }

            var deviation = TVec.Sqrt(VecTail.Load<TVec>(Variance + column, width) + TVec.Broadcast(Epsilon));
            long at = ((long)part * Columns) + column;
            VecTail.Store((product0 + product1) / deviation, Products + at, width);
            VecTail.Store(sum0 + sum1, Sums + at, width);
        }
    }
}
