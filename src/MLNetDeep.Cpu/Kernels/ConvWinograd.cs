using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// 3x3 convolutions without strides by Winograd's F(4x4, 3x3) or F(2x2, 3x3): tiles of the source become 36 or 16 points, each a matrix
/// product of its own with the points of the weights, and those become tiles of the target. A quarter of the products, or 4 of 9.
/// </summary>
internal static unsafe class ConvWinograd
{
    /// <summary>Floats of the points of the tiles that a thread works on at a time, about; they stay in the second-level cache.</summary>
    private const int BlockMost = 1 << 16;

    private const int TilesLeast = 24, TilesMost = 96;

    /// <summary>Deepest panel of weights that is worked on at a time.</summary>
    private const int DepthMost = 384;

    /// <summary>Multiply-adds, after the saving, that are not worth another thread.</summary>
    private const long SerialWork = 200_000;

    /// <summary>Floats between points are not a multiple of a page, which would put all of them into one set of the cache.</summary>
    private const int Skew = 16;

    /// <summary>Whether this way can be gone.</summary>
    public static bool Takes(in ConvShape s)
        => s.KernelHeight == 3 && s.KernelWidth == 3 && s.StrideH == 1 && s.StrideW == 1 && s.DilationH == 1 && s.DilationW == 1
            && s.Groups == 1 && s.PadTop <= 2 && s.PadLeft <= 2;

    /// <summary>
    /// An estimate of processor cycles for an image, in vectors of 8, to compare with <see cref="ConvDirect.Cost"/>. The batch has no
    /// part in it, so an image's result does not depend on its company.
    /// </summary>
    public static double Cost(in ConvShape s, int tile)
    {
        var shape = WinogradShape.Forward(s, tile);
        double columns = Up(s.Filters, 16) / 16, transforms = tile == 2 ? (5 * Up(s.Channels, 8)) + (4 * Up(s.Filters, 8)) : (14 * Up(s.Channels, 8)) + (12 * Up(s.Filters, 8));
        return shape.ImageTiles * ((shape.Points * s.Channels * columns * 1.3) + transforms);
    }

    public static long WorkspaceSize(in WinogradShape s, int threads)
        => WeightsSize(s) + (s.Backward ? Up(9L * s.Depth * s.Columns, 16) : 0) + (threads * BlockSize(s));

    public static void Run(WorkerPool pool, WinogradShape s, float* source, float* w, float* target, float* bias, bool relu, float* workspace)
    {
        if (s.Batch == 0 || s.ImageTiles <= 0)
            return;
        int width = 2 * (int)CpuFeatures.Width;
        float* points = workspace;
        workspace += WeightsSize(s);
        if (s.Backward)
        {
            var turning = new TurnBody { Shape = s, W = w, Turned = workspace };
            pool.For(9, s.Depth * s.Columns < 8192 ? 9 : 1, ref turning);
            w = workspace;
            workspace += Up(9L * s.Depth * s.Columns, 16);
        }

        var weights = new WeightsBody { Shape = s, W = w, Points = points, PointStride = WeightsStride(s, width) };
        pool.ForVec(s.Depth, Math.Max(1, 1024 / s.Columns), ref weights);

        long tiles = (long)s.Batch * s.ImageTiles;
        int panels = (s.Columns + width - 1) / width;
        int most = BlockTiles(s);
        bool serial = tiles * s.Points * s.Depth * s.Columns <= SerialWork || pool.Threads == 1;
        if (!serial)
            most = (int)Math.Clamp(Up((tiles + (4 * pool.Threads) - 1) / (4 * pool.Threads), 6), 6, most);
        int blocks = (int)((tiles + most - 1) / most);

        // Few tiles: threads share the columns and each makes the points of all tiles for itself.
        int across = serial ? 1 : Math.Clamp(2 * pool.Threads / blocks, 1, panels);
        var body = new Body
        {
            Shape = s,
            X = source,
            Weights = points,
            WeightsStride = weights.PointStride,
            Y = target,
            Bias = bias,
            Flags = relu ? GemmTile.Relu : 0,
            Tiles = tiles,
            Most = most,
            Across = across,
            Scratch = workspace,
            ScratchSize = BlockSize(s),
        };
        pool.ForVec(blocks * across, serial ? blocks * across : 1, ref body);
    }

    /// <summary>Most tiles that a thread works on at a time.</summary>
    private static int BlockTiles(in WinogradShape s)
    {
        long channels = Up(s.Depth, 16) + Up(s.Columns, 32);

        // Every block reads all weights. Where these are more than the points, blocks that are too large for the cache
        // cost less.
        long repaid = (long)s.Depth * s.Columns * 3 / 4 / channels;
        return (int)Math.Clamp(Math.Max(BlockMost / (s.Points * channels), repaid) / 6 * 6, TilesLeast, TilesMost);
    }

    private static long BlockSize(in WinogradShape s)
    {
        long depth = Up(s.Depth, 16), columns = Up(s.Columns, 32);
        return (s.Points * ((BlockTiles(s) * (depth + columns)) + (2 * Skew))) + (s.Points * depth) + Up(4 * (TilesMost + ConvTile.Spare), 16);
    }

    private static long WeightsStride(in WinogradShape s, int width) => (Up(s.Columns, width) * s.Depth) + Skew;

    private static long WeightsSize(in WinogradShape s) => Up(s.Points * WeightsStride(s, 32), 16);

    private static long Up(long value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>Weights from filters to channels; an item is a tap.</summary>
    private struct TurnBody : IRangeBody
    {
        public WinogradShape Shape;
        public float* W, Turned;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            long size = (long)Shape.Depth * Shape.Columns;
            for (int tap = begin; tap < end; tap++)
                GemmPacking.Transposed(W + (tap * size), Shape.Depth, Shape.Depth, Shape.Columns, Shape.Columns, Turned + (tap * size));
        }
    }

    /// <summary>Points of the weights in panels; an item is a row of every tap.</summary>
    private struct WeightsBody : IVecRangeBody
    {
        public WinogradShape Shape;
        public float* W, Points;
        public long PointStride;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            long tap = (long)Shape.Depth * Shape.Columns;
            for (int k = begin; k < end; k++)
            {
                for (int column = 0; column < Shape.Columns; column += width)
                {
                    float* from = W + ((long)k * Shape.Columns) + column + (Shape.Backward ? 8 * tap : 0);
                    float* to = Points + ((long)column * Shape.Depth) + (k * width);
                    if (Shape.Tile == 2)
                        WinogradTransform2.Weights<TVec>(from, Shape.Backward ? -tap : tap, Shape.Columns - column, width, to, PointStride);
                    else
                        WinogradTransform4.Weights<TVec>(from, Shape.Backward ? -tap : tap, Shape.Columns - column, width, to, PointStride);
                }
            }
        }
    }

    /// <summary>An item is a block of tiles and a part of the panels.</summary>
    private struct Body : IVecRangeBody
    {
        public WinogradShape Shape;
        public float* X, Weights, Y, Bias, Scratch;
        public long WeightsStride, Tiles, ScratchSize;
        public int Flags, Most, Across;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            int panels = (Shape.Columns + width - 1) / width;
            for (int i = begin; i < end; i++)
            {
                int share = i % Across;
                long first = (long)(i / Across) * Most;
                Block<TVec>(
                    first,
                    (int)Math.Min(Most, Tiles - first),
                    (int)((long)panels * share / Across) * width,
                    Math.Min(Shape.Columns, (int)((long)panels * (share + 1) / Across) * width),
                    Scratch + (worker * ScratchSize));
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Block<TVec>(long first, int count, int columnBegin, int columnEnd, float* scratch)
            where TVec : struct, IVec<TVec>
        {
            int depth = (int)Up(Shape.Depth, 16), width = ConvTile.Columns<TVec>(), columns = (int)Up(columnEnd - columnBegin, width);
            long sourceStride = ((long)count * depth) + Skew, targetStride = ((long)count * columns) + Skew;
            float* sources = scratch;
            float* targets = sources + (Shape.Points * sourceStride);
            float* edge = targets + (Shape.Points * targetStride);
            int image = (int)(first / Shape.ImageTiles), tile = (int)(first % Shape.ImageTiles);
            for (int i = 0; i < count; i++)
            {
                Shape.Input<TVec>(X, image, tile, Shape.Depth, edge, sources + ((long)i * depth), sourceStride);
                Next(ref image, ref tile);
            }

            long* at = (long*)(edge + (Shape.Points * depth));
            long* to = at + TilesMost + ConvTile.Spare;
            for (int i = 0; i < count + ConvTile.Spare; i++)
            {
                at[i] = (long)Math.Min(i, count - 1) * depth;
                to[i] = (long)i * columns;
            }

            for (int point = 0; point < Shape.Points; point++)
                Product<TVec>(sources + (point * sourceStride), at, count, point, columnBegin, columns, targets + (point * targetStride), to);

            image = (int)(first / Shape.ImageTiles);
            tile = (int)(first % Shape.ImageTiles);
            float* bias = Bias == null ? null : Bias + columnBegin;
            for (int i = 0; i < count; i++)
            {
                int y = tile / Shape.TilesX * Shape.Tile, x = tile % Shape.TilesX * Shape.Tile;
                int tileRows = Math.Min(Shape.Tile, Shape.OutHeight - y), tileColumns = Math.Min(Shape.Tile, Shape.OutWidth - x);
                float* from = targets + ((long)i * columns);
                float* into = Y + ((((((long)image * Shape.OutHeight) + y) * Shape.OutWidth) + x) * Shape.Columns) + columnBegin;
                long rowStride = (long)Shape.OutWidth * Shape.Columns;
                if (Shape.Tile == 2)
                    WinogradTransform2.Output<TVec>(from, targetStride, columnEnd - columnBegin, into, rowStride, Shape.Columns, tileRows, tileColumns, bias, Flags);
                else
                    WinogradTransform4.Output<TVec>(from, targetStride, columnEnd - columnBegin, into, rowStride, Shape.Columns, tileRows, tileColumns, bias, Flags);
                Next(ref image, ref tile);
            }
        }

        /// <summary>One point of all tiles times that of the weights.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Product<TVec>(float* a, long* at, int rows, int point, int columnBegin, int columns, float* c, long* to)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            for (int column = 0; column < columns; column += width)
            {
                float* panel = Weights + (point * WeightsStride) + ((long)(columnBegin + column) * Shape.Depth);
                for (int k = 0; k < Shape.Depth; k += DepthMost)
                {
                    int depth = Math.Min(DepthMost, Shape.Depth - k);
                    float* b = panel + ((long)k * width);
                    int flags = k > 0 ? GemmTile.Add : 0;
                    long run = k;
                    ConvTile.Run<TVec>(a, at, &run, 1, depth, 1, b, width, c + column, to, rows, width, null, flags);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Next(ref int image, ref int tile)
        {
            if (++tile == Shape.ImageTiles)
            {
                tile = 0;
                image++;
            }
        }
    }
}
