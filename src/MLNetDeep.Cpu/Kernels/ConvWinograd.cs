using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Convolutions by Winograd's F(4x4, 3x3) or F(2x2, 3x3): tiles of the source become 36 or 16 points, each a matrix
/// product of its own with the points of the weights, and those become tiles of the target. A quarter of the products, or 4 of 9.
/// With strides of 2, each of the four parts (<see cref="WinogradShape"/>) in this way, if they have 2x2 taps by F(4x4, 2x2) with 25 points: 25 of 64.
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
    public static bool Takes(in ConvShape s, int tile)
        => s.KernelHeight == s.KernelWidth && s.StrideH == s.StrideW && s.DilationH == 1 && s.DilationW == 1 && s.Groups == 1
            && (s.StrideH == 1 ? s.KernelHeight == 3 : s.StrideH == 2 && s.KernelHeight is >= 4 and <= 6)
            && s.PadTop < s.KernelHeight && s.PadLeft < s.KernelHeight && (tile == 4 || WinogradShape.TapsOf(s) == 3);

    /// <summary>
    /// An estimate of processor cycles for an image, in vectors of 8, to compare with <see cref="ConvDirect.Cost"/>. The batch has no
    /// part in it, so an image's result does not depend on its company.
    /// </summary>
    public static double Cost(in ConvShape s, int tile)
    {
        var shape = WinogradShape.Forward(s, tile);
        double columns = Up(s.Filters, 16) / 16, channels = shape.Phases * Up(s.Channels, 8), filters = Up(s.Filters, 8);
        double transforms = shape.Taps == 2 ? (10 * channels) + (9 * filters) : tile == 2 ? (5 * channels) + (4 * filters) : (14 * channels) + (12 * filters);
        return shape.ImageTiles * ((shape.Points * shape.FullDepth * columns * 1.3) + transforms);
    }

    /// <summary>Floats of the points of the weights.</summary>
    public static long WeightsSize(in WinogradShape s) => Up(s.TargetPhases * s.Points * WeightsStride(s, 32), 16);

    /// <summary>Floats of workspace that <see cref="Pack"/> needs.</summary>
    public static long PackWorkspaceSize(in WinogradShape s) => s.Backward ? Up((long)s.Kernel * s.Kernel * s.Depth * s.Columns, 16) : 0;

    /// <summary>Floats of workspace beside the points of the weights.</summary>
    public static long WorkspaceSize(in WinogradShape s, int threads) => threads * BlockSize(s);

    /// <summary>Makes the points of the weights.</summary>
    public static void Pack(WorkerPool pool, WinogradShape s, float* w, float* points, float* workspace)
    {
        int width = 2 * (int)CpuFeatures.Width;
        if (s.Backward)
        {
            var turning = new TurnBody { Shape = s, W = w, Turned = workspace };
            int taps = s.Kernel * s.Kernel;
            pool.For(taps, s.Depth * s.Columns < 8192 ? taps : 1, ref turning);
            w = workspace;
        }

        var weights = new WeightsBody { Shape = s, W = w, Points = points, PointStride = WeightsStride(s, width) };
        pool.ForVec(s.TargetPhases * s.FullDepth, Math.Max(1, 1024 / s.Columns), ref weights);
    }

    public static void Run(WorkerPool pool, WinogradShape s, float* source, float* points, float* target, float* bias, bool relu, float* workspace)
    {
        if (s.Batch == 0 || s.ImageTiles <= 0)
            return;
        int width = 2 * (int)CpuFeatures.Width;
        long tiles = (long)s.Batch * s.ImageTiles;
        int panels = (s.Columns + width - 1) / width;
        int most = BlockTiles(s);
        bool serial = tiles * s.TargetPhases * s.Points * s.FullDepth * s.Columns <= SerialWork || pool.Threads == 1;
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
            WeightsStride = WeightsStride(s, width),
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
        long channels = Up(s.FullDepth, 16) + Up(s.Columns, 32);

        // Every block reads all weights. Where these are more than the points, blocks that are too large for the cache
        // cost less.
        long repaid = (long)s.FullDepth * s.Columns * 3 / 4 / channels;
        return (int)Math.Clamp(Math.Max(BlockMost / (s.Points * channels), repaid) / 6 * 6, TilesLeast, TilesMost);
    }

    private static long BlockSize(in WinogradShape s)
    {
        long depth = Up(s.FullDepth, 16), columns = Up(s.Columns, 32);
        return (s.Points * ((BlockTiles(s) * (depth + columns)) + (2 * Skew))) + EdgeSize(s) + Up(4 * (TilesMost + ConvTile.Spare), 16);
    }

    /// <summary>Floats of a tile of the source or of the target.</summary>
    private static long EdgeSize(in WinogradShape s) => Math.Max(s.Points * Up(s.Depth, 16), s.Tile * s.Tile * Up(s.Columns, 32));

    private static long WeightsStride(in WinogradShape s, int width) => (Up(s.Columns, width) * s.FullDepth) + Skew;

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

    /// <summary>Points of the weights in panels; an item is a row of every tap of a part of the target.</summary>
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
            float* taps = stackalloc float[9 * width];
            for (int i = begin; i < end; i++)
            {
                int part = i / Shape.FullDepth, k = i % Shape.FullDepth;
                int phase = Shape.Backward ? part : k / Shape.Depth;
                for (int column = 0; column < Shape.Columns; column += width)
                {
                    float* from = W + ((long)(k % Shape.Depth) * Shape.Columns) + column;
                    float* to = Points + (part * Shape.Points * PointStride) + ((long)column * Shape.FullDepth) + (k * width);
                    int valid = Shape.Columns - column;
                    if (Shape.Stride == 1)
                    {
                        Shape.Weights<TVec>(from + (Shape.Backward ? 8 * tap : 0), Shape.Backward ? -tap : tap, valid, width, to, PointStride);
                        continue;
                    }

                    Collect<TVec>(from, phase, valid, taps);
                    Shape.Weights<TVec>(taps, width, width, width, to, PointStride);
                }
            }
        }

        /// <summary>The taps of a phase one after the other, zeros for those that it has not.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Collect<TVec>(float* from, int phase, int valid, float* taps)
            where TVec : struct, IVec<TVec>
        {
            int count = Shape.Taps * Shape.Taps;
            for (int i = 0; i < count; i++, taps += 2 * TVec.Count)
            {
                int tap = Shape.TapOf(phase, Shape.Backward ? count - 1 - i : i);
                float* row = from + ((long)tap * Shape.Depth * Shape.Columns);
                (tap < 0 ? TVec.Zero : VecTail.Load<TVec>(row, valid)).Store(taps);
                (tap < 0 || valid <= TVec.Count ? TVec.Zero : VecTail.Load<TVec>(row + TVec.Count, valid - TVec.Count)).Store(taps + TVec.Count);
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
            int depth = (int)Up(Shape.FullDepth, 16), width = ConvTile.Columns<TVec>(), columns = (int)Up(columnEnd - columnBegin, width);
            long sourceStride = ((long)count * depth) + Skew, targetStride = ((long)count * columns) + Skew;
            float* sources = scratch;
            float* targets = sources + (Shape.Points * sourceStride);
            float* edge = targets + (Shape.Points * targetStride);
            long* at = (long*)(edge + EdgeSize(Shape));
            long* to = at + TilesMost + ConvTile.Spare;
            for (int i = 0; i < count + ConvTile.Spare; i++)
            {
                at[i] = (long)Math.Min(i, count - 1) * depth;
                to[i] = (long)i * columns;
            }

            int top = 0, left = 0;
            for (int phase = 0; phase < Shape.TargetPhases; phase++)
            {
                WinogradSpan rows = Shape.TargetSpan(phase / Shape.Stride, Shape.OutHeight, Shape.PadTop);
                WinogradSpan across = Shape.TargetSpan(phase % Shape.Stride, Shape.OutWidth, Shape.PadLeft);
                if (phase == 0 || rows.Source != top || across.Source != left)
                    Inputs<TVec>(first, count, rows.Source, across.Source, edge, sources, depth, sourceStride);
                top = rows.Source;
                left = across.Source;
                for (int point = 0; point < Shape.Points; point++)
                {
                    Product<TVec>(
                        sources + (point * sourceStride), at, count, (phase * Shape.Points) + point, columnBegin, columns, targets + (point * targetStride), to);
                }

                Outputs<TVec>(first, count, rows, across, columnBegin, columnEnd, targets, columns, targetStride, edge);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Inputs<TVec>(long first, int count, int top, int left, float* edge, float* sources, int depth, long sourceStride)
            where TVec : struct, IVec<TVec>
        {
            int image = (int)(first / Shape.ImageTiles), tile = (int)(first % Shape.ImageTiles);
            int step = Shape.Tile * (Shape.Backward ? 1 : Shape.Stride);
            for (int i = 0; i < count; i++)
            {
                int y = (tile / Shape.TilesX * step) + top, x = (tile % Shape.TilesX * step) + left;

                // The zeros that fill up a part's last vector are overwritten by the next part.
                for (int phase = 0; phase < Shape.SourcePhases; phase++)
                    Shape.Input<TVec>(X, image, y, x, phase, Shape.Depth, edge, sources + ((long)i * depth) + ((long)phase * Shape.Depth), sourceStride);
                Next(ref image, ref tile);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Outputs<TVec>(
            long first, int count, WinogradSpan rows, WinogradSpan across, int columnBegin, int columnEnd, float* targets, int columns, long targetStride, float* edge)
            where TVec : struct, IVec<TVec>
        {
            int image = (int)(first / Shape.ImageTiles), tile = (int)(first % Shape.ImageTiles), step = Shape.Backward ? Shape.Stride : 1;
            int channels = columnEnd - columnBegin;
            float* bias = Bias == null ? null : Bias + columnBegin;
            long rowStride = (long)step * Shape.OutWidth * Shape.Columns, columnStride = (long)step * Shape.Columns;
            for (int i = 0; i < count; i++, Next(ref image, ref tile))
            {
                // Rows and columns of the part that come before this tile.
                int y = (tile / Shape.TilesX * Shape.Tile) - rows.Skip, x = (tile % Shape.TilesX * Shape.Tile) - across.Skip;
                int top = Math.Max(0, -y), bottom = Math.Min(Shape.Tile, rows.Count - y), left = Math.Max(0, -x), right = Math.Min(Shape.Tile, across.Count - x);
                if (top >= bottom || left >= right)
                    continue;
                float* from = targets + ((long)i * columns);
                long firstRow = ((long)image * Shape.OutHeight) + rows.First, firstColumn = across.First;
                float* into = Y + (((firstRow * Shape.OutWidth) + firstColumn) * Shape.Columns) + columnBegin + (y * rowStride) + (x * columnStride);
                if (top == 0 && left == 0)
                {
                    Shape.Output<TVec>(from, targetStride, channels, into, rowStride, columnStride, bottom, right, bias, Flags);
                    continue;
                }

                long edgeRow = (long)Shape.Tile * columns;
                Shape.Output<TVec>(from, targetStride, channels, edge, edgeRow, columns, bottom, right, bias, Flags);
                for (int row = top; row < bottom; row++)
                {
                    for (int column = left; column < right; column++)
                        new ReadOnlySpan<float>(edge + (row * edgeRow) + ((long)column * columns), channels).CopyTo(new(into + (row * rowStride) + (column * columnStride), channels));
                }
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
                float* panel = Weights + (point * WeightsStride) + ((long)(columnBegin + column) * Shape.FullDepth);
                for (int k = 0; k < Shape.FullDepth; k += DepthMost)
                {
                    int depth = Math.Min(DepthMost, Shape.FullDepth - k);
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
