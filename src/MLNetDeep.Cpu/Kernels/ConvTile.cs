using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The micro-kernels of convolutions: as <see cref="GemmTile"/>'s, but the rows of A are anywhere, and so are the
/// stretches of the sum in them. Every element is the sum of its products in order, whichever kernel computes it.
/// </summary>
internal static unsafe class ConvTile
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>Offsets that a table holds beyond those of its rows: tiles read whole, even where they are not stored.</summary>
    public const int Spare = 8;

    /// <summary>Rows of tiles of one vector of columns.</summary>
    private const int NarrowRows = 8;

    /// <summary>Columns of a tile.</summary>
    public static int Columns<TVec>()
        where TVec : struct, IVec<TVec>
        => 2 * TVec.Count;

    /// <summary>Some rows: C(row, column) = Σ over runs r, over k, of a[at[row] + runs[r] + k * step] * b[...][column].</summary>
    /// <param name="a">Where offsets count from.</param>
    /// <param name="at">Offsets of the rows, and <see cref="Spare"/> more that can be read from.</param>
    /// <param name="runs">Offsets of the stretches, the same for all rows.</param>
    /// <param name="runCount">Number of stretches.</param>
    /// <param name="length">Products in each stretch.</param>
    /// <param name="step">Floats from one value of a row to the next.</param>
    /// <param name="b">Two vectors for each product.</param>
    /// <param name="bStride">Floats from one product's vectors to the next's.</param>
    /// <param name="c">Where the offsets of the result count from.</param>
    /// <param name="to">Offsets of the result's rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Columns to store.</param>
    /// <param name="bias">Added to every row if not null.</param>
    /// <param name="flags"><see cref="GemmTile.Add"/>, <see cref="GemmTile.Relu"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TVec>(
        float* a, long* at, long* runs, int runCount, int length, long step, float* b, long bStride,
        float* c, long* to, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        if (step == 1)
            Run<TVec, ITileStep.One>(a, at, runs, runCount, length, step, b, bStride, c, to, rows, columns, bias, flags);
        else
            Run<TVec, ITileStep.Any>(a, at, runs, runCount, length, step, b, bStride, c, to, rows, columns, bias, flags);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVec, TStep>(
        float* a, long* at, long* runs, int runCount, int length, long step, float* b, long bStride,
        float* c, long* to, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
        where TStep : struct, ITileStep
    {
        if (columns == 2 * TVec.Count)
        {
            int tiles = rows / Rows;
            if (tiles > 0)
                Whole<TVec, TStep>(a, at, runs, runCount, length, step, b, bStride, c, to, tiles, bias, flags);
            at += tiles * Rows;
            to += tiles * Rows;
            rows -= tiles * Rows;
        }

        if (columns <= TVec.Count)
        {
            Narrow<TVec>(a, at, runs, runCount, length, step, b, bStride, c, to, rows, columns, bias, flags);
            return;
        }

        for (; rows > 0; rows -= Rows, at += Rows, to += Rows)
        {
            if (rows <= 4)
                Four<TVec, TStep>(a, at, runs, runCount, length, step, b, bStride, c, to, rows, columns, bias, flags);
            else
                Six<TVec, TStep>(a, at, runs, runCount, length, step, b, bStride, c, to, Math.Min(rows, Rows), columns, bias, flags);
        }
    }

    /// <summary>As <see cref="Run{TVec}"/>, for tiles of six rows and all columns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Whole<TVec, TStep>(
        float* a, long* at, long* runs, int runCount, int length, long step, float* b, long bStride,
        float* c, long* to, int tiles, float* bias, int flags)
        where TVec : struct, IVec<TVec>
        where TStep : struct, ITileStep
    {
        for (; tiles > 0; tiles--, at += Rows, to += Rows)
        {
            float* a0 = a + at[0];
            float* a1 = a + at[1];
            float* a2 = a + at[2];
            float* a3 = a + at[3];
            float* a4 = a + at[4];
            float* a5 = a + at[5];
            TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c30 = TVec.Zero, c40 = TVec.Zero, c50 = TVec.Zero;
            TVec c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero, c31 = TVec.Zero, c41 = TVec.Zero, c51 = TVec.Zero;
            float* w = b;
            for (int run = 0; run < runCount; run++, w += length * bStride)
                TileSums.Six<TVec, TStep>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a0, a1, a2, a3, a4, a5, runs[run], step, w, bStride, length);

            // Not before: registers are short in the loop.
            TVec bias0 = TVec.Zero, bias1 = TVec.Zero;
            if (bias != null)
            {
                bias0 = TVec.Load(bias);
                bias1 = TVec.Load(bias + TVec.Count);
            }

            GemmTile.Put(c + to[0], c00, c01, bias0, bias1, flags);
            GemmTile.Put(c + to[1], c10, c11, bias0, bias1, flags);
            GemmTile.Put(c + to[2], c20, c21, bias0, bias1, flags);
            GemmTile.Put(c + to[3], c30, c31, bias0, bias1, flags);
            GemmTile.Put(c + to[4], c40, c41, bias0, bias1, flags);
            GemmTile.Put(c + to[5], c50, c51, bias0, bias1, flags);
        }
    }

    /// <summary>As <see cref="Run{TVec}"/>, for five or six rows.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Six<TVec, TStep>(
        float* a, long* at, long* runs, int runCount, int length, long step, float* b, long bStride,
        float* c, long* to, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
        where TStep : struct, ITileStep
    {
        float* a0 = a + at[0];
        float* a1 = a + at[1];
        float* a2 = a + at[2];
        float* a3 = a + at[3];
        float* a4 = a + at[4];
        float* a5 = a + at[5];
        TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c30 = TVec.Zero, c40 = TVec.Zero, c50 = TVec.Zero;
        TVec c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero, c31 = TVec.Zero, c41 = TVec.Zero, c51 = TVec.Zero;
        for (int run = 0; run < runCount; run++, b += length * bStride)
            TileSums.Six<TVec, TStep>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a0, a1, a2, a3, a4, a5, runs[run], step, b, bStride, length);

        float* tile = stackalloc float[6 * 2 * TVec.Count];
        GemmTile.Keep(tile, 0, c00, c01);
        GemmTile.Keep(tile, 1, c10, c11);
        GemmTile.Keep(tile, 2, c20, c21);
        GemmTile.Keep(tile, 3, c30, c31);
        GemmTile.Keep(tile, 4, c40, c41);
        GemmTile.Keep(tile, 5, c50, c51);
        PutEdge<TVec>(tile, c, to, rows, columns, bias, flags);
    }

    /// <summary>As <see cref="Run{TVec}"/>, for up to four rows.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Four<TVec, TStep>(
        float* a, long* at, long* runs, int runCount, int length, long step, float* b, long bStride,
        float* c, long* to, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
        where TStep : struct, ITileStep
    {
        float* a0 = a + at[0];
        float* a1 = a + at[1];
        float* a2 = a + at[2];
        float* a3 = a + at[3];
        TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c30 = TVec.Zero;
        TVec c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero, c31 = TVec.Zero;
        for (int run = 0; run < runCount; run++, b += length * bStride)
            TileSums.Four<TVec, TStep>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, a0, a1, a2, a3, runs[run], step, b, bStride, length);

        float* tile = stackalloc float[4 * 2 * TVec.Count];
        GemmTile.Keep(tile, 0, c00, c01);
        GemmTile.Keep(tile, 1, c10, c11);
        GemmTile.Keep(tile, 2, c20, c21);
        GemmTile.Keep(tile, 3, c30, c31);
        PutEdge<TVec>(tile, c, to, rows, columns, bias, flags);
    }

    /// <summary>As <see cref="Run{TVec}"/>, for one vector of columns or a part of one.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<TVec>(
        float* a, long* at, long* runs, int runCount, int length, long step, float* b, long bStride,
        float* c, long* to, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        var added = bias == null ? TVec.Zero : TVec.LoadPartial(bias, columns);
        float* tile = stackalloc float[NarrowRows * TVec.Count];
        for (; rows > 0; rows -= NarrowRows, at += NarrowRows, to += NarrowRows)
        {
            float* a0 = a + at[0];
            float* a1 = a + at[1];
            float* a2 = a + at[2];
            float* a3 = a + at[3];
            float* a4 = a + at[4];
            float* a5 = a + at[5];
            float* a6 = a + at[6];
            float* a7 = a + at[7];
            TVec c0 = TVec.Zero, c1 = TVec.Zero, c2 = TVec.Zero, c3 = TVec.Zero, c4 = TVec.Zero, c5 = TVec.Zero, c6 = TVec.Zero, c7 = TVec.Zero;
            float* w = b;
            for (int run = 0; run < runCount; run++)
            {
                float* end = w + (length * bStride);
                for (long k = runs[run]; w != end; w += bStride, k += step)
                {
                    var y = TVec.Load(w);
                    TVec.AddProduct(ref c0, TVec.Broadcast(a0[k]), y);
                    TVec.AddProduct(ref c1, TVec.Broadcast(a1[k]), y);
                    TVec.AddProduct(ref c2, TVec.Broadcast(a2[k]), y);
                    TVec.AddProduct(ref c3, TVec.Broadcast(a3[k]), y);
                    TVec.AddProduct(ref c4, TVec.Broadcast(a4[k]), y);
                    TVec.AddProduct(ref c5, TVec.Broadcast(a5[k]), y);
                    TVec.AddProduct(ref c6, TVec.Broadcast(a6[k]), y);
                    TVec.AddProduct(ref c7, TVec.Broadcast(a7[k]), y);
                }
            }

            c0.Store(tile);
            c1.Store(tile + TVec.Count);
            c2.Store(tile + (2 * TVec.Count));
            c3.Store(tile + (3 * TVec.Count));
            c4.Store(tile + (4 * TVec.Count));
            c5.Store(tile + (5 * TVec.Count));
            c6.Store(tile + (6 * TVec.Count));
            c7.Store(tile + (7 * TVec.Count));
            for (int i = 0; i < Math.Min(rows, NarrowRows); i++)
            {
                float* place = c + to[i];
                var old = (flags & GemmTile.Add) != 0 ? VecTail.Load<TVec>(place, columns) : TVec.Zero;
                GemmTile.Finish(TVec.Load(tile + (i * TVec.Count)), old, added, flags).Store(tile + (i * TVec.Count));
                StoreFew(tile + (i * TVec.Count), columns, place);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void PutEdge<TVec>(float* tile, float* c, long* to, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        for (int j = 0; j < columns; j += TVec.Count)
        {
            int count = Math.Min(TVec.Count, columns - j);
            var added = bias == null ? TVec.Zero : TVec.LoadPartial(bias + j, count);
            for (int i = 0; i < rows; i++)
            {
                float* place = c + to[i] + j;
                var old = (flags & GemmTile.Add) != 0 ? TVec.LoadPartial(place, count) : TVec.Zero;
                float* finished = tile + (i * 2 * TVec.Count) + j;
                GemmTile.Finish(TVec.Load(finished), old, added, flags).Store(finished);
                StoreFew(finished, count, place);
            }
        }
    }

    /// <summary>Copies up to a vector of floats: in pieces, as masked stores take very long on some processors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFew(float* source, int count, float* target)
    {
        for (; count >= 4; count -= 4, source += 4, target += 4)
            Vec128.Load(source).Store(target);
        if ((count & 2) != 0)
        {
            *(long*)target = *(long*)source;
            source += 2;
            target += 2;
        }

        if ((count & 1) != 0)
            *target = *source;
    }
}
