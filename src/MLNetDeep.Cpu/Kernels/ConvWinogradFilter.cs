using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Gradients of the weights of convolutions by Winograd's F(3x3, 4x4) or F(3x3, 2x2): tiles of x and of dy become
/// 36 or 16 points, and each of these sums products over all tiles. With strides of 2 for each part of x, if there are 2x2 taps by F(2x2, 4x4). Blocks of tiles are summed in parts that depend on the
/// shape alone, and the parts are then added in order.
/// </summary>
internal static unsafe class ConvWinogradFilter
{
    /// <summary>Tiles of a block: as many as the caches hold; more where the sums are too great for them anyway.</summary>
    private const int BlockTiles = 48, GreatBlockTiles = 96;

    /// <summary>Values of w / 9 from which on sums are great, and most parts of small and of greater ones.</summary>
    private const int Great = 64 * 64, Small = 32 * 32, SmallPartsMost = 8, PartsMost = 4;

    /// <summary>Most floats of partial sums.</summary>
    private const int PartialMost = 1 << 20;

    /// <summary>Where threads work together: most floats of the points of tiles at a time, and tiles.</summary>
    private const int SharedMost = 1 << 22, SharedTilesMost = 96;

    /// <summary>Multiply-adds, after the saving, that are not worth another thread.</summary>
    private const long SerialWork = 200_000;

    private const int Skew = 16;

    public static long WorkspaceSize(in WinogradShape s, int threads) => s.IsGreat
        ? PartSize(s, 32) + SharedSize(s) + (threads * EdgeSize(s))
        : (Parts(s) * PartSize(s, 32)) + (threads * ScratchSize(s));

    public static void Run(WorkerPool pool, WinogradShape s, float* x, float* dy, float* dw, float* workspace)
    {
        if (s.IsGreat)
        {
            RunShared(pool, s, x, dy, dw, workspace);
            return;
        }

        int width = 2 * (int)CpuFeatures.Width;
        int parts = Parts(s), chunks = s.SourcePhases * ((s.Depth + 15) / 16);
        bool serial = (long)s.Batch * s.ImageTiles * s.Points * s.FullDepth * s.Columns <= SerialWork || pool.Threads == 1;

        // Few parts: threads share the channels of x and each makes the points of dy for itself. That changes no bit.
        int across = serial ? 1 : Math.Clamp(((2 * pool.Threads) + parts - 1) / parts, 1, chunks);
        var body = new Body
        {
            Shape = s,
            X = x,
            Dy = dy,
            Sums = workspace,
            Tiles = (long)s.Batch * s.ImageTiles,
            Most = Tiles(s),
            Parts = parts,
            Across = across,
            PartSize = PartSize(s, width),
            Scratch = workspace + (parts * PartSize(s, 32)),
            ScratchSize = ScratchSize(s),
        };
        pool.ForVec(parts * across, serial ? parts * across : 1, ref body);
        Finish(pool, s, workspace, body.PartSize, parts, dw);
    }

    private static void Finish(WorkerPool pool, in WinogradShape s, float* sums, long partSize, int parts, float* dw)
    {
        var last = new LastBody { Shape = s, Sums = sums, PartSize = partSize, Parts = parts, Dw = dw };
        pool.ForVec(s.FullDepth, (int)Math.Clamp(2048 / ((long)s.Columns * parts), 1, s.FullDepth), ref last);
    }

    /// <summary>Sums that fill a cache by themselves: all threads make the points of many tiles, and then the sums of each point.</summary>
    private static void RunShared(WorkerPool pool, WinogradShape s, float* x, float* dy, float* dw, float* workspace)
    {
        int width = 2 * (int)CpuFeatures.Width;
        long tiles = (long)s.Batch * s.ImageTiles;
        int most = SharedTiles(s), blocks = (int)((tiles + most - 1) / most);
        most = (int)((tiles + blocks - 1) / blocks);
        int panels = (int)(Up(s.Depth, width) / width), columns = (int)Up(s.Columns, width);
        float* shared = workspace + PartSize(s, 32);
        var body = new SharedBody
        {
            Shape = s,
            X = x,
            Dy = dy,
            Sums = workspace,
            Points = shared,
            At = (long*)(shared + SharedSize(s)) - (2 * (s.FullDepth + ConvTile.Spare)),
            Edges = shared + SharedSize(s),
            EdgeSize = EdgeSize(s),
            Panels = panels,
            Columns = columns,
            Shares = Math.Clamp(8 * pool.Threads / s.Points, 1, (s.FullDepth + ConvTile.Rows - 1) / ConvTile.Rows),
        };
        body.To = body.At + s.FullDepth + ConvTile.Spare;
        for (long first = 0; first < tiles; first += most)
        {
            int count = (int)Math.Min(most, tiles - first);
            body.First = first;
            body.Count = count;
            body.Flags = first == 0 ? 0 : GemmTile.Add;
            body.XStride = ((long)s.SourcePhases * panels * width * count) + Skew;
            body.DyStride = ((long)columns * count) + Skew;
            for (int i = 0; i < s.FullDepth + ConvTile.Spare; i++)
            {
                int row = Math.Min(i, s.FullDepth - 1), channel = row % s.Depth;
                body.At[i] = ((((row / s.Depth * (long)panels) + (channel / width)) * count) * width) + (channel % width);
                body.To[i] = (long)i * columns;
            }

            body.Products = false;
            pool.ForVec(count, 2, ref body);
            body.Products = true;
            pool.ForVec(s.Points * body.Shares, 1, ref body);
        }

        Finish(pool, s, workspace, PartSize(s, width), 1, dw);
    }

    /// <summary>Most tiles that all threads work on at a time: the panels of a point stay in the first-level cache, both points of a tile in the last.</summary>
    private static int SharedTiles(in WinogradShape s)
    {
        long channels = s.Points * ((s.SourcePhases * Up(s.Depth, 32)) + Up(s.Columns, 32));
        return (int)Math.Min(Math.Clamp(SharedMost / channels, BlockTiles, SharedTilesMost), Math.Max(1, (long)s.Batch * s.ImageTiles));
    }

    private static long SharedSize(in WinogradShape s)
        => Up((s.Points * ((SharedTiles(s) * ((s.SourcePhases * Up(s.Depth, 32)) + Up(s.Columns, 32))) + (2 * Skew))) + (4 * (s.FullDepth + ConvTile.Spare)), 16);

    private static long EdgeSize(in WinogradShape s) => s.Points * Math.Max(Up(s.Depth, 16), Up(s.Columns, 16));

    private static int Tiles(in WinogradShape s) => s.FullDepth * s.Columns > Great ? GreatBlockTiles : BlockTiles;

    private static int Parts(in WinogradShape s)
    {
        long blocks = (((long)s.Batch * s.ImageTiles) + Tiles(s) - 1) / Tiles(s);
        int most = s.FullDepth * s.Columns <= Small ? SmallPartsMost : PartsMost;
        return (int)Math.Clamp(Math.Min(blocks, PartialMost / PartSize(s, 32)), 1, most);
    }

    /// <summary>Floats from a point of the sums to the next.</summary>
    private static long PointStride(in WinogradShape s, int width) => (s.FullDepth * Up(s.Columns, width)) + Skew;

    private static long PartSize(in WinogradShape s, int width) => Up(s.Points * PointStride(s, width), 16);

    private static long ScratchSize(in WinogradShape s)
    {
        long depth = Up(s.Depth, 16), columns = Up(s.Columns, 32);
        long points = s.Points * ((Tiles(s) * (depth + columns)) + (2 * Skew) + Math.Max(depth, columns));
        return points + (4 * (depth + 16));
    }

    private static long Up(long value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>An item is a part of the tiles and a share of the channels.</summary>
    private struct Body : IVecRangeBody
    {
        public WinogradShape Shape;
        public float* X, Dy, Sums, Scratch;
        public long Tiles, PartSize, ScratchSize;
        public int Most, Parts, Across;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            // Sixteen channels of a part of x.
            int phaseChunks = (Shape.Depth + 15) / 16, chunks = Shape.SourcePhases * phaseChunks;
            long blocks = (Tiles + Most - 1) / Most;
            for (int i = begin; i < end; i++)
            {
                int part = i / Across, share = i % Across;
                int chunkBegin = (int)((long)chunks * share / Across), chunkEnd = (int)((long)chunks * (share + 1) / Across);
                long first = blocks * part / Parts, limit = blocks * (part + 1) / Parts;
                for (long block = first; block < limit; block++)
                {
                    int count = (int)Math.Min(Most, Tiles - (block * Most)), flags = block == first ? 0 : GemmTile.Add;
                    float* scratch = Scratch + (worker * ScratchSize);
                    Gradients<TVec>(block * Most, count, scratch);
                    for (int phase = chunkBegin / phaseChunks; phase * phaseChunks < chunkEnd; phase++)
                    {
                        int channelBegin = Math.Max(0, chunkBegin - (phase * phaseChunks)) * 16;
                        int channelEnd = Math.Min(Shape.Depth, Math.Min(phaseChunks, chunkEnd - (phase * phaseChunks)) * 16);
                        Channels<TVec>(block * Most, count, phase, channelBegin, channelEnd, Sums + (part * PartSize), flags, scratch);
                    }
                }
            }
        }

        /// <summary>The points of some tiles of dy, in panels.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Gradients<TVec>(long first, int count, float* scratch)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            long dyStride = (count * Up(Shape.Columns, width)) + Skew;
            float* edge = scratch + (Shape.Points * dyStride);
            int image = (int)(first / Shape.ImageTiles), tile = (int)(first % Shape.ImageTiles);
            for (int i = 0; i < count; i++)
            {
                Shape.Gradient<TVec>(Dy, image, tile, edge, scratch + ((long)i * width), dyStride, (long)count * width);
                Next(ref image, ref tile);
            }
        }

        /// <summary>Adds the products of some channels of x with what <see cref="Gradients"/> made.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Channels<TVec>(long first, int count, int phase, int channelBegin, int channelEnd, float* sums, int flags, float* scratch)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            int channels = channelEnd - channelBegin, depth = (int)Up(channels, 16), columns = (int)Up(Shape.Columns, width);
            long xStride = ((long)count * depth) + Skew, dyStride = ((long)count * columns) + Skew;
            float* dyPoints = scratch;
            float* xPoints = dyPoints + (Shape.Points * dyStride);
            float* edge = xPoints + (Shape.Points * xStride);
            int image = (int)(first / Shape.ImageTiles), tile = (int)(first % Shape.ImageTiles), step = Shape.Tile * Shape.Stride;
            for (int i = 0; i < count; i++)
            {
                int y = (tile / Shape.TilesX * step) - Shape.PadTop, x = (tile % Shape.TilesX * step) - Shape.PadLeft;
                Shape.Input<TVec>(X + channelBegin, image, y, x, phase, channels, edge, xPoints + ((long)i * depth), xStride, 2 * TVec.Count);
                Next(ref image, ref tile);
            }

            long* at = (long*)(edge + (Shape.Points * Math.Max(depth, Up(Shape.Columns, 16))));
            long* to = at + channels + ConvTile.Spare;
            for (int i = 0; i < channels + ConvTile.Spare; i++)
            {
                at[i] = Math.Min(i, channels - 1);
                to[i] = (long)i * columns;
            }

            long row = ((long)phase * Shape.Depth) + channelBegin;
            for (int point = 0; point < Shape.Points; point++)
            {
                Product<TVec>(
                    xPoints + (point * xStride), at, depth, channels, dyPoints + (point * dyStride), columns, count,
                    sums + (point * PointStride(Shape, width)) + (row * columns), to, flags);
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

        /// <summary>One point: the sum over tiles of x's times dy's.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static void Product<TVec>(
            float* x, long* at, int xStride, int rows, float* dy, int columns, int count, float* c, long* to, int flags)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            for (int column = 0; column < columns; column += width)
            {
                long run = 0;
                ConvTile.Run<TVec>(x, at, &run, 1, count, xStride, dy + ((long)column * count), width, c + column, to, rows, width, null, flags);
            }
        }
    }

    /// <summary>An item is a tile, or a point and a share of the rows of its sums.</summary>
    private struct SharedBody : IVecRangeBody
    {
        public WinogradShape Shape;
        public float* X, Dy, Sums, Points, Edges;
        public long* At, To;
        public long First, XStride, DyStride, EdgeSize;
        public int Count, Panels, Columns, Shares, Flags;
        public bool Products;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            if (Products)
            {
                for (int i = begin; i < end; i++)
                    Product<TVec>(i / Shares, i % Shares);
                return;
            }

            int width = ConvTile.Columns<TVec>(), step = Shape.Tile * Shape.Stride;
            float* edge = Edges + (worker * EdgeSize);
            for (int i = begin; i < end; i++)
            {
                int image = (int)((First + i) / Shape.ImageTiles), tile = (int)((First + i) % Shape.ImageTiles);
                int y = (tile / Shape.TilesX * step) - Shape.PadTop, x = (tile % Shape.TilesX * step) - Shape.PadLeft;
                for (int phase = 0; phase < Shape.SourcePhases; phase++)
                {
                    float* to = Points + (((long)phase * Panels * Count) + i) * width;
                    Shape.Input<TVec>(X, image, y, x, phase, Shape.Depth, edge, to, XStride, (long)Count * width);
                }

                Shape.Gradient<TVec>(Dy, image, tile, edge, Points + (Shape.Points * XStride) + ((long)i * width), DyStride, (long)Count * width);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Product<TVec>(int point, int share)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>(), tiles = (Shape.FullDepth + ConvTile.Rows - 1) / ConvTile.Rows;
            int begin = (int)((long)tiles * share / Shares) * ConvTile.Rows, end = Math.Min(Shape.FullDepth, (int)((long)tiles * (share + 1) / Shares) * ConvTile.Rows);
            float* x = Points + (point * XStride), dy = Points + (Shape.Points * XStride) + (point * DyStride);
            float* sums = Sums + (point * PointStride(Shape, width));
            long run = 0;
            for (int column = 0; column < Columns; column += width)
                ConvTile.Run<TVec>(x, At + begin, &run, 1, Count, width, dy + ((long)column * Count), width, sums + column, To + begin, end - begin, width, null, Flags);
        }
    }

    /// <summary>Adds the parts and makes weights of the points; an item is a channel of x.</summary>
    private struct LastBody : IVecRangeBody
    {
        public WinogradShape Shape;
        public float* Sums, Dw;
        public long PartSize;
        public int Parts;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            int columns = (int)Up(Shape.Columns, ConvTile.Columns<TVec>());
            long stride = PointStride(Shape, ConvTile.Columns<TVec>());
            for (int channel = begin; channel < end; channel++)
            {
                float* sums = Sums + ((long)channel * columns);
                for (int point = 0; point < Shape.Points && Parts > 1; point++)
                {
                    float* row = sums + (point * stride);
                    for (int j = 0; j < columns; j += TVec.Count)
                    {
                        var sum = TVec.Load(row + j);
                        for (int part = 1; part < Parts; part++)
                            sum += TVec.Load(row + j + (part * PartSize));
                        sum.Store(row + j);
                    }
                }

                if (Shape.Stride == 1)
                    Shape.WeightsGradient<TVec>(sums, stride, Shape.Columns, Dw + ((long)channel * Shape.Columns), (long)Shape.Depth * Shape.Columns);
                else
                    Spread<TVec>(sums, stride, channel / Shape.Depth, Dw + ((long)(channel % Shape.Depth) * Shape.Columns));
            }
        }

        /// <summary>The taps of a phase to their places.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Spread<TVec>(float* sums, long stride, int phase, float* dw)
            where TVec : struct, IVec<TVec>
        {
            float* taps = stackalloc float[9 * TVec.Count];
            for (int column = 0; column < Shape.Columns; column += TVec.Count)
            {
                Shape.WeightsGradient<TVec>(sums + column, stride, TVec.Count, taps, TVec.Count);
                for (int i = 0; i < Shape.Taps * Shape.Taps; i++)
                {
                    int tap = Shape.TapOf(phase, i);
                    if (tap >= 0)
                        VecTail.Store(TVec.Load(taps + (i * TVec.Count)), dw + ((long)tap * Shape.Depth * Shape.Columns) + column, Shape.Columns - column);
                }
            }
        }
    }
}
