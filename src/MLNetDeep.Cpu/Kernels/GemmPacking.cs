using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Copies parts of a matrix into panels that a micro-kernel reads in order: <c>panel[k * width + i]</c>.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>Panel from <c>source[k * stride + i]</c>; the places from <paramref name="valid"/> on become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Straight<TVec>(float* source, long stride, int depth, int valid, int width, float* panel)
        where TVec : struct, IVec<TVec>
    {
        if (valid == width && width == 2 * TVec.Count)
        {
            for (int k = 0; k < depth; k++, source += stride, panel += width)
            {
                var low = TVec.Load(source);
                var high = TVec.Load(source + TVec.Count);
                low.Store(panel);
                high.Store(panel + TVec.Count);
            }
        }
        else if (valid == width && width == 6)
        {
            for (int k = 0; k < depth; k++, source += stride, panel += 6)
            {
                var four = Vec128.Load(source);
                long two = *(long*)(source + 4);
                four.Store(panel);
                *(long*)(panel + 4) = two;
            }
        }
        else
        {
            for (int k = 0; k < depth; k++, source += stride, panel += width)
            {
                for (int i = 0; i < width; i += 4)
                {
                    int rest = width - i;
                    var four = Vec128.LoadPartial(source + i, Math.Clamp(valid - i, 0, 4));
                    if (rest >= 4)
                        four.Store(panel + i);
                    else
                        four.StorePartial(panel + i, rest);
                }
            }
        }
    }

    /// <summary>Panel from <c>source[i * stride + k]</c>; the places from <paramref name="valid"/> on become 0.</summary>
    public static void Transposed(float* source, long stride, int depth, int valid, int width, float* panel)
    {
        Transposition.Any(source, stride, panel, width, valid, depth);
        if (valid == width)
            return;
        for (int k = 0; k < depth; k++)
        {
            for (int i = valid; i < width; i++)
                panel[((long)k * width) + i] = 0;
        }
    }
}
