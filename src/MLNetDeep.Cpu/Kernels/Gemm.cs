using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Matrix products: <c>C = activation(op(A)·op(B) [+ C] [+ bias])</c>, the bias a row added to every row.</summary>
/// <remarks>
/// <para>
/// C is cut into tiles (<see cref="GemmTile"/>), tiles into rectangles that threads take. A is read where it is, or
/// packed by the thread that needs it; B is read where it is when few rows of A would not repay a copy, and otherwise
/// packed once for all threads. Products with one row or column, and with few rows against a transposed B, are done by
/// <see cref="Gemv"/>. If K is great and C small, ranges of K are summed on their own and then added in order.
/// </para>
/// <para>Which way is taken, and the order of every sum, follow from the shape and the vector width alone.</para>
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>Greatest depth of a panel: 16 columns of it fill about half of the first-level cache.</summary>
    private const int DepthMost = 320;

    /// <summary>Tiles whose rows of A a thread works on at a time, so that they stay in the second-level cache.</summary>
    private const int TileRowsMost = 32;

    /// <summary>Floats of B that are packed at a time.</summary>
    private const int PackedMost = 1 << 20;

    /// <summary>Columns of B that are packed at a time: a multiple of every tile's, and not too many for one depth.</summary>
    private const int ColumnsMost = 3264;

    /// <summary>Multiply-adds that are not worth another thread.</summary>
    private const long SerialWork = 200_000;

    /// <summary>Up to this many rows of A, B is not copied if it can be read as it is.</summary>
    private const int DirectRows = 48;

    // K is split for a small C and a great K, or for a C that is not so small and a very great K: parts of this depth at
    // least, and never more of them than this.
    private const int SmallElements = 128 * 128, SmallSplit = 2048;
    private const int SplitElements = 256 * 256, GreatSplit = 8192;
    private const int SplitSide = 1024;
    private const int SplitDepth = 512;
    private const int SplitMost = 16;

    /// <summary>Floats of workspace that <see cref="Run"/> needs with at most <paramref name="threads"/> threads.</summary>
    /// <remarks>Grows with each of M, N, K and Batch: the greatest batch's is enough for all.</remarks>
    public static long WorkspaceSize(in GemmShape s, int threads)
    {
        long one = PackedSize(s) + SplitSize(s) + (threads * (BlockSize(s) + SplitBlockSize(s)));
        return s.Batch == 1 ? one : Math.Max(one, threads * (PackedSize(s) + SplitSize(s) + BlockSize(s) + SplitBlockSize(s)));
    }

    /// <summary>Floats that <see cref="Pack"/> writes, or 0 where it cannot be of use: B is too large to be packed at once.</summary>
    /// <param name="n">Columns of op(B).</param>
    /// <param name="k">Rows of op(B).</param>
    public static long PackedWeightsSize(int n, int k)
        => n is > 1 and <= ColumnsMost && Up(n, 32) * k <= PackedMost ? Up(n, 32) * k : 0;

    /// <summary>B made ready once for many products, as <see cref="Run"/> would each time.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="n">Columns of op(B).</param>
    /// <param name="k">Rows of op(B).</param>
    /// <param name="transposed">Whether B is stored as N rows of K.</param>
    /// <param name="b">B.</param>
    /// <param name="packed">Room for <see cref="PackedWeightsSize"/> floats.</param>
    public static void Pack(WorkerPool pool, int n, int k, bool transposed, float* b, float* packed)
    {
        switch (CpuFeatures.Width)
        {
            case VectorWidth.V512:
                Pack<Vec512>(pool, n, k, transposed, b, packed);
                break;
            case VectorWidth.V256:
                Pack<Vec256>(pool, n, k, transposed, b, packed);
                break;
            default:
                Pack<Vec128>(pool, n, k, transposed, b, packed);
                break;
        }
    }

    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes and options.</param>
    /// <param name="a">A, or the first of them.</param>
    /// <param name="b">B, or the first of them.</param>
    /// <param name="c">C, or the first of them.</param>
    /// <param name="bias">N floats added to every row, or null.</param>
    /// <param name="workspace"><see cref="WorkspaceSize"/> floats that the call may overwrite.</param>
    /// <param name="packed">What <see cref="Pack"/> made of B, for a single product; null for nothing.</param>
    public static void Run(WorkerPool pool, in GemmShape s, float* a, float* b, float* c, float* bias, float* workspace, float* packed = null)
    {
        if (s.M <= 0 || s.N <= 0 || s.Batch <= 0)
            return;
        switch (CpuFeatures.Width)
        {
            case VectorWidth.V512:
                Run<Vec512>(pool, s, a, b, c, bias, workspace, packed);
                break;
            case VectorWidth.V256:
                Run<Vec256>(pool, s, a, b, c, bias, workspace, packed);
                break;
            default:
                Run<Vec128>(pool, s, a, b, c, bias, workspace, packed);
                break;
        }
    }

    // Sizes are for the widest vectors, as narrower ones may be forced.
    private static long PackedSize(in GemmShape s)
        => Math.Min(Math.Min(Up(s.N, 32), ColumnsMost) * Up(Math.Max(s.K, 1), 16), PackedMost);

    private static long BlockSize(in GemmShape s)
        => Up(Math.Min((long)s.M * s.Batch, 12 * TileRowsMost), 12) * DepthMost;

    private static long SplitSize(in GemmShape s)
        => s.K < SmallSplit ? 0 : SplitMost * Math.Min(Up((long)s.M * s.N, 16), s.K < GreatSplit ? SmallElements : SplitElements);

    /// <summary>Panels of A and of B for one depth.</summary>
    private static long SplitBlockSize(in GemmShape s)
        => s.K < SmallSplit ? 0 : (Up(Math.Min(s.N, SplitSide), 32) + Up(Math.Min(s.M, SplitSide), 12)) * DepthMost;

    private static long Up(long value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static void Pack<TVec>(WorkerPool pool, int n, int k, bool transposed, float* b, float* packed)
        where TVec : struct, IVec<TVec>
    {
        int width = GemmTile.Columns<TVec>();
        var packing = new PackBody<TVec> { Source = b, Stride = transposed ? k : n, Transposed = transposed, DepthEnd = k, ColumnEnd = n, Packed = packed };
        pool.For((n + width - 1) / width, (int)Math.Clamp(16384 / Math.Max((long)k * width, 1), 1, n), ref packing);
    }

    private static void Run<TVec>(WorkerPool pool, in GemmShape s, float* a, float* b, float* c, float* bias, float* workspace, float* packed)
        where TVec : struct, IVec<TVec>
    {
        if (s.Batch == 1)
        {
            One<TVec>(pool, s, a, b, c, bias, workspace, packed);
            return;
        }

        // The same B for all, and the As and Cs one below the other: one taller product.
        if (s.StrideB == 0 && !s.TransposeA && s.StrideA == (long)s.M * s.K && s.StrideC == (long)s.M * s.N
            && (long)s.M * s.Batch <= int.MaxValue)
        {
            One<TVec>(pool, s with { M = s.M * s.Batch, Batch = 1 }, a, b, c, bias, workspace);
            return;
        }

        long work = (long)s.M * s.N * s.K;
        if (s.Batch >= 2 * pool.Threads || work <= 2 * SerialWork)
        {
            var body = new BatchBody<TVec>
            {
                Shape = s with { Batch = 1 },
                Pool = pool,
                A = a,
                B = b,
                C = c,
                Bias = bias,
                Workspace = workspace,
                WorkspaceSize = WorkspaceSize(s with { Batch = 1 }, 1),
                StrideA = s.StrideA,
                StrideB = s.StrideB,
                StrideC = s.StrideC,
            };
            int grain = (int)Math.Clamp(SerialWork / 2 / Math.Max(work, 1), 1, s.Batch);
            pool.For(s.Batch, work * s.Batch <= SerialWork ? s.Batch : grain, ref body);
            return;
        }

        var each = s with { Batch = 1 };
        for (int i = 0; i < s.Batch; i++)
            One<TVec>(pool, each, a + (i * s.StrideA), b + (i * s.StrideB), c + (i * s.StrideC), bias, workspace);
    }

    private static void One<TVec>(WorkerPool pool, in GemmShape s, float* a, float* b, float* c, float* bias, float* workspace, float* packed = null)
        where TVec : struct, IVec<TVec>
    {
        // Tiles of any number of rows sum in the same order.
        bool tiles = s.IsRowwise && s.N > 1;
        if (!tiles && Gemv.Takes(s))
        {
            Gemv.Run<TVec>(pool, s, a, b, c, bias);
            return;
        }

        if (!tiles && s.K >= SmallSplit && (long)s.M * s.N <= (s.K < GreatSplit ? SmallElements : SplitElements) && Math.Max(s.M, s.N) <= SplitSide)
        {
            Split<TVec>(pool, s, a, b, c, bias, workspace);
            return;
        }

        int tileRows = GemmTile.Rows<TVec>(), tileColumns = GemmTile.Columns<TVec>();
        int depth = Depth(s.K);
        var body = new TileBody<TVec>
        {
            Depth = depth,
            M = s.M,
            N = s.N,
            A = a,
            RowStride = s.TransposeA ? 1 : s.K,
            DepthStride = s.TransposeA ? s.M : 1,
            B = b,
            BStride = s.N,
            C = c,
            Bias = bias,
            Blocks = workspace + PackedSize(s),
            BlockSize = BlockSize(s),
            TileRowCount = (s.M + tileRows - 1) / tileRows,
        };

        // For very few rows there is a kernel that reads B as it is.
        bool direct = !s.TransposeB && s.M <= (packed == null ? DirectRows : 3);
        if (direct)
            packed = null;
        for (int column = 0; column < s.N; column += ColumnsMost)
        {
            int columns = Math.Min(ColumnsMost, s.N - column);
            int panels = (columns + tileColumns - 1) / tileColumns;

            // Whole depths, as many as fit.
            int depthAtOnce = direct || packed != null ? int.MaxValue : PackedMost / (panels * tileColumns) / depth * depth;
            int begin = 0;
            do
            {
                int end = (int)Math.Min(s.K, begin + (long)depthAtOnce);
                int firstPacked = direct ? columns / tileColumns : 0;
                if (firstPacked < panels && end > begin && packed == null)
                {
                    var packing = new PackBody<TVec>
                    {
                        Source = b,
                        Stride = s.TransposeB ? s.K : s.N,
                        Transposed = s.TransposeB,
                        DepthBegin = begin,
                        DepthEnd = end,
                        ColumnBegin = column,
                        ColumnEnd = column + columns,
                        First = firstPacked,
                        Packed = workspace,
                    };
                    long size = (long)(end - begin) * tileColumns;
                    int grain = (int)Math.Clamp(16384 / size, 1, panels);
                    pool.For(panels - firstPacked, grain, ref packing);
                }

                body.Packed = packed == null ? workspace : packed;
                body.FirstPacked = firstPacked;
                body.ColumnBegin = column;
                body.ColumnEnd = column + columns;
                body.DepthBegin = begin;
                body.DepthEnd = end;
                body.Panels = panels;
                body.PackA = tileRows == 12 || (s.TransposeA && panels > 2);
                body.FirstFlags = begin > 0 || s.Accumulate ? GemmTile.Add : 0;
                body.Last = end == s.K;
                body.LastFlags = s.Activation == GemmActivation.Relu ? GemmTile.Relu : 0;
                Compute(pool, ref body);
                begin = end;
            }
            while (begin < s.K);
        }
    }

    /// <summary>The depth of panels: equal parts of K.</summary>
    private static int Depth(int k)
    {
        int parts = Math.Max(1, (k + DepthMost - 1) / DepthMost);
        int depth = (k + parts - 1) / parts;
        return Math.Max(8, (depth + 7) / 8 * 8);
    }

    /// <summary>Cuts the tiles of one block of columns into rectangles and has the threads compute them.</summary>
    private static void Compute<TVec>(WorkerPool pool, ref TileBody<TVec> body)
        where TVec : struct, IVec<TVec>
    {
        long work = (long)body.M * (body.ColumnEnd - body.ColumnBegin) * (body.DepthEnd - body.DepthBegin);
        int wanted = pool.Threads == 1 || work <= SerialWork ? 1 : (int)Math.Min(pool.Threads * 4L, 1 + (work / (SerialWork / 4)));
        int across;
        if (body.PackA)
            across = Math.Min(body.Panels, (wanted + body.TileRowCount - 1) / body.TileRowCount);
        else
            across = Math.Clamp((int)Math.Sqrt((double)wanted * (body.ColumnEnd - body.ColumnBegin) / body.M), 1, Math.Min(wanted, body.Panels));
        int down = Math.Clamp((wanted + across - 1) / across, 1, body.TileRowCount);
        if (body.TileRowCount < wanted / across)
            across = Math.Min(body.Panels, (wanted + down - 1) / down);
        body.Across = across;
        body.Down = down;
        pool.For(across * down, 1, ref body);
    }

    /// <summary>A small C with a great K: partial products over parts of K, then their sum.</summary>
    private static void Split<TVec>(WorkerPool pool, in GemmShape s, float* a, float* b, float* c, float* bias, float* workspace)
        where TVec : struct, IVec<TVec>
    {
        int parts = Math.Min(s.K / SplitDepth, SplitMost);
        int tileColumns = GemmTile.Columns<TVec>();
        long elements = (long)s.M * s.N;
        var body = new SplitBody<TVec>
        {
            Shape = s,
            Parts = parts,
            A = a,
            B = b,
            Partial = workspace,
            PartialSize = Up(elements, 16),
            Packed = workspace + (parts * Up(elements, 16)),
            PackedSize = SplitBlockSize(s),
            BlockOffset = Up(s.N, 32) * DepthMost,
            Panels = (s.N + tileColumns - 1) / tileColumns,
        };
        pool.For(parts, 1, ref body);

        var sum = new SumBody<TVec>
        {
            Partial = workspace,
            PartialSize = body.PartialSize,
            Parts = parts,
            Columns = s.N,
            C = c,
            Bias = bias,
            Flags = (s.Accumulate ? GemmTile.Add : 0) | (s.Activation == GemmActivation.Relu ? GemmTile.Relu : 0),
        };
        pool.For(s.M, elements * parts <= 1 << 16 ? s.M : Math.Max(1, (1 << 15) / (s.N * parts)), ref sum);
    }

    /// <summary>Packs the rows [tile, tileEnd) of A, a panel of tile height each.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void PackRows<TVec>(
        float* a, long rowStride, long depthStride, int m, int tile, int tileEnd, int k, int depth, float* block)
        where TVec : struct, IVec<TVec>
    {
        int tileRows = GemmTile.Rows<TVec>();
        if (depthStride == 1)
        {
            for (; tile < tileEnd; tile++, block += (long)tileRows * depth)
            {
                int row = tile * tileRows;
                GemmPacking.Transposed(
                    a + (row * rowStride) + k, rowStride, depth, Math.Min(tileRows, m - row), tileRows, block);
            }
        }
        else
        {
            int row = tile * tileRows;
            GemmPacking.StraightPanels<TVec>(
                a + row + (k * depthStride), depthStride, depth, Math.Min(tileEnd * tileRows, m) - row, tileRows, block);
        }
    }

    private struct BatchBody<TVec> : IRangeBody
        where TVec : struct, IVec<TVec>
    {
        public GemmShape Shape;
        public WorkerPool Pool;
        public float* A, B, C, Bias, Workspace;
        public long WorkspaceSize, StrideA, StrideB, StrideC;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            for (int i = begin; i < end; i++)
            {
                // The pool is in use, so inner loops stay on this thread, as its worker 0.
                One<TVec>(
                    Pool, Shape, A + (i * StrideA), B + (i * StrideB), C + (i * StrideC), Bias, Workspace + (worker * WorkspaceSize));
            }
        }
    }

    private struct PackBody<TVec> : IRangeBody
        where TVec : struct, IVec<TVec>
    {
        public float* Source, Packed;
        public long Stride;
        public bool Transposed;
        public int DepthBegin, DepthEnd, ColumnBegin, ColumnEnd, First;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            int width = GemmTile.Columns<TVec>();
            int depth = DepthEnd - DepthBegin;
            for (int i = begin; i < end; i++)
            {
                int column = ColumnBegin + ((First + i) * width);
                int valid = Math.Min(width, ColumnEnd - column);
                float* panel = Packed + ((long)i * width * depth);
                if (Transposed)
                    GemmPacking.Transposed(Source + (column * Stride) + DepthBegin, Stride, depth, valid, width, panel);
                else
                    GemmPacking.Straight<TVec>(Source + (DepthBegin * Stride) + column, Stride, depth, valid, width, panel);
            }
        }
    }

    private struct TileBody<TVec> : IRangeBody
        where TVec : struct, IVec<TVec>
    {
        public float* A, B, C, Bias, Packed, Blocks;
        public long RowStride, DepthStride, BStride, BlockSize;
        public int M, N, Depth, TileRowCount, Panels, FirstPacked, ColumnBegin, ColumnEnd, DepthBegin, DepthEnd;
        public int Down, Across, FirstFlags, LastFlags;
        public bool PackA, Last;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            for (int i = begin; i < end; i++)
            {
                int x = i / Down, y = i % Down;
                Rectangle(
                    (int)((long)TileRowCount * y / Down),
                    (int)((long)TileRowCount * (y + 1) / Down),
                    (int)((long)Panels * x / Across),
                    (int)((long)Panels * (x + 1) / Across),
                    Blocks + (worker * BlockSize));
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Rectangle(int tileBegin, int tileEnd, int panelBegin, int panelEnd, float* block)
        {
            for (int tile = tileBegin; tile < tileEnd; tile += TileRowsMost)
            {
                int some = Math.Min(tileEnd, tile + TileRowsMost);
                int k = DepthBegin;
                do
                {
                    int depth = Math.Min(Depth, DepthEnd - k);
                    if (PackA)
                        PackRows<TVec>(A, RowStride, DepthStride, M, tile, some, k, depth, block);
                    int flags = k == DepthBegin ? FirstFlags : GemmTile.Add;
                    bool finish = Last && k + depth == DepthEnd;
                    if (finish)
                        flags |= LastFlags;
                    Panelwise(tile, some, panelBegin, panelEnd, k, depth, block, flags, finish);
                    k += depth;
                }
                while (k < DepthEnd);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Panelwise(
            int tileBegin, int tileEnd, int panelBegin, int panelEnd, int k, int depth, float* block, int flags, bool finish)
        {
            int tileRows = GemmTile.Rows<TVec>(), tileColumns = GemmTile.Columns<TVec>();
            for (int panel = panelBegin; panel < panelEnd; panel++)
            {
                int column = ColumnBegin + (panel * tileColumns);
                int columns = Math.Min(tileColumns, ColumnEnd - column);
                bool direct = panel < FirstPacked;
                float* b = direct
                    ? B + (k * BStride) + column
                    : Packed + ((((long)(panel - FirstPacked) * (DepthEnd - DepthBegin)) + (k - DepthBegin)) * tileColumns);
                long bStride = direct ? BStride : tileColumns;
                float* bias = finish && Bias != null ? Bias + column : null;

                // Few rows: a kernel of twice the width reads B in longer stretches.
                if (M <= 3 && panel + 2 <= Math.Min(panelEnd, FirstPacked) && !PackA)
                {
                    GemmTile.Three<TVec>(
                        A + (k * DepthStride), RowStride, DepthStride, b, bStride, depth, C + column, N, M, bias, flags);
                    panel++;
                    continue;
                }

                for (int tile = tileBegin; tile < tileEnd; tile++)
                {
                    int row = FirstRow(tile, tileRows), rows = FirstRow(tile + 1, tileRows) - row;
                    float* c = C + ((long)row * N) + column;
                    float* a = A + (row * RowStride) + (k * DepthStride);
                    long rowStride = RowStride, depthStride = DepthStride;
                    if (PackA)
                    {
                        a = block + ((long)(tile - tileBegin) * tileRows * depth);
                        rowStride = 1;
                        depthStride = tileRows;
                    }

                    if (tileRows == 12)
                        GemmTile.Twelve(a, b, bStride, depth, c, N, rows, columns, bias, flags);
                    else if (rows <= 4)
                        GemmTile.Four<TVec>(a, rowStride, depthStride, b, bStride, depth, c, N, rows, columns, bias, flags);
                    else
                        GemmTile.Six<TVec>(a, rowStride, depthStride, b, bStride, depth, c, N, rows, columns, bias, flags);
                }
            }
        }

        /// <summary>
        /// The first row of a tile. Where one or two rows would be left for the last, it gets two of the one before: both
        /// can then be done by the kernel for four. (Not if A is packed, in panels that are all alike.)
        /// </summary>
        private readonly int FirstRow(int tile, int tileRows)
        {
            int row = tile * tileRows;
            if (row >= M)
                return M;
            return !PackA && row > 0 && M - row <= 2 ? row - 2 : row;
        }
    }

    private struct SplitBody<TVec> : IRangeBody
        where TVec : struct, IVec<TVec>
    {
        public GemmShape Shape;
        public float* A, B, Partial, Packed;
        public long PartialSize, PackedSize, BlockOffset;
        public int Parts, Panels;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            for (int i = begin; i < end; i++)
                Part(i, Packed + (worker * PackedSize));
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Part(int part, float* packed)
        {
            int width = GemmTile.Columns<TVec>();
            long rowStride = Shape.TransposeA ? 1 : Shape.K;
            long depthStride = Shape.TransposeA ? Shape.M : 1;
            int end = (int)((long)Shape.K * (part + 1) / Parts);
            int tileRows = GemmTile.Rows<TVec>();
            bool packA = tileRows == 12 || (Shape.TransposeA && Panels > 2);
            float* block = packed + BlockOffset;
            float* c = Partial + (part * PartialSize);
            int flags = 0;

            // As much of A at a time as stays in the second-level cache, all rows of it, so that it is read in order.
            int depthMost = Math.Clamp((1 << 16) / Shape.M / 8 * 8, 64, DepthMost);
            for (int k = (int)((long)Shape.K * part / Parts); k < end;)
            {
                int depth = Math.Min(depthMost, end - k);
                var packing = new PackBody<TVec>
                {
                    Source = B,
                    Stride = Shape.TransposeB ? Shape.K : Shape.N,
                    Transposed = Shape.TransposeB,
                    DepthBegin = k,
                    DepthEnd = k + depth,
                    ColumnEnd = Shape.N,
                    Packed = packed,
                };
                packing.Run(0, Panels, 0);
                int tiles = (Shape.M + tileRows - 1) / tileRows;
                if (packA)
                    PackRows<TVec>(A, rowStride, depthStride, Shape.M, 0, tiles, k, depth, block);
                for (int panel = 0; panel < Panels; panel++)
                {
                    float* b = packed + ((long)panel * depth * width);
                    int columns = Math.Min(width, Shape.N - (panel * width));
                    for (int tile = 0; tile < tiles; tile++)
                    {
                        int row = tile * tileRows;
                        int rows = Math.Min(tileRows, Shape.M - row);
                        float* to = c + ((long)row * Shape.N) + (panel * width);
                        float* a = packA ? block + ((long)row * depth) : A + (row * rowStride) + (k * depthStride);
                        if (tileRows == 12)
                            GemmTile.Twelve(a, b, width, depth, to, Shape.N, rows, columns, null, flags);
                        else if (packA)
                            GemmTile.Six<TVec>(a, 1, tileRows, b, width, depth, to, Shape.N, rows, columns, null, flags);
                        else
                            GemmTile.Six<TVec>(a, rowStride, depthStride, b, width, depth, to, Shape.N, rows, columns, null, flags);
                    }
                }

                flags = GemmTile.Add;
                k += depth;
            }
        }
    }

    private struct SumBody<TVec> : IRangeBody
        where TVec : struct, IVec<TVec>
    {
        public float* Partial, C, Bias;
        public long PartialSize;
        public int Parts, Columns, Flags;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int begin, int end, int worker)
        {
            for (int row = begin; row < end; row++)
            {
                for (int column = 0; column < Columns; column += TVec.Count)
                {
                    int rest = Columns - column;
                    float* from = Partial + ((long)row * Columns) + column;
                    var sum = VecTail.Load<TVec>(from, rest);
                    for (int part = 1; part < Parts; part++)
                        sum += VecTail.Load<TVec>(from + (part * PartialSize), rest);
                    float* to = C + ((long)row * Columns) + column;
                    var old = (Flags & GemmTile.Add) != 0 ? VecTail.Load<TVec>(to, rest) : TVec.Zero;
                    var bias = Bias == null ? TVec.Zero : VecTail.Load<TVec>(Bias + column, rest);
                    VecTail.Store(GemmTile.Finish(sum, old, bias, Flags), to, rest);
                }
            }
        }
    }
}
