using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The transforms of Winograd's F(4x4, 2x2) and, for the gradient of the weights, F(2x2, 4x4): as <see cref="WinogradTransform4"/>
/// with the points 0, 1, -1, 2 and infinity.
/// </summary>
internal static unsafe class WinogradTransform4By2
{
    /// <summary>Rows and columns of a tile of the source.</summary>
    private const int Source = 5;

    /// <summary>Rows and columns of a tile of the result.</summary>
    private const int Target = 4;

    private const int Taps = 2;

    private const int Align = 64;

    /// <summary>A tile of 5x5 pixels to its 25 points; see <see cref="WinogradTransform4.Input"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Input<TVec>(float* source, long rowStride, long columnStride, int channels, float* target, long pointStride, long panelStride)
        where TVec : struct, IVec<TVec>
    {
        byte* space = stackalloc byte[(Source * Source * TVec.Count * sizeof(float)) + Align];
        var half = (float*)(((nint)space + Align - 1) & -Align);
        TVec two = TVec.Broadcast(2), minusTwo = TVec.Broadcast(-2), minusThree = TVec.Broadcast(-3);
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
                var d4 = VecTail.Load<TVec>(at + rowStride, rest);
                var a = d3 - d1;
                TVec.FusedMultiplyAdd(two, d0 - d2, a).Store(to);
                TVec.FusedMultiplyAdd(minusTwo, d1, d3 - d2).Store(to + (Source * TVec.Count));
                TVec.FusedMultiplyAdd(minusThree, d2, TVec.FusedMultiplyAdd(two, d1, d3)).Store(to + (2 * Source * TVec.Count));
                a.Store(to + (3 * Source * TVec.Count));
                TVec.FusedMultiplyAdd(minusTwo, a, d4 - d2).Store(to + (4 * Source * TVec.Count));
            }

            from = half;
            to = target + (c / (2 * TVec.Count) * panelStride) + (c % (2 * TVec.Count));
            for (int i = 0; i < Source; i++, from += Source * TVec.Count)
            {
                TVec d0 = TVec.Load(from), d1 = TVec.Load(from + TVec.Count), d2 = TVec.Load(from + (2 * TVec.Count));
                TVec d3 = TVec.Load(from + (3 * TVec.Count)), d4 = TVec.Load(from + (4 * TVec.Count)), a = d3 - d1;
                TVec.FusedMultiplyAdd(two, d0 - d2, a).Store(to);
                TVec.FusedMultiplyAdd(minusTwo, d1, d3 - d2).Store(to += pointStride);
                TVec.FusedMultiplyAdd(minusThree, d2, TVec.FusedMultiplyAdd(two, d1, d3)).Store(to += pointStride);
                a.Store(to += pointStride);
                TVec.FusedMultiplyAdd(minusTwo, a, d4 - d2).Store(to += pointStride);
                to += pointStride;
            }
        }
    }

    /// <summary>25 points to a tile of 4x4 pixels, or its first rows and columns; see <see cref="WinogradTransform4.Output"/>.</summary>
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
                TVec m3 = TVec.Load(at += Source * pointStride), m4 = TVec.Load(at + (Source * pointStride));
                TVec p = m1 + m2, q = m1 - m2;
                (m0 + p + m3).Store(to);
                TVec.FusedMultiplyAdd(two, m3, q).Store(to + (Source * TVec.Count));
                TVec.FusedMultiplyAdd(four, m3, p).Store(to + (2 * Source * TVec.Count));
                (TVec.FusedMultiplyAdd(eight, m3, q) + m4).Store(to + (3 * Source * TVec.Count));
            }

            var added = bias == null ? TVec.Zero : VecTail.Load<TVec>(bias + c, rest);
            from = half;
            to = target + c;
            for (int i = 0; i < rows; i++, from += Source * TVec.Count, to += rowStride)
            {
                TVec m0 = TVec.Load(from), m1 = TVec.Load(from + TVec.Count), m2 = TVec.Load(from + (2 * TVec.Count));
                TVec m3 = TVec.Load(from + (3 * TVec.Count)), m4 = TVec.Load(from + (4 * TVec.Count));
                TVec p = m1 + m2, q = m1 - m2;
                VecTail.Store(GemmTile.Finish(m0 + p, m3, added, flags), to, rest);
                if (columns > 1)
                    VecTail.Store(GemmTile.Finish(TVec.FusedMultiplyAdd(two, m3, q), TVec.Zero, added, flags), to + columnStride, rest);
                if (columns > 2)
                    VecTail.Store(GemmTile.Finish(TVec.FusedMultiplyAdd(four, m3, p), TVec.Zero, added, flags), to + (2 * columnStride), rest);
                if (columns > 3)
                    VecTail.Store(GemmTile.Finish(TVec.FusedMultiplyAdd(eight, m3, q), m4, added, flags), to + (3 * columnStride), rest);
            }
        }
    }

    /// <summary>2x2 weights to their 25 points, for some filters of a channel; see <see cref="WinogradTransform4.Weights"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Weights<TVec>(float* source, long tapStride, int filters, int width, float* target, long pointStride)
        where TVec : struct, IVec<TVec>
    {
        float* half = stackalloc float[Source * Taps * TVec.Count];
        for (int f = 0; f < width; f += TVec.Count)
        {
            int rest = Math.Max(0, filters - f);
            for (int j = 0; j < Taps; j++)
            {
                float* from = source + f + (j * tapStride);
                Points5(VecTail.Load<TVec>(from, rest), VecTail.Load<TVec>(from + (Taps * tapStride), rest), half + (j * TVec.Count), Taps * TVec.Count);
            }

            for (int i = 0; i < Source; i++)
            {
                float* from = half + (i * Taps * TVec.Count);
                Points5(TVec.Load(from), TVec.Load(from + TVec.Count), target + f + (i * Source * pointStride), pointStride);
            }
        }
    }

    /// <summary>A tile of 4x4 pixels of the result's gradient to 25 points, without the points' factors.</summary>
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
                TVec a = d0 + d2, b = d1 + d3;
                d0.Store(to);
                (a + b).Store(to + (Target * TVec.Count));
                (a - b).Store(to + (2 * Target * TVec.Count));
                TVec.FusedMultiplyAdd(two, TVec.FusedMultiplyAdd(four, d3, d1), TVec.FusedMultiplyAdd(four, d2, d0)).Store(to + (3 * Target * TVec.Count));
                d3.Store(to + (4 * Target * TVec.Count));
            }

            from = half;
            to = target + (c / (2 * TVec.Count) * panelStride) + (c % (2 * TVec.Count));
            for (int i = 0; i < Source; i++, from += Target * TVec.Count)
            {
                TVec d0 = TVec.Load(from), d1 = TVec.Load(from + TVec.Count), d2 = TVec.Load(from + (2 * TVec.Count)), d3 = TVec.Load(from + (3 * TVec.Count));
                TVec a = d0 + d2, b = d1 + d3;
                d0.Store(to);
                (a + b).Store(to += pointStride);
                (a - b).Store(to += pointStride);
                TVec.FusedMultiplyAdd(two, TVec.FusedMultiplyAdd(four, d3, d1), TVec.FusedMultiplyAdd(four, d2, d0)).Store(to += pointStride);
                d3.Store(to += pointStride);
                to += pointStride;
            }
        }
    }

    /// <summary>25 points to the gradient of 2x2 weights, for some filters of a channel; see <see cref="WinogradTransform4.WeightsGradient"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void WeightsGradient<TVec>(float* source, long pointStride, int filters, float* target, long tapStride)
        where TVec : struct, IVec<TVec>
    {
        float* half = stackalloc float[Taps * Source * TVec.Count];
        for (int f = 0; f < filters; f += TVec.Count)
        {
            int rest = filters - f;
            for (int j = 0; j < Source; j++)
            {
                float* from = source + f + (j * pointStride);
                Taps2(
                    TVec.Load(from), TVec.Load(from + (5 * pointStride)), TVec.Load(from + (10 * pointStride)),
                    TVec.Load(from + (15 * pointStride)), TVec.Load(from + (20 * pointStride)),
                    half + (j * TVec.Count), Source * TVec.Count, TVec.Count);
            }

            for (int i = 0; i < Taps; i++)
            {
                float* from = half + (i * Source * TVec.Count);
                Taps2(
                    TVec.Load(from), TVec.Load(from + TVec.Count), TVec.Load(from + (2 * TVec.Count)),
                    TVec.Load(from + (3 * TVec.Count)), TVec.Load(from + (4 * TVec.Count)),
                    target + f + (i * Taps * tapStride), tapStride, rest);
            }
        }
    }

    /// <summary>The values of a polynomial of two coefficients at the points, with the points' factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Points5<TVec>(TVec g0, TVec g1, float* target, long stride)
        where TVec : struct, IVec<TVec>
    {
        TVec sixth = TVec.Broadcast(1f / 6);
        (g0 * TVec.Broadcast(0.5f)).Store(target);
        ((g0 + g1) * TVec.Broadcast(-0.5f)).Store(target + stride);
        ((g1 - g0) * sixth).Store(target + (2 * stride));
        (TVec.FusedMultiplyAdd(TVec.Broadcast(2), g1, g0) * sixth).Store(target + (3 * stride));
        g1.Store(target + (4 * stride));
    }

    /// <summary>Two coefficients from the values at the points, with the points' factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Taps2<TVec>(TVec m0, TVec m1, TVec m2, TVec m3, TVec m4, float* target, long stride, int rest)
        where TVec : struct, IVec<TVec>
    {
        TVec half = TVec.Broadcast(0.5f), sixth = TVec.Broadcast(1f / 6);
        TVec p = (m0 - m1) * half, q = (m3 - m2) * sixth, r = TVec.FusedMultiplyAdd(TVec.Broadcast(2), m3, m2) * sixth;
        VecTail.Store(p + q, target, rest);
        VecTail.Store(TVec.FusedMultiplyAdd(m1, TVec.Broadcast(-0.5f), r) + m4, target + stride, rest);
    }
}
