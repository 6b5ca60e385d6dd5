using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The gradient for x of few channels: tiles of channels alone would be mostly empty, so tiles are made of channels and
/// taps, dy·wᵀ, and what comes out is added to x's gradient where the taps are.
/// </summary>
internal static unsafe class ConvScatter
{
    /// <summary>Floats of products that are computed before they are added, about.</summary>
    private const int ColumnsMost = 1 << 14;

    /// <summary>Multiply-adds that are not worth another thread.</summary>
    private const long SerialWork = 200_000;

    /// <summary>Whether this way can be gone.</summary>
    public static bool Takes(in ConvShape s) => s.Groups == 1 && s.Taps > 1;

    /// <summary>Whether tiles of channels and taps are so much fuller that the additions are repaid.</summary>
    public static bool Pays(in ConvShape s) => Takes(s) && 2 * Up(s.Depth, 16) <= Up(s.Channels, 16) * s.Taps;

    /// <summary>Floats of the packed weights.</summary>
    public static long WeightsSize(in ConvShape s) => (Up(s.Depth, 32) * s.Filters) + Up(s.Filters, 16);

    /// <summary>Floats of workspace beside the packed weights.</summary>
    public static long WorkspaceSize(in ConvShape s, int threads) => threads * ScratchSize(s);

    /// <summary>Weights in the order in which <see cref="Run"/> reads them.</summary>
    public static void Pack(WorkerPool pool, in ConvShape s, float* w, float* packed)
    {
        var packing = new PackBody { Shape = s, W = w, Packed = packed };
        int width = 2 * (int)CpuFeatures.Width;
        pool.ForVec((s.Depth + width - 1) / width, Math.Max(1, 16384 / (s.Filters * width)), ref packing);
    }

    public static void Run(WorkerPool pool, in ConvShape s, float* packed, float* dy, float* dx, float* workspace)
    {
        if (s.Batch == 0 || s.Height == 0)
            return;

        // Some bands of rows of dx for every thread, though their neighbours compute some products again.
        long perImage = s.Work / s.Batch;
        bool serial = s.Work <= SerialWork || pool.Threads == 1;
        int bands = 1;
        if (!serial && s.Batch < 2 * pool.Threads)
            bands = (int)Math.Clamp(Math.Min(2 * pool.Threads / s.Batch, perImage / (SerialWork / 4)), 1, s.Height);

        var body = new Body
        {
            Shape = s,
            Dy = dy,
            Dx = dx,
            Packed = packed,
            Scratch = workspace,
            ScratchSize = ScratchSize(s),
            Bands = bands,
        };
        int items = s.Batch * bands;
        pool.ForVec(items, serial ? items : (int)Math.Clamp(SerialWork / 4 * bands / Math.Max(perImage, 1), 1, items), ref body);
    }

    /// <summary>Rows of dy whose products are computed before they are added.</summary>
    private static int Rows(in ConvShape s)
        => (int)Math.Clamp(ColumnsMost / (Up(s.Depth, 32) * Math.Max(1, s.OutWidth)), 1, Math.Max(1, s.OutHeight));

    private static long Pixels(in ConvShape s) => Up((long)Rows(s) * s.OutWidth, ConvTile.Rows);

    private static long ScratchSize(in ConvShape s) => (Pixels(s) * Up(s.Depth, 32)) + (4 * Up(Pixels(s), 16));

    private static long Up(long value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private struct PackBody : IVecRangeBody
    {
        public ConvShape Shape;
        public float* W, Packed;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>(), filters = Shape.Filters;
            for (int panel = begin; panel < end; panel++)
            {
                int row = panel * width;
                GemmPacking.Transposed(
                    W + ((long)row * filters), filters, filters, Math.Min(width, Shape.Depth - row), width, Packed + ((long)row * filters));
            }
        }
    }

    private struct Body : IVecRangeBody
    {
        public ConvShape Shape;
        public float* Dy, Dx, Packed, Scratch;
        public long ScratchSize;
        public int Bands;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
            {
                int band = i % Bands;
                Band<TVec>(
                    i / Bands,
                    (int)((long)Shape.Height * band / Bands),
                    (int)((long)Shape.Height * (band + 1) / Bands),
                    Scratch + (worker * ScratchSize));
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Band<TVec>(int image, int begin, int end, float* columns)
            where TVec : struct, IVec<TVec>
        {
            ref readonly var s = ref Shape;
            float* dx = Dx + ((long)image * s.Height * s.Width * s.Channels);
            float* dy = Dy + ((long)image * s.OutPixels * s.Filters);
            long size = (long)s.Width * s.Channels;
            new Span<float>(dx + (begin * size), (int)((end - begin) * size)).Clear();

            // The rows of dy with a tap in these rows.
            int first = Math.Max(0, (begin + s.PadTop - ((s.KernelHeight - 1) * s.DilationH) + s.StrideH - 1) / s.StrideH);
            int limit = Math.Min(s.OutHeight, ((end - 1 + s.PadTop) / s.StrideH) + 1);
            int width = ConvTile.Columns<TVec>();
            int rows = Rows(s);
            long stride = Up(s.Depth, 32);
            long* at = (long*)(columns + (Pixels(s) * stride));
            long* to = at + Up(Pixels(s), 16);
            long run = 0;
            for (int row = first; row < limit; row += rows)
            {
                int count = Math.Min(rows, limit - row);
                int pixels = count * s.OutWidth;
                float* source = dy + ((long)row * s.OutWidth * s.Filters);

                // The last tile reads whole; what it has too much is not stored.
                for (int i = 0; i < Up(pixels, ConvTile.Rows); i++)
                {
                    at[i] = (long)Math.Min(i, pixels - 1) * s.Filters;
                    to[i] = i * stride;
                }

                for (int panel = 0; panel * width < s.Depth; panel++)
                {
                    float* b = Packed + ((long)panel * width * s.Filters);
                    ConvTile.Run<TVec>(source, at, &run, 1, s.Filters, 1, b, width, columns + (panel * width), to, pixels, width, null, 0);
                }

                for (int y = 0; y < count; y++)
                    AddRow(row + y, columns + (y * s.OutWidth * stride), stride, dx, begin, end);
            }
        }

        /// <summary>Adds the products of a row of dy to the rows [begin, end) of dx.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void AddRow(int row, float* columns, long stride, float* dx, int begin, int end)
        {
            ref readonly var s = ref Shape;
            int channels = s.Channels, across = s.KernelWidth * channels;
            for (int x = 0; x < s.OutWidth; x++, columns += stride)
            {
                int left = (x * s.StrideW) - s.PadLeft;
                bool whole = s.DilationW == 1 && left >= 0 && left + s.KernelWidth <= s.Width;
                for (int ky = 0; ky < s.KernelHeight; ky++)
                {
                    int y = (row * s.StrideH) + (ky * s.DilationH) - s.PadTop;
                    if (y < begin || y >= end)
                        continue;
                    float* from = columns + (ky * across);
                    float* target = dx + ((((long)y * s.Width) + left) * channels);
                    if (whole)
                    {
                        int i = 0;
                        for (; i <= across - 4; i += 4)
                            (Vec128.Load(target + i) + Vec128.Load(from + i)).Store(target + i);
                        for (; i < across; i++)
                            target[i] += from[i];
                        continue;
                    }

                    for (int kx = 0; kx < s.KernelWidth; kx++)
                    {
                        int at = left + (kx * s.DilationW);
                        if (at < 0 || at >= s.Width)
                            continue;
                        for (int c = 0; c < channels; c++)
                            target[(kx * s.DilationW * channels) + c] += from[(kx * channels) + c];
                    }
                }
            }
        }
    }
}
