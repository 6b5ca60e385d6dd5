using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Rows of a table by number. A number that is no row gives a row of NaN.</summary>
internal static unsafe class Gather
{
    public static void Run(WorkerPool pool, float* table, int* indices, float* output, int count, int width, int tableRows)
    {
        if (count <= 0 || width <= 0)
            return;
        var body = new Body { Table = table, Indices = indices, Output = output, Width = width, TableRows = tableRows };
        long size = (long)count * width;
        int grain = size <= 1 << 15 ? count : Math.Max(1, (1 << 14) / width);
        pool.For(count, grain, ref body);
    }

    private struct Body : IRangeBody
    {
        public float* Table, Output;
        public int* Indices;
        public int Width, TableRows;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            for (int i = begin; i < end; i++)
            {
                var to = new Span<float>(Output + ((long)i * Width), Width);
                int index = Indices[i];
                if ((uint)index < (uint)TableRows)
                    new ReadOnlySpan<float>(Table + ((long)index * Width), Width).CopyTo(to);
                else
                    to.Fill(float.NaN);
            }
        }
    }
}
