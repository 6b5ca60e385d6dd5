using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The place of the greatest value on the middle axis: <c>x[outer, axis, inner]</c> to <c>y[outer, inner]</c>. The first
/// of equal ones; NaN counts as the greatest.
/// </summary>
internal static unsafe class ArgMax
{
    private const int SerialSize = 1 << 14;

    public static void Run(WorkerPool pool, float* x, int* y, int outer, int axis, int inner)
    {
        if (outer <= 0 || inner <= 0)
            return;
        var body = new Body { X = x, Y = y, Axis = axis, Inner = inner };
        long each = Math.Max(1, (long)axis * inner);
        pool.ForVec(outer, (int)Math.Clamp(SerialSize / each, 1, outer), ref body);
    }

    private struct Body : IVecRangeBody
    {
        public float* X;
        public int* Y;
        public int Axis, Inner;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
            {
                float* x = X + ((long)i * Axis * Inner);
                if (Inner == 1)
                {
                    Y[i] = Row<TVec>(x, Axis);
                    continue;
                }

                for (int j = 0; j < Inner; j += TVec.Count)
                    Columns<TVec>(x + j, (float*)(Y + ((long)i * Inner) + j), Inner - j);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static int Row<TVec>(float* x, int count)
            where TVec : struct, IVec<TVec>
        {
            if (count == 0)
                return 0;

            // Lanes that no value beats keep the first place.
            TVec best = TVec.Broadcast(*x), place = TVec.Zero, places = TVec.IndicesInt;
            for (int i = 0; i < count; i += TVec.Count)
            {
                Step(VecTail.Load(x + i, count - i, TVec.Broadcast(*x)), places, ref best, ref place);
                places = TVec.AddInt(places, TVec.BroadcastInt(TVec.Count));
            }

            float* values = stackalloc float[TVec.Count];
            int* at = stackalloc int[TVec.Count];
            best.Store(values);
            place.Store((float*)at);
            int lane = 0;
            for (int i = 1; i < TVec.Count; i++)
            {
                bool same = values[i] == values[lane] || (float.IsNaN(values[i]) && float.IsNaN(values[lane]));
                bool greater = values[i] > values[lane] || (float.IsNaN(values[i]) && !float.IsNaN(values[lane]));
                if (greater || (same && at[i] < at[lane]))
                    lane = i;
            }

            return at[lane];
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Columns<TVec>(float* x, float* y, int width)
            where TVec : struct, IVec<TVec>
        {
            var place = TVec.Zero;
            if (Axis > 0)
            {
                var best = VecTail.Load<TVec>(x, width);
                for (int i = 1; i < Axis; i++)
                    Step(VecTail.Load<TVec>(x + ((long)i * Inner), width), TVec.BroadcastInt(i), ref best, ref place);
            }

            VecTail.Store(place, y, width);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step<TVec>(TVec x, TVec places, ref TVec best, ref TVec place)
            where TVec : struct, IVec<TVec>
        {
            var better = TVec.Greater(x, best) | TVec.AndNot(TVec.Equal(best, best), TVec.Equal(x, x));
            best = TVec.Select(better, x, best);
            place = TVec.Select(better, places, place);
        }
    }
}
