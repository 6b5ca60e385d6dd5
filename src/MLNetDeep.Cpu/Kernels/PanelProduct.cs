using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Products of a few rows with a matrix that is used many times over: packed once, in panels of two vectors of columns, and multiplied on the calling thread.
/// Every element is the sum of its products in the order of k, within ranges of <see cref="DepthMost"/>, however the rows are cut.
/// </summary>
internal static unsafe class PanelProduct
{
    /// <summary>Rows of B that are taken at a time, so that a panel stays in the first-level cache.</summary>
    private const int DepthMost = 256;

    /// <summary>Floats that a packed matrix of <paramref name="depth"/> rows takes, for any vector width.</summary>
    public static long PackedSize(int depth, int columns) => (long)depth * PaddedColumns(columns);

    /// <summary>Columns of a result: whole panels, for any vector width.</summary>
    public static int PaddedColumns(int columns) => (columns + 31) / 32 * 32;

    /// <summary>Packs B, or B transposed.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="b">Matrix of rows and columns.</param>
    /// <param name="rows">Rows of b as it is stored.</param>
    /// <param name="columns">Columns of b as it is stored.</param>
    /// <param name="transposed">Whether b's columns become the rows.</param>
    /// <param name="packed">Result, <see cref="PackedSize"/> floats.</param>
    public static void Pack(WorkerPool pool, float* b, int rows, int columns, bool transposed, float* packed)
    {
        var body = new PackBody { B = b, Rows = rows, Columns = columns, Transposed = transposed, Packed = packed };
        int parts = (int)Math.Clamp((long)rows * columns >> 14, 1, 16);
        body.Parts = parts;
        pool.ForVec(parts, 1, ref body);
    }

    /// <summary><c>c = a · b</c>.</summary>
    /// <param name="a">Matrix of rows and depth.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="depth">Columns of a, rows of b.</param>
    /// <param name="packed">b, packed.</param>
    /// <param name="columns">Columns of b.</param>
    /// <param name="c">Result: rows of <see cref="PaddedColumns"/> floats.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVec>(float* a, int rows, int depth, float* packed, int columns, float* c)
        where TVec : struct, IVec<TVec>
    {
        int width = 2 * TVec.Count, panels = (columns + width - 1) / width;
        long cStride = PaddedColumns(columns), panelSize = (long)depth * width;
        for (int k = 0; k < depth; k += DepthMost)
        {
            int some = Math.Min(DepthMost, depth - k);
            float* b = packed + ((long)k * width);
            bool add = k > 0;
            int panel = 0;
            if (rows == 1)
            {
                for (; panel + 4 <= panels; panel += 4, b += 4 * panelSize)
                    OneByFourPanels<TVec>(a + k, b, panelSize, some, c + (panel * width), add);
            }

            for (; panel < panels; panel++, b += panelSize)
            {
                float* from = a + k;
                float* to = c + (panel * width);
                for (int left = rows; left > 0;)
                {
                    int taken = left is 5 or 6 or > 8 ? 6 : 4;
                    if (taken == 6)
                        Six<TVec>(from, depth, b, some, to, cStride, Math.Min(left, 6), add);
                    else
                        Four<TVec>(from, depth, b, some, to, cStride, Math.Min(left, 4), add);
                    left -= taken;
                    from += (long)taken * depth;
                    to += taken * cStride;
                }
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Six<TVec>(float* a, long aStride, float* b, int depth, float* c, long cStride, int rows, bool add)
        where TVec : struct, IVec<TVec>
    {
        // A row that does not exist is the last one again.
        float* a1 = a + aStride;
        float* a2 = a1 + aStride;
        float* a3 = a2 + aStride;
        float* a4 = a3 + aStride;
        float* a5 = rows > 5 ? a4 + aStride : a4;
        TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c30 = TVec.Zero, c40 = TVec.Zero, c50 = TVec.Zero;
        TVec c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero, c31 = TVec.Zero, c41 = TVec.Zero, c51 = TVec.Zero;
        TileSums.Six<TVec, ITileStep.One>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a, a1, a2, a3, a4, a5, 0, 1, b, 2 * TVec.Count, depth);
        Put(c, c00, c01, add);
        Put(c + cStride, c10, c11, add);
        Put(c + (2 * cStride), c20, c21, add);
        Put(c + (3 * cStride), c30, c31, add);
        Put(c + (4 * cStride), c40, c41, add);
        if (rows > 5)
            Put(c + (5 * cStride), c50, c51, add);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Four<TVec>(float* a, long aStride, float* b, int depth, float* c, long cStride, int rows, bool add)
        where TVec : struct, IVec<TVec>
    {
        float* a1 = rows > 1 ? a + aStride : a;
        float* a2 = rows > 2 ? a1 + aStride : a1;
        float* a3 = rows > 3 ? a2 + aStride : a2;
        TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c30 = TVec.Zero;
        TVec c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero, c31 = TVec.Zero;
        TileSums.Four<TVec, ITileStep.One>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, a, a1, a2, a3, 0, 1, b, 2 * TVec.Count, depth);
        Put(c, c00, c01, add);
        if (rows > 1)
            Put(c + cStride, c10, c11, add);
        if (rows > 2)
            Put(c + (2 * cStride), c20, c21, add);
        if (rows > 3)
            Put(c + (3 * cStride), c30, c31, add);
    }

    /// <summary>One row: four panels at a time, so that enough sums are under way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void OneByFourPanels<TVec>(float* a, float* b, long panelSize, int depth, float* c, bool add)
        where TVec : struct, IVec<TVec>
    {
        float* b1 = b + panelSize;
        float* b2 = b1 + panelSize;
        float* b3 = b2 + panelSize;
        TVec c00 = TVec.Zero, c01 = TVec.Zero, c10 = TVec.Zero, c11 = TVec.Zero;
        TVec c20 = TVec.Zero, c21 = TVec.Zero, c30 = TVec.Zero, c31 = TVec.Zero;
        for (long k = 0, at = 0; k < depth; k++, at += 2 * TVec.Count)
        {
            var x = TVec.Broadcast(a[k]);
            TVec.AddProduct(ref c00, x, TVec.Load(b + at));
            TVec.AddProduct(ref c01, x, TVec.Load(b + at + TVec.Count));
            TVec.AddProduct(ref c10, x, TVec.Load(b1 + at));
            TVec.AddProduct(ref c11, x, TVec.Load(b1 + at + TVec.Count));
            TVec.AddProduct(ref c20, x, TVec.Load(b2 + at));
            TVec.AddProduct(ref c21, x, TVec.Load(b2 + at + TVec.Count));
            TVec.AddProduct(ref c30, x, TVec.Load(b3 + at));
            TVec.AddProduct(ref c31, x, TVec.Load(b3 + at + TVec.Count));
        }

        Put(c, c00, c01, add);
        Put(c + (2 * TVec.Count), c10, c11, add);
        Put(c + (4 * TVec.Count), c20, c21, add);
        Put(c + (6 * TVec.Count), c30, c31, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TVec>(float* c, TVec low, TVec high, bool add)
        where TVec : struct, IVec<TVec>
    {
        if (add)
        {
            low = TVec.Load(c) + low;
            high = TVec.Load(c + TVec.Count) + high;
        }

        low.Store(c);
        high.Store(c + TVec.Count);
    }

    private struct PackBody : IVecRangeBody
    {
        public float* B, Packed;
        public int Rows, Columns, Parts;
        public bool Transposed;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            int width = 2 * TVec.Count, columns = Transposed ? Rows : Columns, depth = Transposed ? Columns : Rows;
            int panels = (columns + width - 1) / width;
            for (int panel = panels * begin / Parts; panel < panels * end / Parts; panel++)
            {
                int column = panel * width, valid = Math.Min(width, columns - column);
                float* to = Packed + ((long)panel * width * depth);
                if (Transposed)
                    GemmPacking.Transposed(B + ((long)column * Columns), Columns, depth, valid, width, to);
                else
                    GemmPacking.Straight<TVec>(B + column, Columns, depth, valid, width, to);
            }
        }
    }
}
