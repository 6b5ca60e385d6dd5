using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Copies parts of a matrix into panels that a micro-kernel reads in order: <c>panel[k * width + i]</c>.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>Panel from <c>source[k * stride + i]</c>; the places from <paramref name="valid"/> on become 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>
    /// As many panels, one after the other, as hold <paramref name="valid"/> places: as <see cref="Straight"/> for each,
    /// but reading whole rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void StraightPanels<TVec>(float* source, long stride, int depth, int valid, int width, float* panels)
        where TVec : struct, IVec<TVec>
    {
        long panelSize = (long)width * depth;
        int whole = valid / width;
        if (width is 6 or 12)
        {
            for (int k = 0; k < depth; k++)
            {
                float* from = source + (k * stride);
                float* to = panels + (k * width);
                for (int i = 0; i < whole; i++, from += width, to += panelSize)
                {
                    if (width == 6)
                    {
                        var four = Vec128.Load(from);
                        long two = *(long*)(from + 4);
                        four.Store(to);
                        *(long*)(to + 4) = two;
                    }
                    else
                    {
                        var low = Vec128.Load(from);
                        var middle = Vec128.Load(from + 4);
                        var high = Vec128.Load(from + 8);
                        low.Store(to);
                        middle.Store(to + 4);
                        high.Store(to + 8);
                    }
                }
            }
        }
        else
        {
            whole = 0;
        }

        for (int i = whole * width; i < valid; i += width)
            Straight<TVec>(source + i, stride, depth, Math.Min(width, valid - i), width, panels + (i / width * panelSize));
    }

    /// <summary>Panel from <c>source[i * stride + k]</c>; the places from <paramref name="valid"/> on become 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
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
