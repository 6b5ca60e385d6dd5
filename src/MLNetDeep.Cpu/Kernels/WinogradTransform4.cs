using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The transforms of Winograd's F(4x4, 3x3) and, for the gradient of the weights, F(3x3, 4x4): polynomials through the
/// points 0, 1, -1, 2, -2 and infinity in each direction, in vectors of channels.
/// </summary>
/// <remarks>The factors that belong to a point alone are all in the weights, or in the last step of their gradient.</remarks>
internal static unsafe class WinogradTransform4
{
    /// <summary>Rows and columns of a tile of the source.</summary>
    public const int Source = 6;

    /// <summary>Rows and columns of a tile of the result.</summary>
    public const int Target = 4;

    /// <summary>Points.</summary>
    public const int Points = Source * Source;

    private const int Align = 64;

    /// <summary>A tile of 6x6 pixels to its 36 points.</summary>
    /// <param name="source">First pixel.</param>
    /// <param name="rowStride">Floats from a row of pixels to the next.</param>
    /// <param name="columnStride">Floats from a pixel to the next.</param>
    /// <param name="channels">Number of channels; the result is filled up with zeros to whole vectors.</param>
    /// <param name="target">First point.</param>
    /// <param name="pointStride">Floats from a point to the next.</param>
    /// <param name="panelStride">Floats from two vectors of channels to the next two.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Input<TVec>(float* source, long rowStride, long columnStride, int channels, float* target, long pointStride, long panelStride)
        where TVec : struct, IVec<TVec>
    {
        byte* space = stackalloc byte[(Points * TVec.Count * sizeof(float)) + Align];
        var half = (float*)(((nint)space + Align - 1) & -Align);
        TVec two = TVec.Broadcast(2), four = TVec.Broadcast(4), minusFour = TVec.Broadcast(-4), minusFive = TVec.Broadcast(-5);
        for (int c = 0; c < channels; c += TVec.Count)
        {
            int rest = channels - c;
            float* from = source + c;
            float* to = half;
            for (int j = 0; j < Source; j++, from += columnStride, to += TVec.Count)
            {
                float* at = from;
                var d0 = VecTail.Load<TVec>(at, rest);
                var d1 = VecTail.Load<TVec>(at += rowStride, rest);
                var d2 = VecTail.Load<TVec>(at += rowStride, rest);
                var d3 = VecTail.Load<TVec>(at += rowStride, rest);
                var d4 = VecTail.Load<TVec>(at += rowStride, rest);
                var d5 = VecTail.Load<TVec>(at + rowStride, rest);
                TVec a = TVec.FusedMultiplyAdd(minusFour, d2, d4), b = TVec.FusedMultiplyAdd(minusFour, d1, d3);
                TVec p = d4 - d2, q = two * (d3 - d1);
                TVec.FusedMultiplyAdd(four, d0, TVec.FusedMultiplyAdd(minusFive, d2, d4)).Store(to);
                (a + b).Store(to + (Source * TVec.Count));
                (a - b).Store(to + (2 * Source * TVec.Count));
                (p + q).Store(to + (3 * Source * TVec.Count));
                (p - q).Store(to + (4 * Source * TVec.Count));
                TVec.FusedMultiplyAdd(four, d1, TVec.FusedMultiplyAdd(minusFive, d3, d5)).Store(to + (5 * Source * TVec.Count));
            }

            from = half;
            to = target + (c / (2 * TVec.Count) * panelStride) + (c % (2 * TVec.Count));
            for (int i = 0; i < Source; i++, from += Source * TVec.Count)
            {
                TVec d0 = TVec.Load(from), d1 = TVec.Load(from + TVec.Count), d2 = TVec.Load(from + (2 * TVec.Count));
                TVec d3 = TVec.Load(from + (3 * TVec.Count)), d4 = TVec.Load(from + (4 * TVec.Count)), d5 = TVec.Load(from + (5 * TVec.Count));
                TVec a = TVec.FusedMultiplyAdd(minusFour, d2, d4), b = TVec.FusedMultiplyAdd(minusFour, d1, d3);
                TVec p = d4 - d2, q = two * (d3 - d1);
                TVec.FusedMultiplyAdd(four, d0, TVec.FusedMultiplyAdd(minusFive, d2, d4)).Store(to);
                (a + b).Store(to += pointStride);
                (a - b).Store(to += pointStride);
                (p + q).Store(to += pointStride);
                (p - q).Store(to += pointStride);
                TVec.FusedMultiplyAdd(four, d1, TVec.FusedMultiplyAdd(minusFive, d3, d5)).Store(to += pointStride);
                to += pointStride;
            }
        }
    }

    /// <summary>36 points to a tile of 4x4 pixels, or its first rows and columns.</summary>
    /// <param name="source">First point, of whole vectors.</param>
    /// <param name="pointStride">Floats from a point to the next.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="target">First pixel.</param>
    /// <param name="rowStride">Floats from a row of pixels to the next.</param>
    /// <param name="columnStride">Floats from a pixel to the next.</param>
    /// <param name="rows">Rows of pixels that exist.</param>
    /// <param name="columns">Columns of pixels that exist.</param>
    /// <param name="bias">Added if not null.</param>
    /// <param name="flags"><see cref="GemmTile.Relu"/>.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Output<TVec>(
        float* source, long pointStride, int channels, float* target, long rowStride, long columnStride, int rows, int columns,
        float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        byte* space = stackalloc byte[(Target * Source * TVec.Count * sizeof(float)) + Align];
        var half = (float*)(((nint)space + Align - 1) & -Align);
        TVec two = TVec.Broadcast(2), four = TVec.Broadcast(4), eight = TVec.Broadcast(8);
        for (int c = 0; c < channels; c += TVec.Count)
        {
            int rest = channels - c;
            float* from = source + c;
            float* to = half;
            for (int j = 0; j < Source; j++, from += pointStride, to += TVec.Count)
            {
                float* at = from;
                TVec m0 = TVec.Load(at), m1 = TVec.Load(at += Source * pointStride), m2 = TVec.Load(at += Source * pointStride);
                TVec m3 = TVec.Load(at += Source * pointStride), m4 = TVec.Load(at += Source * pointStride), m5 = TVec.Load(at + (Source * pointStride));
                TVec p = m1 + m2, q = m1 - m2, r = m3 + m4, t = m3 - m4;
                (m0 + p + r).Store(to);
                TVec.FusedMultiplyAdd(two, t, q).Store(to + (Source * TVec.Count));
                TVec.FusedMultiplyAdd(four, r, p).Store(to + (2 * Source * TVec.Count));
                (TVec.FusedMultiplyAdd(eight, t, q) + m5).Store(to + (3 * Source * TVec.Count));
            }

            var added = bias == null ? TVec.Zero : VecTail.Load<TVec>(bias + c, rest);
            from = half;
            to = target + c;
            for (int i = 0; i < rows; i++, from += Source * TVec.Count, to += rowStride)
            {
                TVec m0 = TVec.Load(from), m1 = TVec.Load(from + TVec.Count), m2 = TVec.Load(from + (2 * TVec.Count));
                TVec m3 = TVec.Load(from + (3 * TVec.Count)), m4 = TVec.Load(from + (4 * TVec.Count)), m5 = TVec.Load(from + (5 * TVec.Count));
                TVec p = m1 + m2, q = m1 - m2, r = m3 + m4, t = m3 - m4;
                VecTail.Store(GemmTile.Finish(m0 + p, r, added, flags), to, rest);
                if (columns > 1)
                    VecTail.Store(GemmTile.Finish(TVec.FusedMultiplyAdd(two, t, q), TVec.Zero, added, flags), to + columnStride, rest);
                if (columns > 2)
                    VecTail.Store(GemmTile.Finish(TVec.FusedMultiplyAdd(four, r, p), TVec.Zero, added, flags), to + (2 * columnStride), rest);
                if (columns > 3)
                    VecTail.Store(GemmTile.Finish(TVec.FusedMultiplyAdd(eight, t, q), m5, added, flags), to + (3 * columnStride), rest);
            }
        }
    }

    /// <summary>3x3 weights to their 36 points, for some filters of a channel.</summary>
    /// <param name="source">First tap.</param>
    /// <param name="tapStride">Floats from a tap to the next; negative to take them in reverse order.</param>
    /// <param name="filters">Filters that exist; up to <paramref name="width"/> the result is zero.</param>
    /// <param name="width">Filters to write, a multiple of the vectors'.</param>
    /// <param name="target">First point.</param>
    /// <param name="pointStride">Floats from a point to the next.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Weights<TVec>(float* source, long tapStride, int filters, int width, float* target, long pointStride)
        where TVec : struct, IVec<TVec>
    {
        float* half = stackalloc float[Source * 3 * TVec.Count];
        for (int f = 0; f < width; f += TVec.Count)
        {
            int rest = Math.Max(0, filters - f);
            for (int j = 0; j < 3; j++)
            {
                float* from = source + f + (j * tapStride);
                Points6(
                    VecTail.Load<TVec>(from, rest),
                    VecTail.Load<TVec>(from + (3 * tapStride), rest),
                    VecTail.Load<TVec>(from + (6 * tapStride), rest),
                    half + (j * TVec.Count),
                    3 * TVec.Count);
            }

            for (int i = 0; i < Source; i++)
            {
                float* from = half + (i * 3 * TVec.Count);
                Points6(
                    TVec.Load(from), TVec.Load(from + TVec.Count), TVec.Load(from + (2 * TVec.Count)), target + f + (i * Source * pointStride), pointStride);
            }
        }
    }

    /// <summary>A tile of 4x4 pixels of the result's gradient to 36 points, without the points' factors.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Gradient<TVec>(float* source, long rowStride, long columnStride, int channels, float* target, long pointStride, long panelStride)
        where TVec : struct, IVec<TVec>
    {
        byte* space = stackalloc byte[(Target * Source * TVec.Count * sizeof(float)) + Align];
        var half = (float*)(((nint)space + Align - 1) & -Align);
        TVec two = TVec.Broadcast(2), four = TVec.Broadcast(4);
        for (int c = 0; c < channels; c += TVec.Count)
        {
            int rest = channels - c;
            float* from = source + c;
            float* to = half;
            for (int j = 0; j < Target; j++, from += columnStride, to += TVec.Count)
            {
                TVec d0 = VecTail.Load<TVec>(from, rest), d1 = VecTail.Load<TVec>(from + rowStride, rest);
                TVec d2 = VecTail.Load<TVec>(from + (2 * rowStride), rest), d3 = VecTail.Load<TVec>(from + (3 * rowStride), rest);
                TVec a = d0 + d2, b = d1 + d3, p = TVec.FusedMultiplyAdd(four, d2, d0), q = two * TVec.FusedMultiplyAdd(four, d3, d1);
                d0.Store(to);
                (a + b).Store(to + (Target * TVec.Count));
                (a - b).Store(to + (2 * Target * TVec.Count));
                (p + q).Store(to + (3 * Target * TVec.Count));
                (p - q).Store(to + (4 * Target * TVec.Count));
                d3.Store(to + (5 * Target * TVec.Count));
            }

            from = half;
            to = target + (c / (2 * TVec.Count) * panelStride) + (c % (2 * TVec.Count));
            for (int i = 0; i < Source; i++, from += Target * TVec.Count)
            {
                TVec d0 = TVec.Load(from), d1 = TVec.Load(from + TVec.Count), d2 = TVec.Load(from + (2 * TVec.Count)), d3 = TVec.Load(from + (3 * TVec.Count));
                TVec a = d0 + d2, b = d1 + d3, p = TVec.FusedMultiplyAdd(four, d2, d0), q = two * TVec.FusedMultiplyAdd(four, d3, d1);
                d0.Store(to);
                (a + b).Store(to += pointStride);
                (a - b).Store(to += pointStride);
                (p + q).Store(to += pointStride);
                (p - q).Store(to += pointStride);
                d3.Store(to += pointStride);
                to += pointStride;
            }
        }
    }

    /// <summary>36 points to the gradient of 3x3 weights, for some filters of a channel.</summary>
    /// <param name="source">First point, of whole vectors.</param>
    /// <param name="pointStride">Floats from a point to the next.</param>
    /// <param name="filters">Number of filters.</param>
    /// <param name="target">First tap.</param>
    /// <param name="tapStride">Floats from a tap to the next.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void WeightsGradient<TVec>(float* source, long pointStride, int filters, float* target, long tapStride)
        where TVec : struct, IVec<TVec>
    {
        float* half = stackalloc float[3 * Source * TVec.Count];
        for (int f = 0; f < filters; f += TVec.Count)
        {
            int rest = filters - f;
            for (int j = 0; j < Source; j++)
            {
                float* from = source + f + (j * pointStride);
                Taps3(
                    TVec.Load(from), TVec.Load(from + (6 * pointStride)), TVec.Load(from + (12 * pointStride)),
                    TVec.Load(from + (18 * pointStride)), TVec.Load(from + (24 * pointStride)), TVec.Load(from + (30 * pointStride)),
                    half + (j * TVec.Count), Source * TVec.Count, TVec.Count);
            }

            for (int i = 0; i < 3; i++)
            {
                float* from = half + (i * Source * TVec.Count);
                Taps3(
                    TVec.Load(from), TVec.Load(from + TVec.Count), TVec.Load(from + (2 * TVec.Count)),
                    TVec.Load(from + (3 * TVec.Count)), TVec.Load(from + (4 * TVec.Count)), TVec.Load(from + (5 * TVec.Count)),
                    target + f + (i * 3 * tapStride), tapStride, rest);
            }
        }
    }

    /// <summary>The values of a polynomial of three coefficients at the points, with the points' factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Points6<TVec>(TVec g0, TVec g1, TVec g2, float* target, long stride)
        where TVec : struct, IVec<TVec>
    {
        TVec sixth = TVec.Broadcast(-1f / 6), a = g0 + g2;
        TVec p = TVec.FusedMultiplyAdd(TVec.Broadcast(4), g2, g0) * TVec.Broadcast(1f / 24), q = g1 * TVec.Broadcast(1f / 12);
        (g0 * TVec.Broadcast(0.25f)).Store(target);
        ((a + g1) * sixth).Store(target + stride);
        ((a - g1) * sixth).Store(target + (2 * stride));
        (p + q).Store(target + (3 * stride));
        (p - q).Store(target + (4 * stride));
        g2.Store(target + (5 * stride));
    }

    /// <summary>Three coefficients from the values at the points, with the points' factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Taps3<TVec>(TVec m0, TVec m1, TVec m2, TVec m3, TVec m4, TVec m5, float* target, long stride, int rest)
        where TVec : struct, IVec<TVec>
    {
        TVec sixth = TVec.Broadcast(-1f / 6);
        TVec p = (m1 + m2) * sixth, q = (m1 - m2) * sixth;
        TVec r = (m3 + m4) * TVec.Broadcast(1f / 24), t = (m3 - m4) * TVec.Broadcast(1f / 12);
        VecTail.Store(TVec.FusedMultiplyAdd(m0, TVec.Broadcast(0.25f), p + r), target, rest);
        VecTail.Store(q + t, target + stride, rest);
        VecTail.Store(TVec.FusedMultiplyAdd(TVec.Broadcast(4), r, p) + m5, target + (2 * stride), rest);
    }
}
