using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>The inner loops of convolutions that have a filter of their own for each channel: vectors of channels.</summary>
internal static unsafe class DepthwiseTile
{
    /// <summary>Pixels that are done at a time.</summary>
    public const int Rows = 4;

    /// <summary>Taps whose gradients are done at a time.</summary>
    public const int Taps = 3;

    /// <summary>
    /// Some pixels. Their tables hold <see cref="Rows"/> offsets more than there are pixels at most, repeating the last:
    /// what is computed twice is also stored twice.
    /// </summary>
    /// <param name="a">Where offsets of the source count from.</param>
    /// <param name="at">Offsets of the pixels' windows.</param>
    /// <param name="count">Number of pixels.</param>
    /// <param name="runs">Offsets of the taps.</param>
    /// <param name="taps">Number of taps.</param>
    /// <param name="w">Weights, <paramref name="channels"/> for each tap.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="c">Where offsets of the result count from.</param>
    /// <param name="to">Offsets of the results.</param>
    /// <param name="bias">Added if not null.</param>
    /// <param name="flags"><see cref="GemmTile.Relu"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVec>(
        float* a, long* at, int count, long* runs, int taps, float* w, int channels, float* c, long* to, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        for (int i = 0; i < count; i += Rows, at += Rows, to += Rows)
        {
            int j = 0;
            for (; j <= channels - (2 * TVec.Count); j += 2 * TVec.Count)
                Two<TVec>(a + j, at, runs, taps, w + j, channels, c + j, to, bias == null ? null : bias + j, flags);
            for (; j < channels; j += TVec.Count)
                One<TVec>(a + j, at, runs, taps, w + j, channels, c + j, to, bias == null ? null : bias + j, flags, channels - j);
        }
    }

    /// <summary>
    /// Gradients of up to <see cref="Taps"/> taps for all channels: sums over pixels of x times dy.
    /// </summary>
    /// <param name="a">Where offsets of x count from.</param>
    /// <param name="at">Offsets of the taps, <see cref="Taps"/> of them.</param>
    /// <param name="taps">Number of taps to store.</param>
    /// <param name="runs">Offsets of the rows of pixels.</param>
    /// <param name="rows">Number of rows of pixels.</param>
    /// <param name="length">Pixels in each row.</param>
    /// <param name="step">Floats of x from one pixel to the next.</param>
    /// <param name="dy">Gradients, <paramref name="channels"/> for each pixel.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="c">Result, <paramref name="channels"/> for each tap.</param>
    /// <param name="flags"><see cref="GemmTile.Add"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Filter<TVec>(
        float* a, long* at, int taps, long* runs, int rows, int length, long step, float* dy, int channels, float* c, int flags)
        where TVec : struct, IVec<TVec>
    {
        int j = 0;
        for (; j <= channels - (2 * TVec.Count); j += 2 * TVec.Count)
            FilterTwo<TVec>(a + j, at, taps, runs, rows, length, step, dy + j, channels, c + j, flags);
        for (; j < channels; j += TVec.Count)
            FilterOne<TVec>(a + j, at, taps, runs, rows, length, step, dy + j, channels, c + j, flags, channels - j);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Two<TVec>(
        float* a, long* at, long* runs, int taps, float* w, long wStride, float* c, long* to, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        float* a0 = a + at[0];
        float* a1 = a + at[1];
        float* a2 = a + at[2];
        float* a3 = a + at[3];
        TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c30 = TVec.Zero;
        TVec c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero, c31 = TVec.Zero;
        for (int tap = 0; tap < taps; tap++, w += wStride)
        {
            long k = runs[tap];
            var w0 = TVec.Load(w);
            TVec.AddProduct(ref c00, TVec.Load(a0 + k), w0);
            TVec.AddProduct(ref c10, TVec.Load(a1 + k), w0);
            TVec.AddProduct(ref c20, TVec.Load(a2 + k), w0);
            TVec.AddProduct(ref c30, TVec.Load(a3 + k), w0);
            var w1 = TVec.Load(w + TVec.Count);
            TVec.AddProduct(ref c01, TVec.Load(a0 + k + TVec.Count), w1);
            TVec.AddProduct(ref c11, TVec.Load(a1 + k + TVec.Count), w1);
            TVec.AddProduct(ref c21, TVec.Load(a2 + k + TVec.Count), w1);
            TVec.AddProduct(ref c31, TVec.Load(a3 + k + TVec.Count), w1);
        }

        var bias0 = bias == null ? TVec.Zero : TVec.Load(bias);
        var bias1 = bias == null ? TVec.Zero : TVec.Load(bias + TVec.Count);
        Put(c + to[0], c00, c01, bias0, bias1, flags);
        Put(c + to[1], c10, c11, bias0, bias1, flags);
        Put(c + to[2], c20, c21, bias0, bias1, flags);
        Put(c + to[3], c30, c31, bias0, bias1, flags);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void One<TVec>(
        float* a, long* at, long* runs, int taps, float* w, long wStride, float* c, long* to, float* bias, int flags, int rest)
        where TVec : struct, IVec<TVec>
    {
        float* a0 = a + at[0];
        float* a1 = a + at[1];
        float* a2 = a + at[2];
        float* a3 = a + at[3];
        TVec c0 = TVec.Zero, c1 = TVec.Zero, c2 = TVec.Zero, c3 = TVec.Zero;
        for (int tap = 0; tap < taps; tap++, w += wStride)
        {
            long k = runs[tap];
            var w0 = VecTail.Load<TVec>(w, rest);
            TVec.AddProduct(ref c0, VecTail.Load<TVec>(a0 + k, rest), w0);
            TVec.AddProduct(ref c1, VecTail.Load<TVec>(a1 + k, rest), w0);
            TVec.AddProduct(ref c2, VecTail.Load<TVec>(a2 + k, rest), w0);
            TVec.AddProduct(ref c3, VecTail.Load<TVec>(a3 + k, rest), w0);
        }

        var bias0 = bias == null ? TVec.Zero : VecTail.Load<TVec>(bias, rest);
        VecTail.Store(GemmTile.Finish(c0, TVec.Zero, bias0, flags), c + to[0], rest);
        VecTail.Store(GemmTile.Finish(c1, TVec.Zero, bias0, flags), c + to[1], rest);
        VecTail.Store(GemmTile.Finish(c2, TVec.Zero, bias0, flags), c + to[2], rest);
        VecTail.Store(GemmTile.Finish(c3, TVec.Zero, bias0, flags), c + to[3], rest);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void FilterTwo<TVec>(
        float* a, long* at, int taps, long* runs, int rows, int length, long step, float* dy, long dyStride, float* c, int flags)
        where TVec : struct, IVec<TVec>
    {
        float* a0 = a + at[0];
        float* a1 = a + at[1];
        float* a2 = a + at[2];
        TVec c00 = TVec.Zero, c10 = TVec.Zero, c20 = TVec.Zero, c01 = TVec.Zero, c11 = TVec.Zero, c21 = TVec.Zero;
        for (int row = 0; row < rows; row++)
        {
            float* end = dy + (length * dyStride);
            for (long k = runs[row]; dy != end; dy += dyStride, k += step)
            {
                TVec y0 = TVec.Load(dy), y1 = TVec.Load(dy + TVec.Count);
                TVec.AddProduct(ref c00, TVec.Load(a0 + k), y0);
                TVec.AddProduct(ref c01, TVec.Load(a0 + k + TVec.Count), y1);
                TVec.AddProduct(ref c10, TVec.Load(a1 + k), y0);
                TVec.AddProduct(ref c11, TVec.Load(a1 + k + TVec.Count), y1);
                TVec.AddProduct(ref c20, TVec.Load(a2 + k), y0);
                TVec.AddProduct(ref c21, TVec.Load(a2 + k + TVec.Count), y1);
            }
        }

        AddTo(c, c00, c01, flags);
        if (taps > 1)
            AddTo(c + dyStride, c10, c11, flags);
        if (taps > 2)
            AddTo(c + (2 * dyStride), c20, c21, flags);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void FilterOne<TVec>(
        float* a, long* at, int taps, long* runs, int rows, int length, long step, float* dy, long dyStride, float* c, int flags, int rest)
        where TVec : struct, IVec<TVec>
    {
        float* a0 = a + at[0];
        float* a1 = a + at[1];
        float* a2 = a + at[2];
        TVec c0 = TVec.Zero, c1 = TVec.Zero, c2 = TVec.Zero;
        for (int row = 0; row < rows; row++)
        {
            float* end = dy + (length * dyStride);
            for (long k = runs[row]; dy != end; dy += dyStride, k += step)
            {
                var y = VecTail.Load<TVec>(dy, rest);
                TVec.AddProduct(ref c0, VecTail.Load<TVec>(a0 + k, rest), y);
                TVec.AddProduct(ref c1, VecTail.Load<TVec>(a1 + k, rest), y);
                TVec.AddProduct(ref c2, VecTail.Load<TVec>(a2 + k, rest), y);
            }
        }

        for (int tap = 0; tap < taps; tap++, c += dyStride)
        {
            var value = tap == 0 ? c0 : tap == 1 ? c1 : c2;
            if ((flags & GemmTile.Add) != 0)
                value += VecTail.Load<TVec>(c, rest);
            VecTail.Store(value, c, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TVec>(float* c, TVec low, TVec high, TVec biasLow, TVec biasHigh, int flags)
        where TVec : struct, IVec<TVec>
    {
        GemmTile.Finish(low, TVec.Zero, biasLow, flags).Store(c);
        GemmTile.Finish(high, TVec.Zero, biasHigh, flags).Store(c + TVec.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo<TVec>(float* c, TVec low, TVec high, int flags)
        where TVec : struct, IVec<TVec>
    {
        if ((flags & GemmTile.Add) != 0)
        {
            low += TVec.Load(c);
            high += TVec.Load(c + TVec.Count);
        }

        low.Store(c);
        high.Store(c + TVec.Count);
    }
}
