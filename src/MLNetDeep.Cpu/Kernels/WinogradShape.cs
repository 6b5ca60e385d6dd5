using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// A 3x3 convolution without strides as <see cref="ConvWinograd"/> sees it: y from x, or x's gradient from y's.
/// </summary>
internal struct WinogradShape
{
    public int Batch;

    /// <summary>Sizes of the source.</summary>
    public int Height, Width, Depth;

    /// <summary>Sizes of the target.</summary>
    public int OutHeight, OutWidth, Columns;

    /// <summary>Rows of zeros above and columns of zeros left of the source.</summary>
    public int PadY, PadX;

    /// <summary>Rows and columns of a tile of the target: 2 or 4.</summary>
    public int Tile;

    /// <summary>Whether w is used with its taps in reverse order, from filters to channels.</summary>
    public bool Backward;

    public static WinogradShape Forward(in ConvShape s, int tile) => new()
    {
        Tile = tile,
        Batch = s.Batch,
        Height = s.Height,
        Width = s.Width,
        Depth = s.Channels,
        OutHeight = s.OutHeight,
        OutWidth = s.OutWidth,
        Columns = s.Filters,
        PadY = s.PadTop,
        PadX = s.PadLeft,
    };

    public static WinogradShape BackwardInput(in ConvShape s, int tile) => new()
    {
        Tile = tile,
        Batch = s.Batch,
        Height = s.OutHeight,
        Width = s.OutWidth,
        Depth = s.Filters,
        OutHeight = s.Height,
        OutWidth = s.Width,
        Columns = s.Channels,
        PadY = 2 - s.PadTop,
        PadX = 2 - s.PadLeft,
        Backward = true,
    };

    /// <summary>Rows and columns of a tile of the source.</summary>
    public readonly int SourceTile => Tile + 2;

    /// <summary>Points of a tile.</summary>
    public readonly int Points => SourceTile * SourceTile;

    /// <summary>Tiles from left to right.</summary>
    public readonly int TilesX => (OutWidth + Tile - 1) / Tile;

    /// <summary>Tiles of an image.</summary>
    public readonly int ImageTiles => TilesX * ((OutHeight + Tile - 1) / Tile);

    /// <summary>Writes a source tile's points, for some channels.</summary>
    /// <param name="x">The source's first channel.</param>
    /// <param name="image">Number of the image.</param>
    /// <param name="tile">Number of the tile in the image.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="edge"><see cref="Points"/> times as many floats rounded up to 16, for tiles that are partly outside.</param>
    /// <param name="target">First point.</param>
    /// <param name="pointStride">Floats from a point to the next.</param>
    public readonly unsafe void Input<TVec>(float* x, int image, int tile, int channels, float* edge, float* target, long pointStride)
        where TVec : struct, IVec<TVec>
    {
        int top = (tile / TilesX * Tile) - PadY, left = (tile % TilesX * Tile) - PadX;
        x += (long)image * Height * Width * Depth;
        float* from = Find<TVec>(x, Height, Width, Depth, top, left, SourceTile, channels, edge, out long rowStride, out long columnStride);
        if (Tile == 2)
            WinogradTransform2.Input<TVec>(from, rowStride, columnStride, channels, target, pointStride);
        else
            WinogradTransform4.Input<TVec>(from, rowStride, columnStride, channels, target, pointStride);
    }

    /// <summary>Writes the points of a tile of the target's gradient, for all channels.</summary>
    public readonly unsafe void Gradient<TVec>(float* dy, int image, int tile, float* edge, float* target, long pointStride)
        where TVec : struct, IVec<TVec>
    {
        int top = tile / TilesX * Tile, left = tile % TilesX * Tile;
        dy += (long)image * OutHeight * OutWidth * Columns;
        float* from = Find<TVec>(dy, OutHeight, OutWidth, Columns, top, left, Tile, Columns, edge, out long rowStride, out long columnStride);
        if (Tile == 2)
            WinogradTransform2.Gradient<TVec>(from, rowStride, columnStride, Columns, target, pointStride);
        else
            WinogradTransform4.Gradient<TVec>(from, rowStride, columnStride, Columns, target, pointStride);
    }

    /// <summary>Finds a tile of an image; if it is partly outside, in a copy with zeros there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe float* Find<TVec>(
        float* image, int height, int width, int depth, int top, int left, int size, int channels, float* edge,
        out long rowStride, out long columnStride)
        where TVec : struct, IVec<TVec>
    {
        if (top >= 0 && left >= 0 && top + size <= height && left + size <= width)
        {
            rowStride = (long)width * depth;
            columnStride = depth;
            return image + ((((long)top * width) + left) * depth);
        }

        float* from = edge;
        columnStride = (channels + 15) / 16 * 16;
        rowStride = size * columnStride;
        int first = Math.Clamp(-left, 0, size), limit = Math.Clamp(width - left, first, size);
        for (int y = top; y < top + size; y++, edge += rowStride)
        {
            bool inside = (uint)y < (uint)height;
            float* source = image + ((((long)y * width) + left) * depth);
            for (int x = 0; x < size; x++)
            {
                float* to = edge + (x * columnStride);
                if (inside && x >= first && x < limit)
                    Copy<TVec>(source + ((long)x * depth), channels, to);
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
