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
        bool column = s.N == 1 && s.M > 1;
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
                y0 = TVec.FusedMultiplyAdd(value, TVec.Load(b), y0);
                y1 = TVec.FusedMultiplyAdd(value, TVec.Load(b + TVec.Count), y1);
                y2 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (2 * TVec.Count)), y2);
                y3 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (3 * TVec.Count)), y3);
                y4 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (4 * TVec.Count)), y4);
                y5 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (5 * TVec.Count)), y5);
                y6 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (6 * TVec.Count)), y6);
                y7 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (7 * TVec.Count)), y7);
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
                    y0 = TVec.FusedMultiplyAdd(value, TVec.Load(b), y0);
                    z0 = TVec.FusedMultiplyAdd(value, TVec.Load(b + TVec.Count), z0);
                    value = TVec.Broadcast(x[1]);
                    y1 = TVec.FusedMultiplyAdd(value, TVec.Load(b + stride), y1);
                    z1 = TVec.FusedMultiplyAdd(value, TVec.Load(b + stride + TVec.Count), z1);
                    value = TVec.Broadcast(x[2]);
                    y2 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (2 * stride)), y2);
                    z2 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (2 * stride) + TVec.Count), z2);
                    value = TVec.Broadcast(x[3]);
                    y3 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (3 * stride)), y3);
                    z3 = TVec.FusedMultiplyAdd(value, TVec.Load(b + (3 * stride) + TVec.Count), z3);
                }
            }
            else
            {
                for (; k + 4 <= Depth; k += 4, x += 4, b += 4 * stride)
                {
                    var value = TVec.Broadcast(x[0]);
                    y0 = TVec.FusedMultiplyAdd(value, VecTail.Load<TVec>(b, low), y0);
                    z0 = TVec.FusedMultiplyAdd(value, TVec.LoadPartial(b + low, high), z0);
                    value = TVec.Broadcast(x[1]);
                    y1 = TVec.FusedMultiplyAdd(value, VecTail.Load<TVec>(b + stride, low), y1);
                    z1 = TVec.FusedMultiplyAdd(value, TVec.LoadPartial(b + stride + low, high), z1);
                    value = TVec.Broadcast(x[2]);
                    y2 = TVec.FusedMultiplyAdd(value, VecTail.Load<TVec>(b + (2 * stride), low), y2);
                    z2 = TVec.FusedMultiplyAdd(value, TVec.LoadPartial(b + (2 * stride) + low, high), z2);
                    value = TVec.Broadcast(x[3]);
                    y3 = TVec.FusedMultiplyAdd(value, VecTail.Load<TVec>(b + (3 * stride), low), y3);
                    z3 = TVec.FusedMultiplyAdd(value, TVec.LoadPartial(b + (3 * stride) + low, high), z3);
                }
            }

            for (; k < Depth; k++, x++, b += stride)
            {
                var value = TVec.Broadcast(*x);
                y0 = TVec.FusedMultiplyAdd(value, VecTail.Load<TVec>(b, low), y0);
                z0 = TVec.FusedMultiplyAdd(value, TVec.LoadPartial(b + low, high), z0);
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
                s00 = TVec.FusedMultiplyAdd(a0, b, s00);
                s10 = TVec.FusedMultiplyAdd(a1, b, s10);
                b = TVec.Load(m1 + k);
                s01 = TVec.FusedMultiplyAdd(a0, b, s01);
                s11 = TVec.FusedMultiplyAdd(a1, b, s11);
                b = TVec.Load(m2 + k);
                s02 = TVec.FusedMultiplyAdd(a0, b, s02);
                s12 = TVec.FusedMultiplyAdd(a1, b, s12);
                b = TVec.Load(m3 + k);
                s03 = TVec.FusedMultiplyAdd(a0, b, s03);
                s13 = TVec.FusedMultiplyAdd(a1, b, s13);
            }

            int rest = (int)(Depth - k);
            if (rest > 0)
            {
                var a0 = TVec.LoadPartial(x0 + k, rest);
                var a1 = TVec.LoadPartial(x1 + k, rest);
                var b = TVec.LoadPartial(m0 + k, rest);
                s00 = TVec.FusedMultiplyAdd(a0, b, s00);
                s10 = TVec.FusedMultiplyAdd(a1, b, s10);
                b = TVec.LoadPartial(m1 + k, rest);
                s01 = TVec.FusedMultiplyAdd(a0, b, s01);
                s11 = TVec.FusedMultiplyAdd(a1, b, s11);
                b = TVec.LoadPartial(m2 + k, rest);
                s02 = TVec.FusedMultiplyAdd(a0, b, s02);
                s12 = TVec.FusedMultiplyAdd(a1, b, s12);
                b = TVec.LoadPartial(m3 + k, rest);
                s03 = TVec.FusedMultiplyAdd(a0, b, s03);
                s13 = TVec.FusedMultiplyAdd(a1, b, s13);
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
                s0 = TVec.FusedMultiplyAdd(a, TVec.Load(m0 + k), s0);
                s1 = TVec.FusedMultiplyAdd(a, TVec.Load(m1 + k), s1);
                s2 = TVec.FusedMultiplyAdd(a, TVec.Load(m2 + k), s2);
                s3 = TVec.FusedMultiplyAdd(a, TVec.Load(m3 + k), s3);
                a = TVec.Load(x + k + TVec.Count);
                t0 = TVec.FusedMultiplyAdd(a, TVec.Load(m0 + k + TVec.Count), t0);
                t1 = TVec.FusedMultiplyAdd(a, TVec.Load(m1 + k + TVec.Count), t1);
                t2 = TVec.FusedMultiplyAdd(a, TVec.Load(m2 + k + TVec.Count), t2);
                t3 = TVec.FusedMultiplyAdd(a, TVec.Load(m3 + k + TVec.Count), t3);
            }

            for (; k < Depth; k += TVec.Count)
            {
                int rest = (int)Math.Min(TVec.Count, Depth - k);
                var a = TVec.LoadPartial(x + k, rest);
                s0 = TVec.FusedMultiplyAdd(a, TVec.LoadPartial(m0 + k, rest), s0);
                s1 = TVec.FusedMultiplyAdd(a, TVec.LoadPartial(m1 + k, rest), s1);
                s2 = TVec.FusedMultiplyAdd(a, TVec.LoadPartial(m2 + k, rest), s2);
                s3 = TVec.FusedMultiplyAdd(a, TVec.LoadPartial(m3 + k, rest), s3);
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
