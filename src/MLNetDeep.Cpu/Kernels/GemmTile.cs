using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The micro-kernels: a tile of C held in registers while a panel of B and rows of A stream by. Every element is the
/// sum of its products in the order of k, each added by a fused multiply-add, whichever kernel computes it.
/// </summary>
internal static unsafe class GemmTile
{
    /// <summary>C's old value is added.</summary>
    public const int Add = 1;

    /// <summary>Negative results become 0.</summary>
    public const int Relu = 2;

    /// <summary>Rows of a tile: as many as the registers of this width hold.</summary>
    public static int Rows<TVec>()
        where TVec : struct, IVec<TVec>
        => TVec.Count == 16 ? 12 : 6;

    /// <summary>Columns of a tile.</summary>
    public static int Columns<TVec>()
        where TVec : struct, IVec<TVec>
        => 2 * TVec.Count;

    /// <summary>Six rows of C, of which the first <paramref name="rows"/> exist.</summary>
    /// <param name="a">Element (row, k) of A is at <c>row * rowStride + k * depthStride</c>.</param>
    /// <param name="rowStride">See <paramref name="a"/>.</param>
    /// <param name="depthStride">See <paramref name="a"/>.</param>
    /// <param name="b">Rows of two vectors, <paramref name="bStride"/> apart.</param>
    /// <param name="bStride">Floats between rows of B.</param>
    /// <param name="depth">Number of products in each sum.</param>
    /// <param name="c">Where the tile is stored.</param>
    /// <param name="cStride">Floats between rows of C.</param>
    /// <param name="rows">Rows to store.</param>
    /// <param name="columns">Columns to store.</param>
    /// <param name="bias">Added to every row if not null.</param>
    /// <param name="flags"><see cref="Add"/>, <see cref="Relu"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Six<TVec>(
        float* a, long rowStride, long depthStride, float* b, long bStride, int depth,
        float* c, long cStride, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        if (depthStride == 1)
            SixBy<TVec, ITileStep.One>(a, rowStride, 1, b, bStride, depth, c, cStride, rows, columns, bias, flags);
        else
            SixBy<TVec, ITileStep.Any>(a, rowStride, depthStride, b, bStride, depth, c, cStride, rows, columns, bias, flags);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void SixBy<TVec, TStep>(
        float* a, long rowStride, long depthStride, float* b, long bStride, int depth,
        float* c, long cStride, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
        where TStep : struct, ITileStep
    {
        // Rows that do not exist repeat the last one and are not stored.
        float* a0 = a;
        float* a1 = rows > 1 ? a0 + rowStride : a0;
        float* a2 = rows > 2 ? a1 + rowStride : a1;
        float* a3 = rows > 3 ? a2 + rowStride : a2;
        float* a4 = rows > 4 ? a3 + rowStride : a3;
        float* a5 = rows > 5 ? a4 + rowStride : a4;
        TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c30 = TVec.Zero, c40 = TVec.Zero, c50 = TVec.Zero;
        TVec c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero, c31 = TVec.Zero, c41 = TVec.Zero, c51 = TVec.Zero;
        TileSums.Six<TVec, TStep>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a0, a1, a2, a3, a4, a5, 0, depthStride, b, bStride, depth);

        if (rows == 6 && columns == 2 * TVec.Count)
        {
            TVec bias0 = TVec.Zero, bias1 = TVec.Zero;
            if (bias != null)
            {
                bias0 = TVec.Load(bias);
                bias1 = TVec.Load(bias + TVec.Count);
            }

            Put(c, c00, c01, bias0, bias1, flags);
            Put(c + cStride, c10, c11, bias0, bias1, flags);
            Put(c + (2 * cStride), c20, c21, bias0, bias1, flags);
            Put(c + (3 * cStride), c30, c31, bias0, bias1, flags);
            Put(c + (4 * cStride), c40, c41, bias0, bias1, flags);
            Put(c + (5 * cStride), c50, c51, bias0, bias1, flags);
            return;
        }

        float* tile = stackalloc float[6 * 2 * TVec.Count];
        Keep(tile, 0, c00, c01);
        Keep(tile, 1, c10, c11);
        Keep(tile, 2, c20, c21);
        Keep(tile, 3, c30, c31);
        Keep(tile, 4, c40, c41);
        Keep(tile, 5, c50, c51);
        PutEdge<TVec>(tile, c, cStride, rows, columns, bias, flags);
    }

    /// <summary>As <see cref="Six"/> for up to four rows, in two thirds of the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four<TVec>(
        float* a, long rowStride, long depthStride, float* b, long bStride, int depth,
        float* c, long cStride, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        if (depthStride == 1)
            FourBy<TVec, ITileStep.One>(a, rowStride, 1, b, bStride, depth, c, cStride, rows, columns, bias, flags);
        else
            FourBy<TVec, ITileStep.Any>(a, rowStride, depthStride, b, bStride, depth, c, cStride, rows, columns, bias, flags);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void FourBy<TVec, TStep>(
        float* a, long rowStride, long depthStride, float* b, long bStride, int depth,
        float* c, long cStride, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
        where TStep : struct, ITileStep
    {
        float* a0 = a;
        float* a1 = rows > 1 ? a0 + rowStride : a0;
        float* a2 = rows > 2 ? a1 + rowStride : a1;
        float* a3 = rows > 3 ? a2 + rowStride : a2;
        TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c30 = TVec.Zero;
        TVec c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero, c31 = TVec.Zero;
        TileSums.Four<TVec, TStep>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, a0, a1, a2, a3, 0, depthStride, b, bStride, depth);

        if (rows == 4 && columns == 2 * TVec.Count)
        {
            TVec bias0 = TVec.Zero, bias1 = TVec.Zero;
            if (bias != null)
            {
                bias0 = TVec.Load(bias);
                bias1 = TVec.Load(bias + TVec.Count);
            }

            Put(c, c00, c01, bias0, bias1, flags);
            Put(c + cStride, c10, c11, bias0, bias1, flags);
            Put(c + (2 * cStride), c20, c21, bias0, bias1, flags);
            Put(c + (3 * cStride), c30, c31, bias0, bias1, flags);
            return;
        }

        float* tile = stackalloc float[4 * 2 * TVec.Count];
        Keep(tile, 0, c00, c01);
        Keep(tile, 1, c10, c11);
        Keep(tile, 2, c20, c21);
        Keep(tile, 3, c30, c31);
        PutEdge<TVec>(tile, c, cStride, rows, columns, bias, flags);
    }

    /// <summary>Twelve rows of C, for the 32 registers of AVX-512; A is packed (see <see cref="GemmPacking"/>).</summary>
    /// <remarks>Written with plain vectors: through <see cref="IVec{TSelf}"/> it would be more than the JIT inlines into one method.</remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Twelve(
        float* a, float* b, long bStride, int depth, float* c, long cStride, int rows, int columns, float* bias, int flags)
    {
        Vector512<float> c00 = Vector512<float>.Zero, c10 = Vector512<float>.Zero, c20 = Vector512<float>.Zero, c30 = Vector512<float>.Zero, c40 = Vector512<float>.Zero, c50 = Vector512<float>.Zero;
        Vector512<float> c60 = Vector512<float>.Zero, c70 = Vector512<float>.Zero, c80 = Vector512<float>.Zero, c90 = Vector512<float>.Zero, ca0 = Vector512<float>.Zero, cb0 = Vector512<float>.Zero;
        Vector512<float> c01 = Vector512<float>.Zero, c11 = Vector512<float>.Zero, c21 = Vector512<float>.Zero, c31 = Vector512<float>.Zero, c41 = Vector512<float>.Zero, c51 = Vector512<float>.Zero;
        Vector512<float> c61 = Vector512<float>.Zero, c71 = Vector512<float>.Zero, c81 = Vector512<float>.Zero, c91 = Vector512<float>.Zero, ca1 = Vector512<float>.Zero, cb1 = Vector512<float>.Zero;
        float* end = b + (depth * bStride);
        for (; b != end; b += bStride, a += 12)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 16);
            var x = Vector512.Create(a[0]);
            c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
            x = Vector512.Create(a[1]);
            c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
            x = Vector512.Create(a[2]);
            c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
            x = Vector512.Create(a[3]);
            c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
            x = Vector512.Create(a[4]);
            c40 = Vector512.FusedMultiplyAdd(x, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x, b1, c41);
            x = Vector512.Create(a[5]);
            c50 = Vector512.FusedMultiplyAdd(x, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x, b1, c51);
            x = Vector512.Create(a[6]);
            c60 = Vector512.FusedMultiplyAdd(x, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(x, b1, c61);
            x = Vector512.Create(a[7]);
            c70 = Vector512.FusedMultiplyAdd(x, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(x, b1, c71);
            x = Vector512.Create(a[8]);
            c80 = Vector512.FusedMultiplyAdd(x, b0, c80);
            c81 = Vector512.FusedMultiplyAdd(x, b1, c81);
            x = Vector512.Create(a[9]);
            c90 = Vector512.FusedMultiplyAdd(x, b0, c90);
            c91 = Vector512.FusedMultiplyAdd(x, b1, c91);
            x = Vector512.Create(a[10]);
            ca0 = Vector512.FusedMultiplyAdd(x, b0, ca0);
            ca1 = Vector512.FusedMultiplyAdd(x, b1, ca1);
            x = Vector512.Create(a[11]);
            cb0 = Vector512.FusedMultiplyAdd(x, b0, cb0);
            cb1 = Vector512.FusedMultiplyAdd(x, b1, cb1);
        }

        // Stored by a loop: all twelve rows written out would be much code for little.
        float* tile = stackalloc float[12 * 32];
        c00.Store(tile + 0);
        c01.Store(tile + 16);
        c10.Store(tile + 32);
        c11.Store(tile + 48);
        c20.Store(tile + 64);
        c21.Store(tile + 80);
        c30.Store(tile + 96);
        c31.Store(tile + 112);
        c40.Store(tile + 128);
        c41.Store(tile + 144);
        c50.Store(tile + 160);
        c51.Store(tile + 176);
        c60.Store(tile + 192);
        c61.Store(tile + 208);
        c70.Store(tile + 224);
        c71.Store(tile + 240);
        c80.Store(tile + 256);
        c81.Store(tile + 272);
        c90.Store(tile + 288);
        c91.Store(tile + 304);
        ca0.Store(tile + 320);
        ca1.Store(tile + 336);
        cb0.Store(tile + 352);
        cb1.Store(tile + 368);
        PutEdge<Vec512>(tile, c, cStride, rows, columns, bias, flags);
    }

    /// <summary>As <see cref="Six"/> for up to three rows and four vectors of columns, all of which exist.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Three<TVec>(
        float* a, long rowStride, long depthStride, float* b, long bStride, int depth,
        float* c, long cStride, int rows, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        float* a0 = a;
        float* a1 = rows > 1 ? a0 + rowStride : a0;
        float* a2 = rows > 2 ? a1 + rowStride : a1;
        TVec c00 = TVec.Zero, c01 = TVec.Zero, c02 = TVec.Zero, c03 = TVec.Zero;
        TVec c10 = TVec.Zero, c11 = TVec.Zero, c12 = TVec.Zero, c13 = TVec.Zero;
        TVec c20 = TVec.Zero, c21 = TVec.Zero, c22 = TVec.Zero, c23 = TVec.Zero;
        float* end = b + (depth * bStride);
        for (long k = 0; b != end; b += bStride, k += depthStride)
        {
            var x0 = TVec.Broadcast(a0[k]);
            var x1 = TVec.Broadcast(a1[k]);
            var x2 = TVec.Broadcast(a2[k]);
            var y = TVec.Load(b);
            TVec.AddProduct(ref c00, x0, y);
            TVec.AddProduct(ref c10, x1, y);
            TVec.AddProduct(ref c20, x2, y);
            y = TVec.Load(b + TVec.Count);
            TVec.AddProduct(ref c01, x0, y);
            TVec.AddProduct(ref c11, x1, y);
            TVec.AddProduct(ref c21, x2, y);
            y = TVec.Load(b + (2 * TVec.Count));
            TVec.AddProduct(ref c02, x0, y);
            TVec.AddProduct(ref c12, x1, y);
            TVec.AddProduct(ref c22, x2, y);
            y = TVec.Load(b + (3 * TVec.Count));
            TVec.AddProduct(ref c03, x0, y);
            TVec.AddProduct(ref c13, x1, y);
            TVec.AddProduct(ref c23, x2, y);
        }

        TVec bias0 = TVec.Zero, bias1 = TVec.Zero, bias2 = TVec.Zero, bias3 = TVec.Zero;
        if (bias != null)
        {
            bias0 = TVec.Load(bias);
            bias1 = TVec.Load(bias + TVec.Count);
            bias2 = TVec.Load(bias + (2 * TVec.Count));
            bias3 = TVec.Load(bias + (3 * TVec.Count));
        }

        Put(c, c00, c01, bias0, bias1, flags);
        Put(c + (2 * TVec.Count), c02, c03, bias2, bias3, flags);
        if (rows > 1)
        {
            Put(c + cStride, c10, c11, bias0, bias1, flags);
            Put(c + cStride + (2 * TVec.Count), c12, c13, bias2, bias3, flags);
        }

        if (rows > 2)
        {
            Put(c + (2 * cStride), c20, c21, bias0, bias1, flags);
            Put(c + (2 * cStride) + (2 * TVec.Count), c22, c23, bias2, bias3, flags);
        }
    }

    /// <summary>A vector of results as it is to be stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Finish<TVec>(TVec value, TVec old, TVec bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        value = value + old + bias;
        return (flags & Relu) != 0 ? TVec.Max(TVec.Zero, value) : value;
    }

    /// <summary>Stores two vectors of a row as they are to be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<TVec>(float* c, TVec low, TVec high, TVec biasLow, TVec biasHigh, int flags)
        where TVec : struct, IVec<TVec>
    {
        if ((flags & Add) != 0)
        {
            low += TVec.Load(c);
            high += TVec.Load(c + TVec.Count);
        }

        low += biasLow;
        high += biasHigh;
        if ((flags & Relu) != 0)
        {
            low = TVec.Max(TVec.Zero, low);
            high = TVec.Max(TVec.Zero, high);
        }

        low.Store(c);
        high.Store(c + TVec.Count);
    }

    /// <summary>Puts a row's two vectors aside, one row below the other, to be stored by <c>PutEdge</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Keep<TVec>(float* tile, int row, TVec low, TVec high)
        where TVec : struct, IVec<TVec>
    {
        low.Store(tile + (row * 2 * TVec.Count));
        high.Store(tile + (row * 2 * TVec.Count) + TVec.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PutEdge<TVec>(float* tile, float* c, long cStride, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        if (columns == 2 * TVec.Count)
        {
            TVec bias0 = bias == null ? TVec.Zero : TVec.Load(bias), bias1 = bias == null ? TVec.Zero : TVec.Load(bias + TVec.Count);
            for (int row = 0; row < rows; row++, c += cStride, tile += columns)
                Put(c, TVec.Load(tile), TVec.Load(tile + TVec.Count), bias0, bias1, flags);
            return;
        }

        for (int j = 0; j < columns; j += TVec.Count)
        {
            int count = Math.Min(TVec.Count, columns - j);
            var added = bias == null ? TVec.Zero : TVec.LoadPartial(bias + j, count);
            for (int i = 0; i < rows; i++)
            {
                float* to = c + (i * cStride) + j;
                var old = (flags & Add) != 0 ? TVec.LoadPartial(to, count) : TVec.Zero;
                Finish(TVec.Load(tile + (i * 2 * TVec.Count) + j), old, added, flags).StorePartial(to, count);
            }
        }
    }
}
