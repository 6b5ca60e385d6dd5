using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Logarithm of the softmax of each row, and its gradient.</summary>
internal static unsafe class LogSoftmax
{
    /// <summary><paramref name="y"/> may not be <paramref name="x"/>.</summary>
    public static void Forward(WorkerPool pool, float* x, float* y, int rows, int columns)
    {
        var body = new ForwardBody { X = x, Y = y, Columns = columns };
        pool.ForRows(rows, (long)columns * 8, ref body);
    }

    /// <summary><c>dx = dy - exp(y) * Σ dy</c>; <paramref name="dx"/> may be <paramref name="dy"/>.</summary>
    public static void Backward(WorkerPool pool, float* y, float* dy, float* dx, int rows, int columns)
    {
        var body = new BackwardBody { Y = y, Dy = dy, Dx = dx, Columns = columns };
        pool.ForRows(rows, (long)columns * 8, ref body);
    }

    /// <summary>Natural logarithm by the vectors' own function.</summary>
    public static float Log(float x) => VecMath.Log(Vec128.Broadcast(x)).Value[0];

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
                float most = Softmax.Greatest<TVec>(x, Columns);
                var log = TVec.Broadcast(Log(Softmax.Exponentials<TVec>(x, y, Columns, most)));
                var shift = TVec.Broadcast(most);
                for (int i = 0; i < Columns; i += TVec.Count)
                    VecTail.Store(VecTail.Load<TVec>(x + i, Columns - i) - shift - log, y + i, Columns - i);
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
                    sum += VecTail.Load<TVec>(dy + i, Columns - i);
                var total = TVec.Broadcast(-TVec.Sum(sum));
                for (int i = 0; i < Columns; i += TVec.Count)
                {
                    int rest = Columns - i;
                    var e = VecMath.Exp(VecTail.Load<TVec>(y + i, rest));
                    VecTail.Store(TVec.FusedMultiplyAdd(e, total, VecTail.Load<TVec>(dy + i, rest)), dx + i, rest);
                }
            }
        }
    }
}
