using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The inner loops of products by tiles: sums in registers, rows of two vectors of B streaming by. All is inlined where it is used.
/// </summary>
/// <remarks>
/// Every sum is of its products in the order of k, each added by a fused multiply-add. Four steps a turn: what there is beside the multiply-adds
/// is as little as can be, which counts where two threads share a core's front end (measured: half as fast again).
/// </remarks>
internal static unsafe class TileSums
{
    /// <summary>Adds to a tile of six rows the products of their elements from <paramref name="k"/> on with as many rows of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Six<TVec, TStep>(
        ref TVec c00, ref TVec c01, ref TVec c10, ref TVec c11, ref TVec c20, ref TVec c21, ref TVec c30, ref TVec c31, ref TVec c40, ref TVec c41, ref TVec c50, ref TVec c51,
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, long k, long step, float* b, long bStride, int depth)
        where TVec : struct, IVec<TVec>
        where TStep : struct, ITileStep
    {
        if (TStep.Value != 0)
            step = TStep.Value;
        for (; depth >= 4; depth -= 4, b += 4 * bStride, k += 4 * step)
        {
            Six<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a0, a1, a2, a3, a4, a5, k, b);
            Six<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a0, a1, a2, a3, a4, a5, k + step, b + bStride);
            Six<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a0, a1, a2, a3, a4, a5, k + (2 * step), b + (2 * bStride));
            Six<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a0, a1, a2, a3, a4, a5, k + (3 * step), b + (3 * bStride));
        }

        for (; depth > 0; depth--, b += bStride, k += step)
            Six<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51, a0, a1, a2, a3, a4, a5, k, b);
    }

    /// <summary>As <see cref="Six{TVec, TStep}"/>, for four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four<TVec, TStep>(
        ref TVec c00, ref TVec c01, ref TVec c10, ref TVec c11, ref TVec c20, ref TVec c21, ref TVec c30, ref TVec c31,
        float* a0, float* a1, float* a2, float* a3, long k, long step, float* b, long bStride, int depth)
        where TVec : struct, IVec<TVec>
        where TStep : struct, ITileStep
    {
        if (TStep.Value != 0)
            step = TStep.Value;
        for (; depth >= 4; depth -= 4, b += 4 * bStride, k += 4 * step)
        {
            Four<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, a0, a1, a2, a3, k, b);
            Four<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, a0, a1, a2, a3, k + step, b + bStride);
            Four<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, a0, a1, a2, a3, k + (2 * step), b + (2 * bStride));
            Four<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, a0, a1, a2, a3, k + (3 * step), b + (3 * bStride));
        }

        for (; depth > 0; depth--, b += bStride, k += step)
            Four<TVec>(ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, a0, a1, a2, a3, k, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Six<TVec>(
        ref TVec c00, ref TVec c01, ref TVec c10, ref TVec c11, ref TVec c20, ref TVec c21, ref TVec c30, ref TVec c31, ref TVec c40, ref TVec c41, ref TVec c50, ref TVec c51,
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, long k, float* b)
        where TVec : struct, IVec<TVec>
    {
        TVec b0 = TVec.Load(b), b1 = TVec.Load(b + TVec.Count);
        Row(ref c00, ref c01, a0[k], b0, b1);
        Row(ref c10, ref c11, a1[k], b0, b1);
        Row(ref c20, ref c21, a2[k], b0, b1);
        Row(ref c30, ref c31, a3[k], b0, b1);
        Row(ref c40, ref c41, a4[k], b0, b1);
        Row(ref c50, ref c51, a5[k], b0, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TVec>(
        ref TVec c00, ref TVec c01, ref TVec c10, ref TVec c11, ref TVec c20, ref TVec c21, ref TVec c30, ref TVec c31,
        float* a0, float* a1, float* a2, float* a3, long k, float* b)
        where TVec : struct, IVec<TVec>
    {
        TVec b0 = TVec.Load(b), b1 = TVec.Load(b + TVec.Count);
        Row(ref c00, ref c01, a0[k], b0, b1);
        Row(ref c10, ref c11, a1[k], b0, b1);
        Row(ref c20, ref c21, a2[k], b0, b1);
        Row(ref c30, ref c31, a3[k], b0, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TVec>(ref TVec low, ref TVec high, float a, TVec b0, TVec b1)
        where TVec : struct, IVec<TVec>
    {
        var x = TVec.Broadcast(a);
        TVec.AddProduct(ref low, x, b0);
        TVec.AddProduct(ref high, x, b1);
    }
}
