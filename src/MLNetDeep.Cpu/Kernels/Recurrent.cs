using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Recurrent layers over whole sequences, after the input projection: see the operations LSTM, GRU and SimpleRNN of graphs.</summary>
/// <remarks>
/// Threads share the rows, a block of rows at a time, and take each block through all steps on their own: nobody waits for anybody. A row's numbers do not depend
/// on the others in its block. The recurrent kernel is packed beforehand (<see cref="PanelProduct"/>); the gradient's product over all rows and steps, by which the
/// kernel learns, is one matrix product afterwards.
/// </remarks>
internal static unsafe class Recurrent
{
    /// <summary>Rows in a block: tiles of six, six and four rows that stay in the first-level cache with a panel of the kernel.</summary>
    private const int BlockRows = 16;

    /// <summary>Multiply-adds that are not worth another thread.</summary>
    private const long SerialWork = 200_000;

    /// <summary>Floats of workspace that <see cref="Forward"/> needs.</summary>
    public static long ForwardWorkspaceSize(int units, int gates, int threads) => threads * ForwardBlockSize(units, gates);

    /// <summary>Floats of workspace that <see cref="Backward"/> needs.</summary>
    public static long BackwardWorkspaceSize(in RecurrentSequence s, int gates, bool ownRecurrentGradient, int threads)
    {
        long places = (long)s.Rows * s.Steps;
        long own = ownRecurrentGradient ? Up(places * gates * s.Units) : 0;
        long later = Math.Max(Gemm.WorkspaceSize(KernelShape(s, gates), threads), Reduce.WorkspaceSize(1, (int)places, gates * s.Units));
        return Up(places * s.Units) + own + Math.Max(threads * BackwardBlockSize(s.Units, gates), later);
    }

    /// <summary>All steps.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes, and results of each step, of which all but those wanted are null.</param>
    /// <param name="projection">Rows by steps by gates · units.</param>
    /// <param name="packed">The recurrent kernel, packed.</param>
    /// <param name="bias">Added to the recurrent products, or null.</param>
    /// <param name="lastState">Result, rows by units, or null.</param>
    /// <param name="lastCell">Result, rows by units, or null.</param>
    /// <param name="workspace"><see cref="ForwardWorkspaceSize"/> floats.</param>
    public static void Forward<TCell>(
        WorkerPool pool, in RecurrentSequence s, float* projection, float* packed, float* bias, float* lastState, float* lastCell, float* workspace)
        where TCell : struct, IRecurrentCell
    {
        var body = new ForwardBody<TCell>
        {
            Sequence = s,
            Projection = projection,
            Packed = packed,
            Bias = bias,
            LastState = lastState,
            LastCell = lastCell,
            Workspace = workspace,
            Rows = RowsOf(pool, s, TCell.Gates),
        };
        pool.ForVec((s.Rows + body.Rows - 1) / body.Rows, 1, ref body);
    }

    /// <summary>Gradients of <see cref="Forward"/>.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="s">As then, with what was saved.</param>
    /// <param name="packed">The recurrent kernel transposed, packed.</param>
    /// <param name="dSequence">Gradient by the state of each step, or null.</param>
    /// <param name="dLastState">Gradient by the last state, or null.</param>
    /// <param name="dLastCell">Gradient by the last cell, or null.</param>
    /// <param name="dProjection">Result.</param>
    /// <param name="dKernel">Result.</param>
    /// <param name="dBias">Result, or null.</param>
    /// <param name="dState">Result, or null.</param>
    /// <param name="dCell">Result, or null.</param>
    /// <param name="workspace"><see cref="BackwardWorkspaceSize"/> floats.</param>
    public static void Backward<TCell>(
        WorkerPool pool, in RecurrentSequence s, float* packed, float* dSequence, float* dLastState, float* dLastCell,
        float* dProjection, float* dKernel, float* dBias, float* dState, float* dCell, float* workspace)
        where TCell : struct, IRecurrentCell
    {
        long places = (long)s.Rows * s.Steps;
        float* before = workspace;
        workspace += Up(places * s.Units);
        float* dProducts = dProjection;
        if (TCell.HasOwnRecurrentGradient)
        {
            dProducts = workspace;
            workspace += Up(places * TCell.Gates * s.Units);
        }

        var body = new BackwardBody<TCell>
        {
            Sequence = s,
            Packed = packed,
            DSequence = dSequence,
            DLastState = dLastState,
            DLastCell = dLastCell,
            DProjection = dProjection,
            DProducts = TCell.HasOwnRecurrentGradient ? dProducts : null,
            DState = dState,
            DCell = dCell,
            Before = before,
            Workspace = workspace,
            Rows = RowsOf(pool, s, TCell.Gates),
        };
        pool.ForVec((s.Rows + body.Rows - 1) / body.Rows, 1, ref body);
        Gemm.Run(pool, KernelShape(s, TCell.Gates), before, dProducts, dKernel, null, workspace);
        if (dBias != null)
            Reduce.Run(pool, ReduceKind.Sum, dProducts, dBias, 1, (int)places, TCell.Gates * s.Units, workspace);
    }

    private static GemmShape KernelShape(in RecurrentSequence s, int gates) => new(s.Units, gates * s.Units, s.Rows * s.Steps, true, false);

    private static int RowsOf(WorkerPool pool, in RecurrentSequence s, int gates)
    {
        bool isSmall = (long)s.Rows * s.Steps * s.Units * s.Units * gates <= SerialWork;
        return isSmall ? BlockRows : Math.Clamp((s.Rows + pool.Threads - 1) / pool.Threads, 1, BlockRows);
    }

    private static long Up(long value) => (value + 15) / 16 * 16;

    private static long StateSize(int units) => Up((long)BlockRows * units);

    // State, state after dropout, cell, products.
    private static long ForwardBlockSize(int units, int gates) => (3 * StateSize(units)) + ((long)BlockRows * PanelProduct.PaddedColumns(gates * units));

    // Gradients by state, cell and gates, products, a state of zeros.
    private static long BackwardBlockSize(int units, int gates) =>
        (2 * StateSize(units)) + StateSize(gates * units) + ((long)BlockRows * PanelProduct.PaddedColumns(units)) + Up(units);

    private static void Load(float* from, float* to, long count)
    {
        if (from == null)
            new Span<float>(to, (int)count).Clear();
        else
            Copy(from, to, count);
    }

    private static void Copy(float* from, float* to, long count) => new ReadOnlySpan<float>(from, (int)count).CopyTo(new(to, (int)count));

    /// <summary><c>y = a · b</c>, elementwise.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TVec>(float* a, float* b, float* y, int count)
        where TVec : struct, IVec<TVec>
    {
        for (int i = 0; i < count; i += TVec.Count)
            VecTail.Store(VecTail.Load<TVec>(a + i, count - i) * VecTail.Load<TVec>(b + i, count - i), y + i, count - i);
    }

    /// <summary><c>y += a [· b]</c>, elementwise.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add<TVec>(float* a, float* b, float* y, int count)
        where TVec : struct, IVec<TVec>
    {
        for (int i = 0; i < count; i += TVec.Count)
        {
            int rest = count - i;
            var more = VecTail.Load<TVec>(a + i, rest);
            if (b != null)
                more *= VecTail.Load<TVec>(b + i, rest);
            VecTail.Store(VecTail.Load<TVec>(y + i, rest) + more, y + i, rest);
        }
    }

    private struct ForwardBody<TCell> : IVecRangeBody
        where TCell : struct, IRecurrentCell
    {
        public RecurrentSequence Sequence;
        public float* Projection, Packed, Bias, LastState, LastCell, Workspace;
        public int Rows;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            float* block = Workspace + (worker * ForwardBlockSize(Sequence.Units, TCell.Gates));
            for (int i = begin; i < end; i++)
                Block<TVec>(i * Rows, Math.Min((i + 1) * Rows, Sequence.Rows), block);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Block<TVec>(int begin, int end, float* block)
            where TVec : struct, IVec<TVec>
        {
            int units = Sequence.Units, steps = Sequence.Steps, width = TCell.Gates * units, rows = end - begin;
            long size = (long)rows * units, first = (long)begin * units, stride = PanelProduct.PaddedColumns(width);
            float* h = block;
            float* dropped = h + StateSize(units);
            float* c = dropped + StateSize(units);
            float* products = c + StateSize(units);
            Load(Sequence.State == null ? null : Sequence.State + first, h, size);
            if (TCell.HasCell)
                Load(Sequence.Cell == null ? null : Sequence.Cell + first, c, size);
            for (int i = 0; i < steps; i++)
            {
                int step = Sequence.Step(i);
                if (i == 0 && Sequence.State == null)
                {
                    new Span<float>(products, rows * (int)stride).Clear();
                }
                else if (!Sequence.AreMasked(begin, end, step))
                {
                    if (Sequence.Dropout != null)
                        Multiply<TVec>(h, Sequence.Dropout + first, dropped, (int)size);
                    PanelProduct.Run<TVec>(Sequence.Dropout == null ? h : dropped, rows, units, Packed, width, products);
                }

                for (int row = 0; row < rows; row++)
                {
                    long place = ((long)(begin + row) * steps) + step;
                    float* state = h + ((long)row * units);
                    float* cell = c + ((long)row * units);
                    float* saved = Sequence.Saved == null ? null : Sequence.Saved + (place * TCell.Saved * units);
                    if (!Sequence.IsMasked(begin + row, step))
                        TCell.Forward<TVec>(Projection + (place * width), products + (row * stride), Bias, state, cell, saved, units);
                    else if (saved != null)
                        new Span<float>(saved, TCell.Saved * units).Clear();
                    if (Sequence.Sequence != null)
                        Copy(state, Sequence.Sequence + (place * units), units);
                    if (TCell.HasCell && Sequence.Cells != null)
                        Copy(cell, Sequence.Cells + (place * units), units);
                }
            }

            if (LastState != null)
                Copy(h, LastState + first, size);
            if (TCell.HasCell && LastCell != null)
                Copy(c, LastCell + first, size);
        }
    }

    private struct BackwardBody<TCell> : IVecRangeBody
        where TCell : struct, IRecurrentCell
    {
        public RecurrentSequence Sequence;
        public float* Packed, DSequence, DLastState, DLastCell, DProjection, DProducts, DState, DCell, Before, Workspace;
        public int Rows;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            float* block = Workspace + (worker * BackwardBlockSize(Sequence.Units, TCell.Gates));
            for (int i = begin; i < end; i++)
                Block<TVec>(i * Rows, Math.Min((i + 1) * Rows, Sequence.Rows), block);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Block<TVec>(int begin, int end, float* block)
            where TVec : struct, IVec<TVec>
        {
            int units = Sequence.Units, width = TCell.Gates * units, rows = end - begin;
            long size = (long)rows * units, first = (long)begin * units, stride = PanelProduct.PaddedColumns(units);
            float* dh = block;
            float* dc = dh + StateSize(units);
            float* dgates = dc + StateSize(units);
            float* products = dgates + StateSize(width);
            float* zeros = products + (BlockRows * stride);
            new Span<float>(zeros, units).Clear();
            Load(DLastState == null ? null : DLastState + first, dh, size);
            if (TCell.HasCell)
                Load(DLastCell == null ? null : DLastCell + first, dc, size);
            for (int i = Sequence.Steps - 1; i >= 0; i--)
            {
                int step = Sequence.Step(i);
                for (int row = 0; row < rows; row++)
                    Row<TVec>(begin + row, i, step, dh + ((long)row * units), dc + ((long)row * units), dgates + ((long)row * width), zeros);

                if (i > 0 && Sequence.Truncate > 0 && i % Sequence.Truncate == 0)
                {
                    new Span<float>(dh, (int)size).Clear();
                    if (TCell.HasCell)
                        new Span<float>(dc, (int)size).Clear();
                }
                else if ((i > 0 || DState != null) && !Sequence.AreMasked(begin, end, step))
                {
                    PanelProduct.Run<TVec>(dgates, rows, width, Packed, units, products);
                    for (int row = 0; row < rows; row++)
                    {
                        float* factors = Sequence.Dropout == null ? null : Sequence.Dropout + first + ((long)row * units);
                        Add<TVec>(products + (row * stride), factors, dh + ((long)row * units), units);
                    }
                }
            }

            if (DState != null)
                Copy(dh, DState + first, size);
            if (TCell.HasCell && DCell != null)
                Copy(dc, DCell + first, size);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Row<TVec>(int row, int index, int step, float* dh, float* dc, float* dgates, float* zeros)
            where TVec : struct, IVec<TVec>
        {
            int units = Sequence.Units, width = TCell.Gates * units;
            long place = ((long)row * Sequence.Steps) + step;
            long placeBefore = index > 0 ? ((long)row * Sequence.Steps) + Sequence.Step(index - 1) : -1;
            if (DSequence != null)
                Add<TVec>(DSequence + (place * units), null, dh, units);
            float* hBefore = placeBefore >= 0 ? Sequence.Sequence + (placeBefore * units) : Sequence.State == null ? zeros : Sequence.State + ((long)row * units);
            if (Sequence.Dropout == null)
                Copy(hBefore, Before + (place * units), units);
            else
                Multiply<TVec>(hBefore, Sequence.Dropout + ((long)row * units), Before + (place * units), units);
            float* dx = DProjection + (place * width);
            if (Sequence.IsMasked(row, step))
            {
                new Span<float>(dgates, width).Clear();
                new Span<float>(dx, width).Clear();
            }
            else
            {
                float* c = null;
                float* cBefore = null;
                if (TCell.HasCell)
                {
                    c = Sequence.Cells + (place * units);
                    cBefore = placeBefore >= 0 ? Sequence.Cells + (placeBefore * units) : Sequence.Cell == null ? zeros : Sequence.Cell + ((long)row * units);
                }

                TCell.Backward<TVec>(
                    Sequence.Saved + (place * TCell.Saved * units), Sequence.Sequence + (place * units), c, hBefore, cBefore, dh, dc, dx, dgates, units);
            }

            if (DProducts != null)
                Copy(dgates, DProducts + (place * width), width);
        }
    }
}
