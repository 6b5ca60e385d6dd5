using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Gradients of the weights of convolutions: w's rows (a tap and a channel each) and filters in tiles, sums over pixels.
/// Bands of rows of images are summed in parts that depend on the shape alone, and the parts are then added in order.
/// </summary>
internal static unsafe class ConvFilter
{
    /// <summary>Pixels of a band, about: enough for what a tile costs besides its sums.</summary>
    private const int PixelsMost = 256;

    /// <summary>Floats of a band of x, about: they stay in the second-level cache, and what a tile needs of them in the first.</summary>
    private const int BandMost = 40_000;

    /// <summary>Most parts of gradients of up to so many values, most of greater ones, and most values of all of them.</summary>
    private const int PartsMost = 16, SmallGradient = 1 << 13, GreatPartsMost = 4, PartialMost = 1 << 20;

    /// <summary>Multiply-adds that are not worth another thread.</summary>
    private const long SerialWork = 200_000;

    public static long WorkspaceSize(in ConvShape s, int threads)
    {
        var plan = ConvPlan.Forward(s);
        int rows = BandRows(plan), images = BandImages(plan, rows), parts = Parts(s, rows, images);
        long size = Up((long)s.Depth * s.Filters);
        return OffsetsSize(s, images) + (parts > 1 ? parts * size : 0) + (threads * ScratchSize(plan, rows, images));
    }

    public static void Run(WorkerPool pool, in ConvShape s, float* x, float* dy, float* dw, float* workspace)
    {
        var plan = ConvPlan.Forward(s);
        int rows = BandRows(plan), images = BandImages(plan, rows), parts = Parts(s, rows, images);
        int width = 2 * (int)CpuFeatures.Width;

        // Offsets of w's rows: of the values of x they are multiplied with, and of themselves.
        long* at = (long*)workspace;
        long* to = at + s.Depth + ConvTile.Spare;
        long* runs = to + s.Depth + ConvTile.Spare;
        int k = 0;
        for (int ky = 0; ky < s.KernelHeight; ky++)
        {
            for (int kx = 0; kx < s.KernelWidth; kx++)
            {
                for (int c = 0; c < s.GroupChannels; c++, k++)
                {
                    at[k] = (ky * s.DilationH * plan.Frame.RowStride) + ((long)kx * s.DilationW * s.Channels) + c;
                    to[k] = (long)k * s.Filters;
                }
            }
        }

        for (int i = 0; i < ConvTile.Spare; i++)
        {
            at[k + i] = at[k - 1];
            to[k + i] = to[k - 1];
        }

        for (int image = 0; image < images; image++)
        {
            for (int y = 0; y < s.OutHeight; y++)
                runs[(image * s.OutHeight) + y] = (image * ImageSize(plan, rows)) + (y * s.StrideH * plan.Frame.RowStride);
        }

        float* partial = workspace + OffsetsSize(s, images);
        long size = Up((long)s.Depth * s.Filters);
        int tiles = (s.Depth + ConvTile.Rows - 1) / ConvTile.Rows;

        // Few parts: the rows of w are shared out, too. That changes no bit.
        int across = pool.Threads == 1 ? 1 : Math.Clamp(((4 * pool.Threads) + parts - 1) / parts, 1, tiles);
        if (s.Work <= SerialWork)
            across = 1;
        var body = new Body
        {
            Plan = plan,
            X = x,
            Dy = dy,
            Target = parts == 1 ? dw : partial,
            PartSize = size,
            At = at,
            To = to,
            Runs = runs,
            Rows = rows,
            Images = images,
            Parts = parts,
            Across = across,
            Tiles = tiles,
            Scratch = partial + (parts > 1 ? parts * size : 0),
            ScratchSize = ScratchSize(plan, rows, images),
        };
        pool.ForVec(parts * across, s.Work <= SerialWork ? parts * across : 1, ref body);
        if (parts > 1)
        {
            var sum = new SumBody { Partial = partial, PartSize = size, Parts = parts, Count = (long)s.Depth * s.Filters, Dw = dw };
            int blocks = (int)((sum.Count + SumBody.Block - 1) / SumBody.Block);
            pool.ForVec(blocks, Math.Max(1, 32 / parts), ref sum);
        }
    }

    /// <summary>Rows of a band; all of an image's if there may be several images in one.</summary>
    private static int BandRows(in ConvPlan plan)
    {
        int rows = 1;
        while (rows < plan.Height && (rows + 1) * plan.Width <= PixelsMost
            && plan.FrameRows(rows + 1) * plan.Frame.Width * plan.Frame.Channels <= BandMost)
            rows++;
        return rows;
    }

    /// <summary>Images of a band.</summary>
    private static int BandImages(in ConvPlan plan, int rows)
    {
        if (rows < plan.Height)
            return 1;
        long size = plan.FrameRows(rows) * plan.Frame.Width * plan.Frame.Channels;
        return (int)Math.Clamp(Math.Min(PixelsMost / ((long)rows * plan.Width), BandMost / size), 1, PixelsMost);
    }

    /// <summary>Floats from one image of a band to the next.</summary>
    private static long ImageSize(in ConvPlan plan, int rows)
        => plan.Frame.Copy ? plan.FrameRows(rows) * plan.Frame.RowStride : plan.Frame.SourceSize;

    private static int Parts(in ConvShape s, int rows, int images)
    {
        long bands = images > 1 ? (s.Batch + images - 1) / images : (long)s.Batch * ((s.OutHeight + rows - 1) / rows);
        long size = (long)s.Depth * s.Filters;
        return (int)Math.Clamp(Math.Min(bands, PartialMost / size), 1, size <= SmallGradient ? PartsMost : GreatPartsMost);
    }

    private static long ScratchSize(in ConvPlan plan, int rows, int images)
        => (plan.Frame.Copy ? Up(images * ImageSize(plan, rows)) + 16 : 0) + ((long)images * rows * plan.Width * 32);

    private static long OffsetsSize(in ConvShape s, int images)
        => Up(((s.Depth + ConvTile.Spare) * 4L) + ((long)images * s.OutHeight * 2));

    private static long Up(long value) => (value + 15) / 16 * 16;

    private struct Body : IVecRangeBody
    {
        public ConvPlan Plan;
        public float* X, Dy, Target, Scratch;
        public long PartSize, ScratchSize;
        public long* At, To, Runs;
        public int Rows, Images, Parts, Across, Tiles;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
            {
                int part = i / Across, share = i % Across;
                int bands = (Plan.Height + Rows - 1) / Rows;
                long all = (long)((Plan.Shape.Batch + Images - 1) / Images) * bands;
                long first = all * part / Parts, limit = all * (part + 1) / Parts;
                for (long band = first; band < limit; band++)
                {
                    Band<TVec>(
                        (int)(band / bands) * Images,
                        (int)(band % bands),
                        (int)((long)Tiles * share / Across),
                        (int)((long)Tiles * (share + 1) / Across),
                        Target + (part * PartSize),
                        band == first ? 0 : GemmTile.Add,
                        Scratch + (worker * ScratchSize));
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Band<TVec>(int image, int band, int tileBegin, int tileEnd, float* target, int flags, float* scratch)
            where TVec : struct, IVec<TVec>
        {
            ref readonly var s = ref Plan.Shape;
            int begin = band * Rows, end = Math.Min(begin + Rows, Plan.Height);
            int images = Math.Min(Images, s.Batch - image);
            float* x = X + (image * Plan.Frame.SourceSize);
            if (Plan.Frame.Copy)
            {
                int first = begin * s.StrideH;
                long size = ImageSize(Plan, Rows);
                for (int i = 0; i < images; i++)
                    Plan.Frame.CopyRows(x + (i * Plan.Frame.SourceSize), first, first + (int)Plan.FrameRows(end - begin), scratch + (i * size));
                x = scratch - (first * Plan.Frame.RowStride);
                scratch += Up(Images * size) + 16;
            }

            // Several images only if all rows of each are in the band, so that the runs follow each other.
            int rows = (end - begin) * images;
            int pixels = rows * Plan.Width;
            float* dy = Dy + (((((long)image * s.OutHeight) + begin) * s.OutWidth) * s.Filters);
            if (s.IsDepthwise)
            {
                for (int tap = tileBegin * ConvTile.Rows; tap < Math.Min(tileEnd * ConvTile.Rows, s.Taps); tap += DepthwiseTile.Taps)
                {
                    DepthwiseTile.Filter<TVec>(
                        x, At + tap, Math.Min(DepthwiseTile.Taps, s.Taps - tap), Runs + begin, rows, Plan.Width, (long)s.StrideW * s.Channels,
                        dy, s.Channels, target + (tap * s.Channels), flags);
                }

                return;
            }

            int width = ConvTile.Columns<TVec>();
            int panels = (Plan.GroupColumns + width - 1) / width;
            for (int group = 0; group < s.Groups; group++)
            {
                for (int panel = 0; panel < panels; panel++)
                {
                    int column = (group * Plan.GroupColumns) + (panel * width);
                    int columns = Math.Min(width, Plan.GroupColumns - (panel * width));
                    float* b = dy + column;
                    long bStride = s.Filters;

                    // A panel that is not all there is copied, as vectors must not be read from beyond the end, and so is
                    // one with others beside it, which would be spread over the cache.
                    if (columns < width || s.Filters > width)
                    {
                        GemmPacking.Straight<TVec>(b, bStride, pixels, columns, width, scratch);
                        b = scratch;
                        bStride = width;
                    }

                    int k = tileBegin * ConvTile.Rows;
                    ConvTile.Run<TVec>(
                        x + (group * Plan.GroupDepth), At + k, Runs + begin, rows, Plan.Width, (long)s.StrideW * s.Channels,
                        b, bStride, target + column, To + k, Math.Min(tileEnd * ConvTile.Rows, s.Depth) - k, columns, null, flags);
                }
            }
        }
    }

    private struct SumBody : IVecRangeBody
    {
        public const int Block = 1024;

        public float* Partial, Dw;
        public long PartSize, Count;
        public int Parts;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            long limit = Math.Min(Count, (long)end * Block);
            for (long i = (long)begin * Block; i < limit; i += TVec.Count)
            {
                var sum = VecTail.Load<TVec>(Partial + i, limit - i);
                for (int part = 1; part < Parts; part++)
                    sum += VecTail.Load<TVec>(Partial + (part * PartSize) + i, limit - i);
                VecTail.Store(sum, Dw + i, limit - i);
            }
        }
    }
}
