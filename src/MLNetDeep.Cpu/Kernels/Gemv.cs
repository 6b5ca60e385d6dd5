using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Matrix products that are bound by reading one matrix once: no packing, no tiles.</summary>
internal static unsafe class Gemv
{
    /// <summary>Up to this many rows against a transposed B, dot products cost less than a transposition.</summary>
    private const int DotRows = 16;

    /// <summary>Multiply-adds that are not worth another thread.</summary>
    private const long SerialWork = 50_000;

    /// <summary>Whether a product of this shape is done here.</summary>
    public static bool Takes(in GemmShape s) => s.M == 1 || s.N == 1 || (s.TransposeB && !s.TransposeA && s.M <= DotRows);

    /// <summary>As <see cref="Gemm.Run"/>, for a single product that <see cref="Takes"/> admits.</summary>
    public static void Run<TVec>(WorkerPool pool, in GemmShape s, float* a, float* b, float* c, float* bias)
        where TVec : struct, IVec<TVec>
    {
        int flags = (s.Accumulate ? GemmTile.Add : 0) | (s.Activation == GemmActivation.Relu ? GemmTile.Relu : 0);
        long work = (long)s.M * s.N * s.K;

        // With one column the roles change: C is a row, A transposed the matrix.
        bool column = s.N == 1 && (s.M > 1 || s.IsRowwise);
        bool rowwise = column ? !s.TransposeA : s.TransposeB;
        var body = new Body<TVec>
        {
            X = column ? b : a,
            Matrix = column ? a : b,
            Y = c,
            Bias = bias,
            Rows = column ? 1 : s.M,
            Count = column ? s.M : s.N,
            Depth = s.K,
            Rowwise = rowwise,
            OneBias = column,
            Flags = flags,
        };
        int unit = rowwise ? 4 : ColumnUnit<TVec>();
        int units = (body.Count + unit - 1) / unit;
        int grain = work <= SerialWork ? units : Math.Max(1, units / (pool.Threads * 4));
        pool.For(units, grain, ref body);
    }

    /// <summary>
    /// Columns in a unit of work: so many that which of them are done together does not depend on the ranges.
    /// </summary>
    private static int ColumnUnit<TVec>()
        where TVec : struct, IVec<TVec>
        => 8 * TVec.Count;

    private struct Body<TVec> : IRangeBody
        where TVec : struct, IVec<TVec>
    {
        public float* X, Matrix, Y, Bias;
        public int Rows, Count, Depth, Flags;
        public bool Rowwise, OneBias;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            if (Rowwise)
                Dots(begin * 4, Math.Min(end * 4, Count));
            else
                Columns(begin * ColumnUnit<TVec>(), Math.Min(end * ColumnUnit<TVec>(), Count));
        }

        /// <summary><c>y[j] = Σ x[k] matrix[k, j]</c>.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Columns(int begin, int end)
        {
            int j = begin;
            for (; j + (8 * TVec.Count) <= end; j += 8 * TVec.Count)
                Eight(j);
            for (; j < end; j += 2 * TVec.Count)
                Two(j, end - j);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Eight(int j)
        {
            TVec y0 = TVec.Zero, y1 = TVec.Zero, y2 = TVec.Zero, y3 = TVec.Zero;
            TVec y4 = TVec.Zero, y5 = TVec.Zero, y6 = TVec.Zero, y7 = TVec.Zero;
            float* b = Matrix + j;
            float* x = X;
            long stride = Count;
            for (float* last = x + Depth; x != last; x++, b += stride)
            {
                var value = TVec.Broadcast(*x);
                TVec.AddProduct(ref y0, value, TVec.Load(b));
                TVec.AddProduct(ref y1, value, TVec.Load(b + TVec.Count));
                TVec.AddProduct(ref y2, value, TVec.Load(b + (2 * TVec.Count)));
                TVec.AddProduct(ref y3, value, TVec.Load(b + (3 * TVec.Count)));
                TVec.AddProduct(ref y4, value, TVec.Load(b + (4 * TVec.Count)));
                TVec.AddProduct(ref y5, value, TVec.Load(b + (5 * TVec.Count)));
                TVec.AddProduct(ref y6, value, TVec.Load(b + (6 * TVec.Count)));
                TVec.AddProduct(ref y7, value, TVec.Load(b + (7 * TVec.Count)));
            }

            Put(j, y0, TVec.Count);
            Put(j + TVec.Count, y1, TVec.Count);
            Put(j + (2 * TVec.Count), y2, TVec.Count);
            Put(j + (3 * TVec.Count), y3, TVec.Count);
            Put(j + (4 * TVec.Count), y4, TVec.Count);
            Put(j + (5 * TVec.Count), y5, TVec.Count);
            Put(j + (6 * TVec.Count), y6, TVec.Count);
            Put(j + (7 * TVec.Count), y7, TVec.Count);
        }

        /// <summary>Two vectors of columns, of which the second may be empty; four sums of each, against latency.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Two(int j, int count)
        {
            int low = Math.Min(count, TVec.Count), high = Math.Clamp(count - TVec.Count, 0, TVec.Count);
            TVec y0 = TVec.Zero, y1 = TVec.Zero, y2 = TVec.Zero, y3 = TVec.Zero;
            TVec z0 = TVec.Zero, z1 = TVec.Zero, z2 = TVec.Zero, z3 = TVec.Zero;
            float* b = Matrix + j;
            float* x = X;
            long stride = Count;
            int k = 0;
            if (high == TVec.Count)
            {
                for (; k + 4 <= Depth; k += 4, x += 4, b += 4 * stride)
                {
                    var value = TVec.Broadcast(x[0]);
                    TVec.AddProduct(ref y0, value, TVec.Load(b));
                    TVec.AddProduct(ref z0, value, TVec.Load(b + TVec.Count));
                    value = TVec.Broadcast(x[1]);
                    TVec.AddProduct(ref y1, value, TVec.Load(b + stride));
                    TVec.AddProduct(ref z1, value, TVec.Load(b + stride + TVec.Count));
                    value = TVec.Broadcast(x[2]);
                    TVec.AddProduct(ref y2, value, TVec.Load(b + (2 * stride)));
                    TVec.AddProduct(ref z2, value, TVec.Load(b + (2 * stride) + TVec.Count));
                    value = TVec.Broadcast(x[3]);
                    TVec.AddProduct(ref y3, value, TVec.Load(b + (3 * stride)));
                    TVec.AddProduct(ref z3, value, TVec.Load(b + (3 * stride) + TVec.Count));
                }
            }
            else
            {
                for (; k + 4 <= Depth; k += 4, x += 4, b += 4 * stride)
                {
                    var value = TVec.Broadcast(x[0]);
                    TVec.AddProduct(ref y0, value, VecTail.Load<TVec>(b, low));
                    TVec.AddProduct(ref z0, value, TVec.LoadPartial(b + low, high));
                    value = TVec.Broadcast(x[1]);
                    TVec.AddProduct(ref y1, value, VecTail.Load<TVec>(b + stride, low));
                    TVec.AddProduct(ref z1, value, TVec.LoadPartial(b + stride + low, high));
                    value = TVec.Broadcast(x[2]);
                    TVec.AddProduct(ref y2, value, VecTail.Load<TVec>(b + (2 * stride), low));
                    TVec.AddProduct(ref z2, value, TVec.LoadPartial(b + (2 * stride) + low, high));
                    value = TVec.Broadcast(x[3]);
                    TVec.AddProduct(ref y3, value, VecTail.Load<TVec>(b + (3 * stride), low));
                    TVec.AddProduct(ref z3, value, TVec.LoadPartial(b + (3 * stride) + low, high));
                }
            }

            for (; k < Depth; k++, x++, b += stride)
            {
                var value = TVec.Broadcast(*x);
                TVec.AddProduct(ref y0, value, VecTail.Load<TVec>(b, low));
                TVec.AddProduct(ref z0, value, TVec.LoadPartial(b + low, high));
            }

            Put(j, (y0 + y1) + (y2 + y3), low);
            if (high > 0)
                Put(j + TVec.Count, (z0 + z1) + (z2 + z3), high);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Put(int j, TVec y, int count)
        {
            var bias = Bias == null ? TVec.Zero : OneBias ? TVec.Broadcast(*Bias) : TVec.LoadPartial(Bias + j, count);
            var old = (Flags & GemmTile.Add) != 0 ? TVec.LoadPartial(Y + j, count) : TVec.Zero;
            GemmTile.Finish(y, old, bias, Flags).StorePartial(Y + j, count);
        }

        /// <summary><c>y[i, j] = Σ x[i, k] matrix[j, k]</c>.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Dots(int begin, int end)
        {
            for (int j = begin; j < end; j += 4)
            {
                int count = Math.Min(4, end - j);
                int i = 0;
                for (; i + 2 <= Rows; i += 2)
                    TwoByFour(i, j, count);
                if (i < Rows)
                    OneByFour(i, j, count);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void TwoByFour(int i, int j, int count)
        {
            float* x0 = X + ((long)i * Depth);
            float* x1 = x0 + Depth;
            float* m0 = Matrix + ((long)j * Depth);
            float* m1 = count > 1 ? m0 + Depth : m0;
            float* m2 = count > 2 ? m1 + Depth : m1;
            float* m3 = count > 3 ? m2 + Depth : m2;
            TVec s00 = TVec.Zero, s01 = TVec.Zero, s02 = TVec.Zero, s03 = TVec.Zero;
            TVec s10 = TVec.Zero, s11 = TVec.Zero, s12 = TVec.Zero, s13 = TVec.Zero;
            long k = 0;
            for (; k + TVec.Count <= Depth; k += TVec.Count)
            {
                var a0 = TVec.Load(x0 + k);
                var a1 = TVec.Load(x1 + k);
                var b = TVec.Load(m0 + k);
                TVec.AddProduct(ref s00, a0, b);
                TVec.AddProduct(ref s10, a1, b);
                b = TVec.Load(m1 + k);
                TVec.AddProduct(ref s01, a0, b);
                TVec.AddProduct(ref s11, a1, b);
                b = TVec.Load(m2 + k);
                TVec.AddProduct(ref s02, a0, b);
                TVec.AddProduct(ref s12, a1, b);
                b = TVec.Load(m3 + k);
                TVec.AddProduct(ref s03, a0, b);
                TVec.AddProduct(ref s13, a1, b);
            }

            int rest = (int)(Depth - k);
            if (rest > 0)
            {
                var a0 = TVec.LoadPartial(x0 + k, rest);
                var a1 = TVec.LoadPartial(x1 + k, rest);
                var b = TVec.LoadPartial(m0 + k, rest);
                TVec.AddProduct(ref s00, a0, b);
                TVec.AddProduct(ref s10, a1, b);
                b = TVec.LoadPartial(m1 + k, rest);
                TVec.AddProduct(ref s01, a0, b);
                TVec.AddProduct(ref s11, a1, b);
                b = TVec.LoadPartial(m2 + k, rest);
                TVec.AddProduct(ref s02, a0, b);
                TVec.AddProduct(ref s12, a1, b);
                b = TVec.LoadPartial(m3 + k, rest);
                TVec.AddProduct(ref s03, a0, b);
                TVec.AddProduct(ref s13, a1, b);
            }

            PutFour(i, j, count, s00, s01, s02, s03);
            PutFour(i + 1, j, count, s10, s11, s12, s13);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void OneByFour(int i, int j, int count)
        {
            float* x = X + ((long)i * Depth);
            float* m0 = Matrix + ((long)j * Depth);
            float* m1 = count > 1 ? m0 + Depth : m0;
            float* m2 = count > 2 ? m1 + Depth : m1;
            float* m3 = count > 3 ? m2 + Depth : m2;
            TVec s0 = TVec.Zero, s1 = TVec.Zero, s2 = TVec.Zero, s3 = TVec.Zero;
            TVec t0 = TVec.Zero, t1 = TVec.Zero, t2 = TVec.Zero, t3 = TVec.Zero;
            long k = 0;
            for (; k + (2 * TVec.Count) <= Depth; k += 2 * TVec.Count)
            {
                var a = TVec.Load(x + k);
                TVec.AddProduct(ref s0, a, TVec.Load(m0 + k));
                TVec.AddProduct(ref s1, a, TVec.Load(m1 + k));
                TVec.AddProduct(ref s2, a, TVec.Load(m2 + k));
                TVec.AddProduct(ref s3, a, TVec.Load(m3 + k));
                a = TVec.Load(x + k + TVec.Count);
                TVec.AddProduct(ref t0, a, TVec.Load(m0 + k + TVec.Count));
                TVec.AddProduct(ref t1, a, TVec.Load(m1 + k + TVec.Count));
                TVec.AddProduct(ref t2, a, TVec.Load(m2 + k + TVec.Count));
                TVec.AddProduct(ref t3, a, TVec.Load(m3 + k + TVec.Count));
            }

            for (; k < Depth; k += TVec.Count)
            {
                int rest = (int)Math.Min(TVec.Count, Depth - k);
                var a = TVec.LoadPartial(x + k, rest);
                TVec.AddProduct(ref s0, a, TVec.LoadPartial(m0 + k, rest));
                TVec.AddProduct(ref s1, a, TVec.LoadPartial(m1 + k, rest));
                TVec.AddProduct(ref s2, a, TVec.LoadPartial(m2 + k, rest));
                TVec.AddProduct(ref s3, a, TVec.LoadPartial(m3 + k, rest));
            }

            PutFour(i, j, count, s0 + t0, s1 + t1, s2 + t2, s3 + t3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void PutFour(int i, int j, int count, TVec s0, TVec s1, TVec s2, TVec s3)
        {
            float* sums = stackalloc float[4] { TVec.Sum(s0), TVec.Sum(s1), TVec.Sum(s2), TVec.Sum(s3) };
            float* to = Y + ((long)i * Count) + j;
            var bias = Bias == null ? Vec128.Zero : OneBias ? Vec128.Broadcast(*Bias) : Vec128.LoadPartial(Bias + j, count);
            var old = (Flags & GemmTile.Add) != 0 ? Vec128.LoadPartial(to, count) : Vec128.Zero;
            GemmTile.Finish(Vec128.Load(sums), old, bias, Flags).StorePartial(to, count);
        }
    }
}
