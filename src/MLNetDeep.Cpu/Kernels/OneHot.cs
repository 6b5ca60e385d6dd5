using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>A row for each number, <c>on</c> at that place and <c>off</c> elsewhere; all <c>off</c> if there is no such place.</summary>
internal static unsafe class OneHot
{
    public static void Run(WorkerPool pool, int* indices, float* output, int count, int depth, float on, float off)
    {
        if (count <= 0 || depth <= 0)
            return;
        var body = new Body { Indices = indices, Output = output, Depth = depth, On = on, Off = off };
        int grain = (long)count * depth <= 1 << 15 ? count : Math.Max(1, (1 << 14) / depth);
        pool.For(count, grain, ref body);
    }

    private struct Body : IRangeBody
    {
        public int* Indices;
        public float* Output;
        public int Depth;
        public float On, Off;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            for (int i = begin; i < end; i++)
            {
                var row = new Span<float>(Output + ((long)i * Depth), Depth);
                row.Fill(Off);
                int index = Indices[i];
                if ((uint)index < (uint)Depth)
                    row[index] = On;
            }
        }
    }
}
