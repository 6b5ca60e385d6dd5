using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Softmax of each row, safe against overflow, and its gradient.</summary>
internal static unsafe class Softmax
{
    /// <summary>A softmax costs this much more than copying.</summary>
    private const int Cost = 8;

    /// <summary><paramref name="y"/> may be <paramref name="x"/>.</summary>
    public static void Forward(WorkerPool pool, float* x, float* y, int rows, int columns)
    {
        var body = new ForwardBody { X = x, Y = y, Columns = columns };
        pool.ForRows(rows, (long)columns * Cost, ref body);
    }

    /// <summary><c>dx = y * (dy - Σ dy * y)</c>; <paramref name="dx"/> may be <paramref name="dy"/>.</summary>
    public static void Backward(WorkerPool pool, float* y, float* dy, float* dx, int rows, int columns)
    {
        var body = new BackwardBody { Y = y, Dy = dy, Dx = dx, Columns = columns };
        pool.ForRows(rows, (long)columns * 3, ref body);
    }

    /// <summary>The greatest of a row; unspecified if there is a NaN.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static float Greatest<TVec>(float* x, int count)
        where TVec : struct, IVec<TVec>
    {
        var start = TVec.Broadcast(float.NegativeInfinity);
        var most = start;
        for (int i = 0; i < count; i += TVec.Count)
            most = TVec.Max(VecTail.Load(x + i, count - i, start), most);
        return TVec.HorizontalMax(most);
    }

    /// <summary><c>y = exp(x - shift)</c>; returns the sum.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials<TVec>(float* x, float* y, int count, float shift)
        where TVec : struct, IVec<TVec>
    {
        TVec sum = TVec.Zero, by = TVec.Broadcast(shift);
        for (int i = 0; i < count; i += TVec.Count)
        {
            int rest = count - i;
            var e = VecMath.Exp(VecTail.Load<TVec>(x + i, rest) - by);
            VecTail.Store(e, y + i, rest);
            sum += rest >= TVec.Count ? e : e & VecTail.Mask<TVec>(rest);
        }

        return TVec.Sum(sum);
    }

    private struct ForwardBody : IVecRangeBody
    {
        public float* X, Y;
        public int Columns;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int row = begin; row < end; row++)
            {
                float* x = X + ((long)row * Columns);
                float* y = Y + ((long)row * Columns);
                float sum = Exponentials<TVec>(x, y, Columns, Greatest<TVec>(x, Columns));
                var scale = TVec.Broadcast(1 / sum);
                for (int i = 0; i < Columns; i += TVec.Count)
                    VecTail.Store(VecTail.Load<TVec>(y + i, Columns - i) * scale, y + i, Columns - i);
            }
        }
    }

    private struct BackwardBody : IVecRangeBody
    {
        public float* Y, Dy, Dx;
        public int Columns;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int row = begin; row < end; row++)
            {
                float* y = Y + ((long)row * Columns);
                float* dy = Dy + ((long)row * Columns);
                float* dx = Dx + ((long)row * Columns);
                var sum = TVec.Zero;
                for (int i = 0; i < Columns; i += TVec.Count)
                    TVec.AddProduct(ref sum, VecTail.Load<TVec>(y + i, Columns - i), VecTail.Load<TVec>(dy + i, Columns - i));
                var mean = TVec.Broadcast(TVec.Sum(sum));
                for (int i = 0; i < Columns; i += TVec.Count)
                {
                    int rest = Columns - i;
                    VecTail.Store(VecTail.Load<TVec>(y + i, rest) * (VecTail.Load<TVec>(dy + i, rest) - mean), dx + i, rest);
                }
            }
        }
    }
}
