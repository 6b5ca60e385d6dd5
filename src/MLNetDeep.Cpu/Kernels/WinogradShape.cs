using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// A convolution as <see cref="ConvWinograd"/> sees it: y from x, or x's gradient from y's, with 3x3 taps and no strides; or with 4x4 to 6x6 taps and
/// strides of 2, which are four convolutions of half as many taps each way without strides, on every other row and column: of x. The four parts
/// of x are summed into y; of x's gradient each is a result of its own.
/// </summary>
internal struct WinogradShape
{
    public int Batch;

    /// <summary>Sizes of the source.</summary>
    public int Height, Width, Depth;

    /// <summary>Sizes of the target.</summary>
    public int OutHeight, OutWidth, Columns;

    /// <summary>Rows and columns of a tile of the target: 2 or 4.</summary>
    public int Tile;

    /// <summary>Taps each way of a convolution without strides, 2 or 3, and of the whole.</summary>
    public int Taps, Kernel;

    /// <summary>Rows and columns between windows: 1 or 2.</summary>
    public int Stride;

    /// <summary>Rows of zeros above and columns of zeros left of x.</summary>
    public int PadTop, PadLeft;

    /// <summary>Whether w is used with its taps in reverse order, from filters to channels.</summary>
    public bool Backward;

    /// <summary>Tiles from left to right of a part of the target, and all of them.</summary>
    public int TilesX, ImageTiles;

    public static WinogradShape Forward(in ConvShape s, int tile) => WithTiles(new()
    {
        Tile = tile,
        Taps = TapsOf(s),
        Kernel = s.KernelHeight,
        Stride = s.StrideH,
        Batch = s.Batch,
        Height = s.Height,
        Width = s.Width,
        Depth = s.Channels,
        OutHeight = s.OutHeight,
        OutWidth = s.OutWidth,
        Columns = s.Filters,
        PadTop = s.PadTop,
        PadLeft = s.PadLeft,
    });

    public static WinogradShape BackwardInput(in ConvShape s, int tile) => WithTiles(Forward(s, tile) with
    {
        Height = s.OutHeight,
        Width = s.OutWidth,
        Depth = s.Filters,
        OutHeight = s.Height,
        OutWidth = s.Width,
        Columns = s.Channels,
        Backward = true,
    });

    /// <summary>Taps each way of the convolutions without strides that a convolution consists of.</summary>
    public static int TapsOf(in ConvShape s) => (s.KernelHeight + s.StrideH - 1) / s.StrideH;

    /// <summary>Parts of x: every so-manieth row and column.</summary>
    public readonly int Phases => Stride * Stride;

    /// <summary>Parts of the source that are summed.</summary>
    public readonly int SourcePhases => Backward ? 1 : Phases;

    /// <summary>Parts of the target that are computed each on its own.</summary>
    public readonly int TargetPhases => Backward ? Phases : 1;

    /// <summary>Products in a sum.</summary>
    public readonly int FullDepth => SourcePhases * Depth;

    /// <summary>Whether the weights' points are so many that they fill a cache.</summary>
    public readonly bool IsGreat => (long)TargetPhases * Points * FullDepth * Columns >= 1 << 18;

    /// <summary>Rows and columns of a tile of the source.</summary>
    public readonly int SourceTile => Tile + Taps - 1;

    /// <summary>Points of a tile.</summary>
    public readonly int Points => SourceTile * SourceTile;

    /// <summary>Parts of the target that are computed from the same points of the source: all of them, or each has its own.</summary>
    public readonly int PhasesTogether => Backward && TargetRows(0).Source == TargetRows(Phases - 1).Source && TargetColumns(0).Source == TargetColumns(Phases - 1).Source ? Phases : 1;

    /// <summary>Rows of a part of the target.</summary>
    public readonly WinogradSpan TargetRows(int phase) => TargetSpan(phase / Stride, OutHeight, PadTop);

    /// <summary>Columns of a part of the target.</summary>
    public readonly WinogradSpan TargetColumns(int phase) => TargetSpan(phase % Stride, OutWidth, PadLeft);

    private readonly WinogradSpan TargetSpan(int phase, int length, int pad)
    {
        if (!Backward)
            return new(0, 0, length, -pad);
        int first = FirstOf(phase, pad), count = CountOf(first, length), origin = (first + pad) / Stride;

        // Parts that need no more tiles for it begin together: they have the points of the source in common.
        int common = OriginOf(pad);
        if (Grid(length, pad) > LongestOf(length, pad))
            return new(first, origin - common, count, common - Taps + 1);
        return new(first, 0, count, origin - Taps + 1);
    }

    /// <summary>Writes a source tile's points, for some channels.</summary>
    /// <param name="x">The source's first channel.</param>
    /// <param name="image">Number of the image.</param>
    /// <param name="top">First row of the source, before the strides' part of it is taken.</param>
    /// <param name="left">First column.</param>
    /// <param name="phase">Part of the source.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="edge"><see cref="Points"/> times as many floats rounded up to 16, for tiles that are partly outside.</param>
    /// <param name="target">First point.</param>
    /// <param name="pointStride">Floats from a point to the next.</param>
    /// <param name="panelStride">Floats from two vectors of channels to the next two.</param>
    public readonly unsafe void Input<TVec>(float* x, int image, int top, int left, int phase, int channels, float* edge, float* target, long pointStride, long panelStride)
        where TVec : struct, IVec<TVec>
    {
        int step = Backward ? 1 : Stride;
        top += phase / step;
        left += phase % step;
        x += (long)image * Height * Width * Depth;
        float* from = Find<TVec>(x, Height, Width, Depth, top, left, step, SourceTile, channels, edge, out long rowStride, out long columnStride);
        if (Taps == 2)
            WinogradTransform4By2.Input<TVec>(from, rowStride, columnStride, channels, target, pointStride, panelStride);
        else if (Tile == 2)
            WinogradTransform2.Input<TVec>(from, rowStride, columnStride, channels, target, pointStride, panelStride);
        else
            WinogradTransform4.Input<TVec>(from, rowStride, columnStride, channels, target, pointStride, panelStride);
    }

    /// <summary>Writes the points of a tile of the gradient of a forward pass's target, for all channels.</summary>
    public readonly unsafe void Gradient<TVec>(float* dy, int image, int tile, float* edge, float* target, long pointStride, long panelStride)
        where TVec : struct, IVec<TVec>
    {
        int top = tile / TilesX * Tile, left = tile % TilesX * Tile;
        dy += (long)image * OutHeight * OutWidth * Columns;
        float* from = Find<TVec>(dy, OutHeight, OutWidth, Columns, top, left, 1, Tile, Columns, edge, out long rowStride, out long columnStride);
        if (Taps == 2)
            WinogradTransform4By2.Gradient<TVec>(from, rowStride, columnStride, Columns, target, pointStride, panelStride);
        else if (Tile == 2)
            WinogradTransform2.Gradient<TVec>(from, rowStride, columnStride, Columns, target, pointStride, panelStride);
        else
            WinogradTransform4.Gradient<TVec>(from, rowStride, columnStride, Columns, target, pointStride, panelStride);
    }

    /// <summary>Makes pixels of the target of a tile's points: its first rows and columns.</summary>
    public readonly unsafe void Output<TVec>(
        float* source, long pointStride, int channels, float* target, long rowStride, long columnStride, int rows, int columns, float* bias, int flags)
        where TVec : struct, IVec<TVec>
    {
        if (Taps == 2)
            WinogradTransform4By2.Output<TVec>(source, pointStride, channels, target, rowStride, columnStride, rows, columns, bias, flags);
        else if (Tile == 2)
            WinogradTransform2.Output<TVec>(source, pointStride, channels, target, rowStride, columnStride, rows, columns, bias, flags);
        else
            WinogradTransform4.Output<TVec>(source, pointStride, channels, target, rowStride, columnStride, rows, columns, bias, flags);
    }

    /// <summary>Makes points of some columns of weights, taps that follow one another.</summary>
    public readonly unsafe void Weights<TVec>(float* source, long tapStride, int filters, int width, float* target, long pointStride)
        where TVec : struct, IVec<TVec>
    {
        if (Taps == 2)
            WinogradTransform4By2.Weights<TVec>(source, tapStride, filters, width, target, pointStride);
        else if (Tile == 2)
            WinogradTransform2.Weights<TVec>(source, tapStride, filters, width, target, pointStride);
        else
            WinogradTransform4.Weights<TVec>(source, tapStride, filters, width, target, pointStride);
    }

    /// <summary>Makes taps of the points of some columns of the gradient of weights.</summary>
    public readonly unsafe void WeightsGradient<TVec>(float* source, long pointStride, int filters, float* target, long tapStride)
        where TVec : struct, IVec<TVec>
    {
        if (Taps == 2)
            WinogradTransform4By2.WeightsGradient<TVec>(source, pointStride, filters, target, tapStride);
        else if (Tile == 2)
            WinogradTransform2.WeightsGradient<TVec>(source, pointStride, filters, target, tapStride);
        else
            WinogradTransform4.WeightsGradient<TVec>(source, pointStride, filters, target, tapStride);
    }

    /// <summary>Number of a tap of a phase's convolution among all, or -1 if it is one too many: a phase may have fewer taps.</summary>
    public readonly int TapOf(int phase, int tap)
    {
        int y = (tap / Taps * Stride) + (phase / Stride), x = (tap % Taps * Stride) + (phase % Stride);
        return y < Kernel && x < Kernel ? (y * Kernel) + x : -1;
    }

    private static WinogradShape WithTiles(WinogradShape s)
    {
        s.TilesX = (s.Grid(s.OutWidth, s.PadLeft) + s.Tile - 1) / s.Tile;
        s.ImageTiles = s.TilesX * ((s.Grid(s.OutHeight, s.PadTop) + s.Tile - 1) / s.Tile);
        return s;
    }

    // The first row of the target of a phase.
    private readonly int FirstOf(int phase, int pad) => (((phase - pad) % Stride) + Stride) % Stride;

    private readonly int CountOf(int first, int length) => Math.Max(0, (length - first + Stride - 1) / Stride);

    private readonly int LongestOf(int length, int pad) => Math.Max(CountOf(FirstOf(0, pad), length), CountOf(FirstOf(Stride - 1, pad), length));

    // The first row of the tiles that all phases have in common.
    private readonly int OriginOf(int pad) => Math.Min((FirstOf(0, pad) + pad) / Stride, (FirstOf(Stride - 1, pad) + pad) / Stride);

    // Rows of tiles that hold a part of the target: of all parts together, if that makes no more tiles.
    private readonly int Grid(int length, int pad)
    {
        if (!Backward)
            return length;
        int longest = LongestOf(length, pad), end = 0;
        for (int phase = 0; phase < Stride; phase++)
        {
            int first = FirstOf(phase, pad);
            end = Math.Max(end, ((first + pad) / Stride) + CountOf(first, length));
        }

        int together = end - OriginOf(pad);
        return (together + Tile - 1) / Tile > (longest + Tile - 1) / Tile ? longest : together;
    }

    /// <summary>Finds a tile of an image; if it is partly outside, in a copy with zeros there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe float* Find<TVec>(
        float* image, int height, int width, int depth, int top, int left, int step, int size, int channels, float* edge,
        out long rowStride, out long columnStride)
        where TVec : struct, IVec<TVec>
    {
        int span = ((size - 1) * step) + 1;
        if (top >= 0 && left >= 0 && top + span <= height && left + span <= width)
        {
            rowStride = (long)step * width * depth;
            columnStride = (long)step * depth;
            return image + ((((long)top * width) + left) * depth);
        }

        float* from = edge;
        columnStride = (channels + 15) / 16 * 16;
        rowStride = size * columnStride;
        for (int i = 0; i < size; i++, edge += rowStride)
        {
            int y = top + (i * step);
            bool inside = (uint)y < (uint)height;
            for (int j = 0; j < size; j++)
            {
                int x = left + (j * step);
                float* to = edge + (j * columnStride);
                if (inside && (uint)x < (uint)width)
                    Copy<TVec>(image + ((((long)y * width) + x) * depth), channels, to);
                else
                    Clear<TVec>(columnStride, to);
            }
        }

        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Copy<TVec>(float* source, int count, float* target)
        where TVec : struct, IVec<TVec>
    {
        for (int i = 0; i < count; i += TVec.Count)
            VecTail.Load<TVec>(source + i, count - i).Store(target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Clear<TVec>(long count, float* target)
        where TVec : struct, IVec<TVec>
    {
        for (long i = 0; i < count; i += TVec.Count)
            TVec.Zero.Store(target + i);
    }
}
