using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Attention and its gradient, head by head, read where the heads lie among the features. The weights between steps and sources are
/// worked out for a block of steps at a time, in the forward pass and again in the backward one, and never kept (Dao et al. 2022).
/// </summary>
/// <remarks>
/// Forward, every step is on its own. Backward, gradients by key and value are sums over blocks of steps, in order; the blocks follow from
/// the number of steps alone, and a head is done by one thread. So threads change no bit.
/// </remarks>
internal static unsafe class Attention
{
    /// <summary>Most steps of a block: with about as many sources its weights stay in the second-level cache.</summary>
    private const int BlockMost = 96;

    /// <summary>Fewest steps of a block where a short batch is to be shared out.</summary>
    private const int BlockLeast = 24;

    /// <summary>Rows of a tile (<see cref="GemmTile.Six"/>).</summary>
    private const int TileRows = 6;

    /// <summary>Columns of the widest tile.</summary>
    private const int Widest = 32;

    /// <summary>Floats of workspace that <see cref="Forward"/> needs on so many threads; does not depend on the batch.</summary>
    public static long ForwardWorkspaceSize(in AttentionShape s, int threads) => threads * new Room(s, backward: false).Total;

    /// <summary>Floats of workspace that <see cref="Backward"/> needs on so many threads; does not depend on the batch.</summary>
    public static long BackwardWorkspaceSize(in AttentionShape s, int threads) => threads * new Room(s, backward: true).Total;

    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes and options.</param>
    /// <param name="q">Query.</param>
    /// <param name="k">Key.</param>
    /// <param name="v">Value.</param>
    /// <param name="queryMask">(batch, steps): steps with 0 look at nothing; null for none such.</param>
    /// <param name="keyMask">(batch, sources): those with 0 are not looked at; null for none such.</param>
    /// <param name="step">The training step, for dropout.</param>
    /// <param name="y">Result, (batch, steps, heads, value size).</param>
    /// <param name="workspace"><see cref="ForwardWorkspaceSize"/> floats.</param>
    public static void Forward(
        WorkerPool pool, in AttentionShape s, float* q, float* k, float* v, float* queryMask, float* keyMask, int step, float* y, float* workspace)
    {
        int heads = s.Batch * s.Heads, blocks = Blocks(s.Steps, BlockMost);

        // A step's result does not depend on its block, so a short batch may have smaller ones.
        if ((long)heads * blocks < 4L * pool.Threads)
            blocks = Math.Max(blocks, Math.Min(Blocks(s.Steps, BlockLeast), ((4 * pool.Threads) + heads - 1) / heads));
        var body = new ForwardBody { S = s, Q = q, K = k, V = v, QueryMask = queryMask, KeyMask = keyMask, Step = step, Y = y, Workspace = workspace, Room = new(s, backward: false), Blocks = blocks };
        pool.ForRows(heads * blocks, Cost(s) / blocks, ref body);
    }

    /// <param name="pool">Threads to use.</param>
    /// <param name="s">As for <see cref="Forward"/>.</param>
    /// <param name="dy">Gradient by the result.</param>
    /// <param name="q">As for <see cref="Forward"/>.</param>
    /// <param name="k">As for <see cref="Forward"/>.</param>
    /// <param name="v">As for <see cref="Forward"/>.</param>
    /// <param name="queryMask">As for <see cref="Forward"/>.</param>
    /// <param name="keyMask">As for <see cref="Forward"/>.</param>
    /// <param name="step">As for <see cref="Forward"/>.</param>
    /// <param name="dq">Result: gradient by the query.</param>
    /// <param name="dk">Result: gradient by the key.</param>
    /// <param name="dv">Result: gradient by the value.</param>
    /// <param name="workspace"><see cref="BackwardWorkspaceSize"/> floats.</param>
    public static void Backward(
        WorkerPool pool, in AttentionShape s, float* dy, float* q, float* k, float* v, float* queryMask, float* keyMask, int step,
        float* dq, float* dk, float* dv, float* workspace)
    {
        var body = new BackwardBody
        {
            S = s,
            Dy = dy,
            Q = q,
            K = k,
            V = v,
            QueryMask = queryMask,
            KeyMask = keyMask,
            Step = step,
            Dq = dq,
            Dk = dk,
            Dv = dv,
            Workspace = workspace,
            Room = new(s, backward: true),
            Blocks = Blocks(s.Steps, BlockMost),
        };
        pool.ForRows(s.Batch * s.Heads, 3 * Cost(s), ref body);
    }

    private static int Blocks(int steps, int most) => (steps + most - 1) / most;

    // The first step of a block: whole tiles in each, as even as that allows.
    private static int BlockBegin(int steps, int blocks, int block)
    {
        int tiles = (steps + TileRows - 1) / TileRows;
        return Math.Min(steps, (int)((long)tiles * block / blocks) * TileRows);
    }

    // About what a head costs, in values copied.
    private static long Cost(in AttentionShape s) => (long)s.Steps * s.Sources * (16 + ((s.Size + s.ValueSize) / 8));

    private static long Up(long value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>
    /// <c>c = a·b</c>, or with <see cref="GemmTile.Add"/> added to c; b in panels, or where it lies, its last columns then in a panel of their own
    /// (<see cref="Edge"/>).
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Product<TVec>(
        float* a, long aRow, long aDepth, float* b, long bRow, float* edge, int depth, float* c, long cRow, int rows, int columns, int flags)
        where TVec : struct, IVec<TVec>
    {
        int width = GemmTile.Columns<TVec>();
        for (int column = 0; column < columns; column += width)
        {
            int some = Math.Min(width, columns - column);
            float* panel = b + column;
            long stride = bRow;
            if (bRow == 0)
            {
                panel = b + ((long)column * depth);
                stride = width;
            }
            else if (some < width)
            {
                panel = edge;
                stride = width;
            }

            for (int row = 0; row < rows; row += TileRows)
            {
                int left = Math.Min(TileRows, rows - row);
                if (left <= 4)
                    GemmTile.Four<TVec>(a + (row * aRow), aRow, aDepth, panel, stride, depth, c + (row * cRow) + column, cRow, left, some, null, flags);
                else
                    GemmTile.Six<TVec>(a + (row * aRow), aRow, aDepth, panel, stride, depth, c + (row * cRow) + column, cRow, left, some, null, flags);
            }
        }
    }

    /// <summary>The columns that fill no whole tile, as a panel: <see cref="Product"/> must not read beyond them.</summary>
    private static void Edge<TVec>(float* b, long row, int depth, int columns, float* edge)
        where TVec : struct, IVec<TVec>
    {
        int width = GemmTile.Columns<TVec>(), rest = columns % width;
        if (rest > 0)
            GemmPacking.Straight<TVec>(b + columns - rest, row, depth, rest, width, edge);
    }

    /// <summary>Panels of bᵀ, b having as many rows as the panels together have columns.</summary>
    private static void PackTransposed<TVec>(float* b, long row, int rows, int depth, float* panels)
        where TVec : struct, IVec<TVec>
    {
        int width = GemmTile.Columns<TVec>();
        for (int i = 0; i < rows; i += width)
            GemmPacking.Transposed(b + (i * row), row, depth, Math.Min(width, rows - i), width, panels + ((long)i * depth));
    }

    /// <summary>
    /// Products of a row turned into weights: <c>exp(scale·x - most) / sum</c> where the mask holds, 0 elsewhere and in the columns from <paramref name="count"/> on;
    /// all 0 where the mask holds nowhere.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Weigh<TVec>(float* x, int count, int columns, float scale, float* mask)
        where TVec : struct, IVec<TVec>
    {
        // What is masked becomes -∞, and its exponential 0. A NaN stays one.
        TVec by = TVec.Broadcast(scale), least = TVec.Broadcast(float.NegativeInfinity), most = least, more = least;
        int whole = mask == null ? count / TVec.Count * TVec.Count : 0, i = 0;
        for (; i + TVec.Count < whole; i += 2 * TVec.Count)
        {
            most = TVec.Max(TVec.Load(x + i) * by, most);
            more = TVec.Max(TVec.Load(x + i + TVec.Count) * by, more);
        }

        for (; i < whole; i += TVec.Count)
            most = TVec.Max(TVec.Load(x + i) * by, most);
        for (; i < count; i += TVec.Count)
        {
            int rest = count - i;
            var value = TVec.Load(x + i) * by;
            if (mask != null)
                value = TVec.Select(TVec.Greater(VecTail.Load<TVec>(mask + i, rest), TVec.Zero), value, least);
            if (rest < TVec.Count)
                value = TVec.Select(VecTail.Mask<TVec>(rest), value, least);
            value.Store(x + i);
            most = TVec.Max(value, most);
        }

        float shift = TVec.HorizontalMax(TVec.Max(more, most));
        if (float.IsNegativeInfinity(shift))
            shift = 0;
        TVec sum = TVec.Zero, others = TVec.Zero, top = TVec.Broadcast(shift);
        int end = 0;
        for (; end + TVec.Count < whole; end += 2 * TVec.Count)
        {
            var low = VecMath.ExpNotPositive((TVec.Load(x + end) * by) - top);
            var high = VecMath.ExpNotPositive((TVec.Load(x + end + TVec.Count) * by) - top);
            low.Store(x + end);
            high.Store(x + end + TVec.Count);
            sum += low;
            others += high;
        }

        for (; end < count; end += TVec.Count)
        {
            var e = VecMath.ExpNotPositive((end < whole ? TVec.Load(x + end) * by : TVec.Load(x + end)) - top);
            e.Store(x + end);
            sum += e;
        }

        float total = TVec.Sum(sum + others);
        var share = TVec.Broadcast(total == 0 ? 0 : 1 / total);
        for (i = 0; i < count; i += TVec.Count)
            (TVec.Load(x + i) * share).Store(x + i);
        if (end < columns)
            new Span<float>(x + end, columns - end).Clear();
    }

    // x *= by
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TVec>(float* x, float* by, int count)
        where TVec : struct, IVec<TVec>
    {
        for (int i = 0; i < count; i += TVec.Count)
            (TVec.Load(x + i) * VecTail.Load<TVec>(by + i, count - i)).Store(x + i);
    }

    /// <summary><c>d = weights * (d - Σ d * weights) * scale</c>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxGradient<TVec>(float* weights, float* d, int count, float scale)
        where TVec : struct, IVec<TVec>
    {
        // Beyond the sources weights are 0.
        var sum = TVec.Zero;
        for (int i = 0; i < count; i += TVec.Count)
            TVec.AddProduct(ref sum, TVec.Load(weights + i), TVec.Load(d + i));
        TVec mean = TVec.Broadcast(TVec.Sum(sum)), by = TVec.Broadcast(scale);
        for (int i = 0; i < count; i += TVec.Count)
            (TVec.Load(weights + i) * (TVec.Load(d + i) - mean) * by).Store(d + i);
    }

    /// <summary>What a thread needs for a head.</summary>
    private readonly struct Room
    {
        /// <summary>Floats of a row of weights: whole vectors and tiles of any width.</summary>
        public readonly int Width;

        public readonly long Weights, Slopes, Dropout, Keys, Values, Edges, Total;

        public Room(in AttentionShape s, bool backward)
        {
            Width = (int)Up(s.Sources, Widest);
            long block = Math.Min(Up(s.Steps, TileRows), BlockMost) * Width;
            long at = 0;
            Weights = Take(block);
            Slopes = Take(backward ? block : 0);
            Dropout = Take(s.Rate > 0 ? block + PhiloxRandom.RangeMargin : 0);
            Keys = Take((long)Width * s.Size);
            Values = Take(backward ? (long)Width * s.ValueSize : 0);
            Edges = Take(Widest * (long)Math.Max(s.Steps, s.Sources));
            Total = at;

            long Take(long size)
            {
                long start = at;
                at += Up(size, 16);
                return start;
            }
        }
    }

    private struct ForwardBody : IVecRangeBody
    {
        public AttentionShape S;
        public float* Q, K, V, QueryMask, KeyMask, Y, Workspace;
        public int Step, Blocks;
        public Room Room;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            float* room = Workspace + (worker * Room.Total);
            int packed = -1;
            for (int i = begin; i < end; i++)
            {
                int head = i / Blocks, block = i % Blocks;
                if (head != packed)
                {
                    int row = head / S.Heads, h = head % S.Heads;
                    PackTransposed<TVec>(K + (row * S.Sources * S.Row) + (h * S.Size), S.Row, S.Sources, S.Size, room + Room.Keys);
                    Edge<TVec>(V + (row * S.Sources * S.ValueRow) + (h * S.ValueSize), S.ValueRow, S.Sources, S.ValueSize, room + Room.Edges);
                    packed = head;
                }

                Block<TVec>(head, BlockBegin(S.Steps, Blocks, block), BlockBegin(S.Steps, Blocks, block + 1), room);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Block<TVec>(int head, int begin, int end, float* room)
            where TVec : struct, IVec<TVec>
        {
            int row = head / S.Heads, h = head % S.Heads;
            int seen = S.Causal ? Math.Min(end, S.Sources) : S.Sources;
            float* weights = room + Room.Weights;
            AttentionBlock.Weights<TVec>(S, Room.Width, head, begin, end, seen, Q, room + Room.Keys, QueryMask, KeyMask, weights);
            if (S.Rate > 0)
            {
                float* kept = AttentionBlock.Dropout<TVec>(S, head, begin, end, Step, room + Room.Dropout);
                for (int i = begin; i < end; i++)
                    Multiply<TVec>(weights + ((long)(i - begin) * Room.Width), kept + ((long)(i - begin) * S.Sources), seen);
            }

            float* v = V + (row * S.Sources * S.ValueRow) + (h * S.ValueSize);
            float* y = Y + (((row * (long)S.Steps) + begin) * S.ValueRow) + (h * S.ValueSize);
            Product<TVec>(weights, Room.Width, 1, v, S.ValueRow, room + Room.Edges, seen, y, S.ValueRow, end - begin, S.ValueSize, 0);
        }
    }

    private struct BackwardBody : IVecRangeBody
    {
        public AttentionShape S;
        public float* Dy, Q, K, V, QueryMask, KeyMask, Dq, Dk, Dv, Workspace;
        public int Step, Blocks;
        public Room Room;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            float* room = Workspace + (worker * Room.Total);
            for (int head = begin; head < end; head++)
            {
                int row = head / S.Heads, h = head % S.Heads;
                PackTransposed<TVec>(K + (row * S.Sources * S.Row) + (h * S.Size), S.Row, S.Sources, S.Size, room + Room.Keys);
                PackTransposed<TVec>(V + (row * S.Sources * S.ValueRow) + (h * S.ValueSize), S.ValueRow, S.Sources, S.ValueSize, room + Room.Values);
                if (S.Causal)
                    Clear(row, h);
                for (int block = 0; block < Blocks; block++)
                    Block<TVec>(head, block, room);
            }
        }

        // Of sources that no step has seen yet nothing has been written.
        private readonly void Clear(int row, int h)
        {
            for (int i = 0; i < S.Sources; i++)
            {
                new Span<float>(Dk + (((row * (long)S.Sources) + i) * S.Row) + (h * S.Size), S.Size).Clear();
                new Span<float>(Dv + (((row * (long)S.Sources) + i) * S.ValueRow) + (h * S.ValueSize), S.ValueSize).Clear();
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Block<TVec>(int head, int block, float* room)
            where TVec : struct, IVec<TVec>
        {
            int row = head / S.Heads, h = head % S.Heads, width = Room.Width;
            int begin = BlockBegin(S.Steps, Blocks, block), end = BlockBegin(S.Steps, Blocks, block + 1), steps = end - begin;
            int seen = S.Causal ? Math.Min(end, S.Sources) : S.Sources;
            int add = S.Causal || block > 0 ? GemmTile.Add : 0;
            long source = row * (long)S.Sources, first = (row * (long)S.Steps) + begin;
            float* weights = room + Room.Weights, slopes = room + Room.Slopes, edges = room + Room.Edges, kept = null;
            float* dy = Dy + (first * S.ValueRow) + (h * S.ValueSize);
            AttentionBlock.Weights<TVec>(S, width, head, begin, end, seen, Q, room + Room.Keys, QueryMask, KeyMask, weights);
            Product<TVec>(dy, S.ValueRow, 1, room + Room.Values, 0, null, S.ValueSize, slopes, width, steps, (int)Up(seen, GemmTile.Columns<TVec>()), 0);
            if (S.Rate > 0)
                kept = AttentionBlock.Dropout<TVec>(S, head, begin, end, Step, room + Room.Dropout);
            for (int i = 0; i < steps; i++)
            {
                if (kept != null)
                    Multiply<TVec>(slopes + ((long)i * width), kept + ((long)i * S.Sources), seen);
                SoftmaxGradient<TVec>(weights + ((long)i * width), slopes + ((long)i * width), seen, S.Scale);
                if (kept != null)
                    Multiply<TVec>(weights + ((long)i * width), kept + ((long)i * S.Sources), seen);
            }

            Edge<TVec>(dy, S.ValueRow, steps, S.ValueSize, edges);
            Product<TVec>(weights, 1, width, dy, S.ValueRow, edges, steps, Dv + (source * S.ValueRow) + (h * S.ValueSize), S.ValueRow, seen, S.ValueSize, add);
            float* k = K + (source * S.Row) + (h * S.Size), q = Q + (first * S.Row) + (h * S.Size);
            Edge<TVec>(k, S.Row, seen, S.Size, edges);
            Product<TVec>(slopes, width, 1, k, S.Row, edges, seen, Dq + (first * S.Row) + (h * S.Size), S.Row, steps, S.Size, 0);
            Edge<TVec>(q, S.Row, steps, S.Size, edges);
            Product<TVec>(slopes, 1, width, q, S.Row, edges, steps, Dk + (source * S.Row) + (h * S.Size), S.Row, seen, S.Size, add);
        }
    }

    /// <summary>What both passes do with a block of a head's steps.</summary>
    private static class AttentionBlock
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public static void Weights<TVec>(
            in AttentionShape s, int width, int head, int begin, int end, int seen, float* q, float* keys, float* queryMask, float* keyMask, float* weights)
            where TVec : struct, IVec<TVec>
        {
            int row = head / s.Heads, h = head % s.Heads;
            long first = row * (long)s.Steps;
            int columns = (int)Up(seen, GemmTile.Columns<TVec>());
            Product<TVec>(q + ((first + begin) * s.Row) + (h * s.Size), s.Row, 1, keys, 0, null, s.Size, weights, width, end - begin, columns, 0);
            float* mask = keyMask == null ? null : keyMask + (row * (long)s.Sources);
            for (int i = begin; i < end; i++)
            {
                float* x = weights + ((long)(i - begin) * width);
                if (queryMask != null && queryMask[first + i] == 0)
                    new Span<float>(x, columns).Clear();
                else
                    Weigh<TVec>(x, s.Causal ? Math.Min(i + 1, s.Sources) : s.Sources, columns, s.Scale, mask);
            }
        }

        // What the weights of the block are multiplied by, a row of sources for each step.
        public static float* Dropout<TVec>(in AttentionShape s, int head, int begin, int end, int step, float* room)
            where TVec : struct, IVec<TVec>
        {
            long first = head * (long)s.Steps;
            return PhiloxRandom.DropoutMaskRange<TVec>(room, (first + begin) * s.Sources, (first + end) * s.Sources, s.Rate, s.Seed, step);
        }
    }
}
