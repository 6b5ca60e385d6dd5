using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Normalisation of each row over its columns.</summary>
internal static unsafe class LayerNorm
{
    /// <summary>Floats of workspace that <see cref="Backward"/> needs; grows with the rows.</summary>
    public static long BackwardWorkspaceSize(int rows, int columns) => 2 * RowParts.WorkspaceSize(rows, columns, RowParts.Small);

    /// <summary><c>y = (x - mean) * rstd * gamma + beta</c>, <c>rstd = 1 / sqrt(variance + epsilon)</c>.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="x">Matrix of rows and columns.</param>
    /// <param name="gamma">A factor for each column, or null for 1.</param>
    /// <param name="beta">A summand for each column, or null for 0.</param>
    /// <param name="epsilon">Added to the (biased) variance.</param>
    /// <param name="y">Result; may be <paramref name="x"/>.</param>
    /// <param name="mean">Result: each row's mean.</param>
    /// <param name="rstd">Result: the inverse of each row's deviation.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static void Forward(
        WorkerPool pool, float* x, float* gamma, float* beta, float epsilon, float* y, float* mean, float* rstd,
        int rows, int columns)
    {
        var body = new ForwardBody
        {
            X = x,
            Gamma = gamma,
            Beta = beta,
            Epsilon = epsilon,
            Y = y,
            Mean = mean,
            Rstd = rstd,
            Columns = columns,
        };
        pool.ForRows(rows, 4L * columns, ref body);
    }

    /// <summary>Gradients of <see cref="Forward"/> by x, gamma and beta.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="dy">Gradient by the result.</param>
    /// <param name="x">What was normalised.</param>
    /// <param name="gamma">As then.</param>
    /// <param name="mean">The means found then.</param>
    /// <param name="rstd">The inverse deviations found then.</param>
    /// <param name="dx">Result; may be <paramref name="dy"/>.</param>
    /// <param name="dgamma">Result.</param>
    /// <param name="dbeta">Result.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="workspace"><see cref="BackwardWorkspaceSize"/> floats.</param>
    public static void Backward(
        WorkerPool pool, float* dy, float* x, float* gamma, float* mean, float* rstd,
        float* dx, float* dgamma, float* dbeta, int rows, int columns, float* workspace)
    {
        if (columns <= 0)
            return;
        var parts = new RowParts(rows, columns, RowParts.Small);
        var body = new BackwardBody
        {
            Dy = dy,
            X = x,
            Gamma = gamma,
            Mean = mean,
            Rstd = rstd,
            Dx = dx,
            Rows = rows,
            Columns = columns,
            Parts = parts,
            Products = parts.Count == 1 ? dgamma : workspace,
            Sums = parts.Count == 1 ? dbeta : workspace + ((long)parts.Count * columns),
        };
        pool.ForRows(parts.Count, 6L * columns * parts.Length, ref body);
        if (parts.Count > 1)
        {
            Reduce.SumOfRows(pool, body.Products, dgamma, parts.Count, columns);
            Reduce.SumOfRows(pool, body.Sums, dbeta, parts.Count, columns);
        }
    }

    private struct ForwardBody : IVecRangeBody
    {
        public float* X, Gamma, Beta, Y, Mean, Rstd;
        public float Epsilon;
        public int Columns;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int row = begin; row < end; row++)
            {
                float* x = X + ((long)row * Columns);
                float* y = Y + ((long)row * Columns);
                TVec sum = TVec.Zero, more = TVec.Zero;
                int i = 0;
                for (; i + (2 * TVec.Count) <= Columns; i += 2 * TVec.Count)
                {
                    sum += TVec.Load(x + i);
                    more += TVec.Load(x + i + TVec.Count);
                }

                for (; i < Columns; i += TVec.Count)
                    sum += VecTail.Load<TVec>(x + i, Columns - i);
                float mean = TVec.Sum(sum + more) / Columns;

                var m = TVec.Broadcast(mean);
                sum = more = TVec.Zero;
                for (i = 0; i + (2 * TVec.Count) <= Columns; i += 2 * TVec.Count)
                {
                    var d0 = TVec.Load(x + i) - m;
                    var d1 = TVec.Load(x + i + TVec.Count) - m;
                    TVec.AddProduct(ref sum, d0, d0);
                    TVec.AddProduct(ref more, d1, d1);
                }

                for (; i < Columns; i += TVec.Count)
                {
                    // Filled up with the mean: those lanes add nothing.
                    var d = VecTail.Load(x + i, Columns - i, m) - m;
                    TVec.AddProduct(ref sum, d, d);
                }

                float rstd = 1 / MathF.Sqrt((TVec.Sum(sum + more) / Columns) + Epsilon);
                Mean[row] = mean;
                Rstd[row] = rstd;
                var scale = TVec.Broadcast(rstd);
                for (i = 0; i < Columns; i += TVec.Count)
                {
                    int rest = Columns - i;
                    var value = (VecTail.Load<TVec>(x + i, rest) - m) * scale;
                    if (Gamma != null)
                        value *= VecTail.Load<TVec>(Gamma + i, rest);
                    if (Beta != null)
                        value += VecTail.Load<TVec>(Beta + i, rest);
                    VecTail.Store(value, y + i, rest);
                }
            }
        }
    }

    private struct BackwardBody : IVecRangeBody
    {
        public float* Dy, X, Gamma, Mean, Rstd, Dx, Products, Sums;
        public int Rows, Columns;
        public RowParts Parts;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int part = begin; part < end; part++)
            {
                float* products = Products + ((long)part * Columns);
                float* sums = Sums + ((long)part * Columns);
                new Span<float>(products, Columns).Clear();
                new Span<float>(sums, Columns).Clear();
                int last = Math.Min(Rows, (part + 1) * Parts.Length);
                for (int row = part * Parts.Length; row < last; row++)
                    Row<TVec>(row, products, sums);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Row<TVec>(int row, float* products, float* sums)
            where TVec : struct, IVec<TVec>
        {
            float* x = X + ((long)row * Columns);
            float* dy = Dy + ((long)row * Columns);
            float* dx = Dx + ((long)row * Columns);
            var mean = TVec.Broadcast(Mean[row]);
            var rstd = TVec.Broadcast(Rstd[row]);
            TVec sum = TVec.Zero, product = TVec.Zero;
            for (int i = 0; i < Columns; i += TVec.Count)
            {
                // Lanes beyond the end have dy = 0.
                int rest = Columns - i;
                var d = VecTail.Load<TVec>(dy + i, rest);
                var normal = (VecTail.Load<TVec>(x + i, rest) - mean) * rstd;
                VecTail.Store(TVec.FusedMultiplyAdd(d, normal, VecTail.Load<TVec>(products + i, rest)), products + i, rest);
                VecTail.Store(d + VecTail.Load<TVec>(sums + i, rest), sums + i, rest);
                if (Gamma != null)
                    d *= VecTail.Load<TVec>(Gamma + i, rest);
                sum += d;
                TVec.AddProduct(ref product, d, normal);
            }

            var meanOfD = TVec.Broadcast(TVec.Sum(sum) / Columns);
            var meanOfProduct = TVec.Broadcast(-TVec.Sum(product) / Columns);
            for (int i = 0; i < Columns; i += TVec.Count)
            {
                int rest = Columns - i;
                var d = VecTail.Load<TVec>(dy + i, rest);
                if (Gamma != null)
                    d *= VecTail.Load<TVec>(Gamma + i, rest);
                var normal = (VecTail.Load<TVec>(x + i, rest) - mean) * rstd;
                VecTail.Store(TVec.FusedMultiplyAdd(normal, meanOfProduct, d - meanOfD) * rstd, dx + i, rest);
            }
        }
    }
}
