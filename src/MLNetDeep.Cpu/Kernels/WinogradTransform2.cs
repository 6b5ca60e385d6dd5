using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The transforms of Winograd's F(2x2, 3x3) and, for the gradient of the weights, F(3x3, 2x2): as <see cref="WinogradTransform4"/>
/// with the points 0, 1, -1 and infinity. Fewer products are saved, but the transforms are cheap and the weights' points few.
/// </summary>
internal static unsafe class WinogradTransform2
{
    /// <summary>Rows and columns of a tile of the source.</summary>
    private const int Source = 4;

    /// <summary>Rows and columns of a tile of the result.</summary>
    private const int Target = 2;

    private const int Align = 64;

    /// <summary>A tile of 4x4 pixels to its 16 points; see <see cref="WinogradTransform4.Input"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Input<TVec>(float* source, long rowStride, long columnStride, int channels, float* target, long pointStride, long panelStride)
        where TVec : struct, IVec<TVec>
    {
        byte* space = stackalloc byte[(Source * Source * TVec.Count * sizeof(float)) + Align];
        var half = (float*)(((nint)space + Align - 1) & -Align);
        for (int c = 0; c < channels; c += TVec.Count)
        {
            int rest = channels - c;
            float* from = source + c;
            float* to = half;
            for (int j = 0; j < Source; j++, from += columnStride, to += TVec.Count)
            {
                TVec d0 = VecTail.Load<TVec>(from, rest), d1 = VecTail.Load<TVec>(from + rowStride, rest);
                TVec d2 = VecTail.Load<TVec>(from + (2 * rowStride), rest), d3 = VecTail.Load<TVec>(from + (3 * rowStride), rest);
                (d0 - d2).Store(to);
                (d1 + d2).Store(to + (Source * TVec.Count));
                (d2 - d1).Store(to + (2 * Source * TVec.Count));
                (d1 - d3).Store(to + (3 * Source * TVec.Count));
            }

            from = half;
            to = target + (c / (2 * TVec.Count) * panelStride) + (c % (2 * TVec.Count));
            for (int i = 0; i < Source; i++, from += Source * TVec.Count)
            {
                TVec d0 = TVec.Load(from), d1 = TVec.Load(from + TVec.Count), d2 = TVec.Load(from + (2 * TVec.Count)), d3 = TVec.Load(from + (3 * TVec.Count));
                (d0 - d2).Store(to);
                (d1 + d2).Store(to += pointStride);
                (d2 - d1).Store(to += pointStride);
                (d1 - d3).Store(to += pointStride);
                to += pointStride;
            }
        }
    }

    /// <summary>16 points to a tile of 2x2 pixels, or its first row and column; see <see cref="WinogradTransform4.Output"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Output<TVec>(
        float* source, long pointStride, int channels, float* target, long rowStride, long columnStride, int rows, int columns,
        float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        byte* space = stackalloc byte[(Target * Source * TVec.Count * sizeof(float)) + Align];
        var half = (float*)(((nint)space + Align - 1) & -Align);
        for (int c = 0; c < channels; c += TVec.Count)
        {
            int rest = channels - c;
            float* from = source + c;
            float* to = half;
            for (int j = 0; j < Source; j++, from += pointStride, to += TVec.Count)
            {
                float* at = from;
                TVec m0 = TVec.Load(at), m1 = TVec.Load(at += Source * pointStride), m2 = TVec.Load(at += Source * pointStride), m3 = TVec.Load(at + (Source * pointStride));
                (m0 + (m1 + m2)).Store(to);
                (m1 - m2 - m3).Store(to + (Source * TVec.Count));
            }

            var added = bias == null ? TVec.Zero : VecTail.Load<TVec>(bias + c, rest);
            from = half;
            to = target + c;
            for (int i = 0; i < rows; i++, from += Source * TVec.Count, to += rowStride)
            {
                TVec m0 = TVec.Load(from), m1 = TVec.Load(from + TVec.Count), m2 = TVec.Load(from + (2 * TVec.Count)), m3 = TVec.Load(from + (3 * TVec.Count));
                VecTail.Store(GemmTile.Finish(m0, m1 + m2, added, flags), to, rest);
                if (columns > 1)
                    VecTail.Store(GemmTile.Finish(m1 - m2 - m3, TVec.Zero, added, flags), to + columnStride, rest);
            }
        }
    }

    /// <summary>3x3 weights to their 16 points, for some filters of a channel; see <see cref="WinogradTransform4.Weights"/>.</summary>
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
                Points4(
                    VecTail.Load<TVec>(from, rest),
                    VecTail.Load<TVec>(from + (3 * tapStride), rest),
                    VecTail.Load<TVec>(from + (6 * tapStride), rest),
                    half + (j * TVec.Count),
                    3 * TVec.Count);
            }

            for (int i = 0; i < Source; i++)
            {
                float* from = half + (i * 3 * TVec.Count);
                Points4(
                    TVec.Load(from), TVec.Load(from + TVec.Count), TVec.Load(from + (2 * TVec.Count)), target + f + (i * Source * pointStride), pointStride);
            }
        }
    }

    /// <summary>A tile of 2x2 pixels of the result's gradient to 16 points, without the points' factors.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Gradient<TVec>(float* source, long rowStride, long columnStride, int channels, float* target, long pointStride, long panelStride)
        where TVec : struct, IVec<TVec>
    {
        byte* space = stackalloc byte[(Target * Source * TVec.Count * sizeof(float)) + Align];
        var half = (float*)(((nint)space + Align - 1) & -Align);
        for (int c = 0; c < channels; c += TVec.Count)
        {
            int rest = channels - c;
            float* from = source + c;
            float* to = half;
            for (int j = 0; j < Target; j++, from += columnStride, to += TVec.Count)
            {
                TVec d0 = VecTail.Load<TVec>(from, rest), d1 = VecTail.Load<TVec>(from + rowStride, rest);
                d0.Store(to);
                (d0 + d1).Store(to + (Target * TVec.Count));
                (d0 - d1).Store(to + (2 * Target * TVec.Count));
                (TVec.Zero - d1).Store(to + (3 * Target * TVec.Count));
            }

            from = half;
            to = target + (c / (2 * TVec.Count) * panelStride) + (c % (2 * TVec.Count));
            for (int i = 0; i < Source; i++, from += Target * TVec.Count)
            {
                TVec d0 = TVec.Load(from), d1 = TVec.Load(from + TVec.Count);
                d0.Store(to);
                (d0 + d1).Store(to += pointStride);
                (d0 - d1).Store(to += pointStride);
                (TVec.Zero - d1).Store(to += pointStride);
                to += pointStride;
            }
        }
    }

    /// <summary>16 points to the gradient of 3x3 weights, for some filters of a channel; see <see cref="WinogradTransform4.WeightsGradient"/>.</summary>
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
                    TVec.Load(from), TVec.Load(from + (4 * pointStride)), TVec.Load(from + (8 * pointStride)), TVec.Load(from + (12 * pointStride)),
                    half + (j * TVec.Count), Source * TVec.Count, TVec.Count);
            }

            for (int i = 0; i < 3; i++)
            {
                float* from = half + (i * Source * TVec.Count);
                Taps3(
                    TVec.Load(from), TVec.Load(from + TVec.Count), TVec.Load(from + (2 * TVec.Count)), TVec.Load(from + (3 * TVec.Count)),
                    target + f + (i * 3 * tapStride), tapStride, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Points4<TVec>(TVec g0, TVec g1, TVec g2, float* target, long stride)
        where TVec : struct, IVec<TVec>
    {
        TVec half = TVec.Broadcast(0.5f), a = g0 + g2;
        g0.Store(target);
        ((a + g1) * half).Store(target + stride);
        ((a - g1) * half).Store(target + (2 * stride));
        g2.Store(target + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Taps3<TVec>(TVec m0, TVec m1, TVec m2, TVec m3, float* target, long stride, int rest)
        where TVec : struct, IVec<TVec>
    {
        TVec half = TVec.Broadcast(0.5f), p = (m1 + m2) * half;
        VecTail.Store(m0 + p, target, rest);
        VecTail.Store((m1 - m2) * half, target + stride, rest);
        VecTail.Store(p + m3, target + (2 * stride), rest);
    }
}
