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

    /// <summary>
    /// Where threads work together: most floats of the points of tiles at a time, and of one point, and tiles. More tiles would use the weights more
    /// often, but their points would no longer be in a cache when they are wanted.
    /// </summary>
    private const int SharedMost = 1 << 22, SharedPointMost = 1 << 16, SharedTilesLeast = 48, SharedTilesMost = 96;

    /// <summary>Deepest panel of weights that is worked on at a time.</summary>
    private const int DepthMost = 384;

    /// <summary>Multiply-adds, after the saving, that are not worth another thread.</summary>
    private const long SerialWork = 200_000;

    /// <summary>Floats between points are not a multiple of a page, which would put all of them into one set of the cache.</summary>
    private const int Skew = 16;

    private enum Stage
    {
        Inputs,
        Products,
        Outputs,
    }

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
    public static long WorkspaceSize(in WinogradShape s, int threads) => s.IsGreat ? SharedSize(s) + (threads * EdgeSize(s)) : threads * BlockSize(s);

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
        weights.Chunks = (s.FullDepth + WeightsBody.Rows - 1) / WeightsBody.Rows;
        weights.Panels = (s.Columns + width - 1) / width;
        pool.ForVec(s.TargetPhases * weights.Panels * weights.Chunks, 4, ref weights);
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
        if (s.IsGreat)
        {
            RunShared(pool, body, panels, workspace);
            return;
        }

        pool.ForVec(blocks * across, serial ? blocks * across : 1, ref body);
    }

    /// <summary>
    /// Weights that fill a cache by themselves: all threads make the points of many tiles, then the products of each point, then tiles of the target,
    /// so that the weights are read once for all those tiles.
    /// </summary>
    private static void RunShared(WorkerPool pool, Body body, int panels, float* workspace)
    {
        WinogradShape s = body.Shape;
        int most = SharedTiles(s), blocks = (int)((body.Tiles + most - 1) / most), together = s.PhasesTogether;
        most = (int)((body.Tiles + blocks - 1) / blocks);
        body.Scratch = workspace + SharedSize(s);
        body.ScratchSize = EdgeSize(s);
        var shared = new SharedBody
        {
            Body = body,
            Sources = workspace,
            Depth = (int)Up(s.FullDepth, 16),
            Columns = panels * 2 * (int)CpuFeatures.Width,
            Together = together,
            Shares = Math.Clamp(8 * pool.Threads / (s.Points * together), 1, panels),
        };
        for (long first = 0; first < body.Tiles; first += most)
        {
            int count = (int)Math.Min(most, body.Tiles - first);
            shared.First = first;
            shared.Count = count;
            shared.SourceStride = ((long)count * shared.Depth) + Skew;
            shared.TargetStride = ((long)count * shared.Columns) + Skew;
            shared.Targets = workspace + (s.Points * shared.SourceStride);
            shared.At = (long*)(shared.Targets + (together * s.Points * shared.TargetStride));
            shared.To = shared.At + Up(count + ConvTile.Spare, 8);
            for (int i = 0; i < count + ConvTile.Spare; i++)
            {
                shared.At[i] = (long)Math.Min(i, count - 1) * shared.Depth;
                shared.To[i] = (long)i * shared.Columns;
            }

            for (shared.Phase = 0; shared.Phase < s.TargetPhases; shared.Phase += together)
            {
                shared.Stage = Stage.Inputs;
                pool.ForVec(count, 2, ref shared);
                shared.Stage = Stage.Products;
                pool.ForVec(s.Points * together * shared.Shares, 1, ref shared);
                shared.Stage = Stage.Outputs;
                pool.ForVec(count, 2, ref shared);
            }
        }
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
        long depth = Up(s.FullDepth, 16), columns = s.PhasesTogether * Up(s.Columns, 32);
        return (s.Points * ((BlockTiles(s) * (depth + columns)) + ((1 + s.PhasesTogether) * Skew))) + EdgeSize(s) + Up(4 * (TilesMost + ConvTile.Spare), 16);
    }

    /// <summary>Most tiles that all threads work on at a time: those of one point stay in the second-level cache.</summary>
    private static int SharedTiles(in WinogradShape s)
    {
        long channels = Up(s.FullDepth, 16) + (s.PhasesTogether * Up(s.Columns, 32));
        long most = Math.Clamp(Math.Min(SharedMost / (s.Points * channels), SharedPointMost / Up(s.FullDepth, 16)), SharedTilesLeast, SharedTilesMost);
        return (int)Math.Min(most, Math.Max(1, (long)s.Batch * s.ImageTiles));
    }

    private static long SharedSize(in WinogradShape s)
    {
        int together = s.PhasesTogether;
        long channels = Up(s.FullDepth, 16) + (together * Up(s.Columns, 32)), tiles = SharedTiles(s);
        return Up((s.Points * ((tiles * channels) + ((1 + together) * Skew))) + (4 * Up(tiles + ConvTile.Spare, 8)), 16);
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

    /// <summary>Points of the weights in panels; an item is some rows of a panel of a part of the target.</summary>
    private struct WeightsBody : IVecRangeBody
    {
        public const int Rows = 16;

        public WinogradShape Shape;
        public float* W, Points;
        public long PointStride;
        public int Panels, Chunks;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            long tap = (long)Shape.Depth * Shape.Columns;
            float* taps = stackalloc float[9 * width];
            for (int i = begin; i < end; i++)
            {
                int part = i / (Panels * Chunks), column = i / Chunks % Panels * width, row = i % Chunks * Rows;
                int valid = Shape.Columns - column, last = Math.Min(row + Rows, Shape.FullDepth);
                float* to = Points + (part * Shape.Points * PointStride) + ((long)column * Shape.FullDepth) + ((long)row * width);
                for (int k = row; k < last; k++, to += width)
                {
                    float* from = W + ((long)(k % Shape.Depth) * Shape.Columns) + column;
                    if (Shape.Stride == 1)
                    {
                        Shape.Weights<TVec>(from + (Shape.Backward ? 8 * tap : 0), Shape.Backward ? -tap : tap, valid, width, to, PointStride);
                        continue;
                    }

                    Collect<TVec>(from, Shape.Backward ? part : k / Shape.Depth, valid, taps);
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
            float* edge = targets + (Shape.PhasesTogether * Shape.Points * targetStride);
            long* at = (long*)(edge + EdgeSize(Shape));
            long* to = at + TilesMost + ConvTile.Spare;
            for (int i = 0; i < count + ConvTile.Spare; i++)
            {
                at[i] = (long)Math.Min(i, count - 1) * depth;
                to[i] = (long)i * columns;
            }

            // Parts of the target that see the same points of the source, all of them or none.
            int together = Shape.PhasesTogether;
            for (int phase = 0; phase < Shape.TargetPhases; phase += together)
            {
                Inputs<TVec>(first, count, Shape.TargetRows(phase).Source, Shape.TargetColumns(phase).Source, edge, sources, depth, sourceStride);
                for (int point = 0; point < Shape.Points; point++)
                {
                    for (int i = 0; i < together; i++)
                    {
                        Product<TVec>(
                            sources + (point * sourceStride), at, count, ((phase + i) * Shape.Points) + point, columnBegin, columns,
                            targets + (((i * Shape.Points) + point) * targetStride), to);
                    }
                }

                for (int i = 0; i < together; i++)
                {
                    Outputs<TVec>(
                        first, count, Shape.TargetRows(phase + i), Shape.TargetColumns(phase + i), columnBegin, columnEnd,
                        targets + (i * Shape.Points * targetStride), columns, targetStride, edge);
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Inputs<TVec>(long first, int count, int top, int left, float* edge, float* sources, int depth, long sourceStride)
            where TVec : struct, IVec<TVec>
        {
            int image = (int)(first / Shape.ImageTiles), tile = (int)(first % Shape.ImageTiles);
            int step = Shape.Tile * (Shape.Backward ? 1 : Shape.Stride);
            for (int i = 0; i < count; i++)
            {
                int y = (tile / Shape.TilesX * step) + top, x = (tile % Shape.TilesX * step) + left;

                // The zeros that fill up a part's last vector are overwritten by the next part.
                for (int phase = 0; phase < Shape.SourcePhases; phase++)
                    Shape.Input<TVec>(X, image, y, x, phase, Shape.Depth, edge, sources + ((long)i * depth) + ((long)phase * Shape.Depth), sourceStride, 2 * TVec.Count);
                Next(ref image, ref tile);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Outputs<TVec>(
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
        public readonly void Product<TVec>(float* a, long* at, int rows, int point, int columnBegin, int columns, float* c, long* to)
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

    /// <summary>An item is a tile, or the products of a point with a share of the panels.</summary>
    private struct SharedBody : IVecRangeBody
    {
        public Body Body;
        public float* Sources, Targets;
        public long* At, To;
        public long First, SourceStride, TargetStride;
        public int Count, Depth, Columns, Together, Shares, Phase;
        public Stage Stage;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            ref readonly var s = ref Body.Shape;
            float* edge = Body.Scratch + (worker * Body.ScratchSize);
            switch (Stage)
            {
                case Stage.Inputs:
                    Body.Inputs<TVec>(
                        First + begin, end - begin, s.TargetRows(Phase).Source, s.TargetColumns(Phase).Source, edge, Sources + ((long)begin * Depth), Depth, SourceStride);
                    break;
                case Stage.Products:
                    for (int i = begin; i < end; i++)
                        Products<TVec>(i / Shares / Together, i / Shares % Together, i % Shares);
                    break;
                default:
                    for (int i = 0; i < Together; i++)
                    {
                        Body.Outputs<TVec>(
                            First + begin, end - begin, s.TargetRows(Phase + i), s.TargetColumns(Phase + i), 0, s.Columns,
                            Targets + (i * s.Points * TargetStride) + ((long)begin * Columns), Columns, TargetStride, edge);
                    }

                    break;
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Products<TVec>(int point, int phase, int share)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>(), panels = Columns / width, points = Body.Shape.Points;
            int begin = (int)((long)panels * share / Shares) * width, end = (int)((long)panels * (share + 1) / Shares) * width;
            Body.Product<TVec>(
                Sources + (point * SourceStride), At, Count, ((Phase + phase) * points) + point, begin, end - begin,
                Targets + (((phase * points) + point) * TargetStride) + begin, To);
        }
    }
}
