using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class RecurrentTests
{
    // Rows that fill blocks and tiles and that do not, units that are whole vectors and that are not, more depth than is taken at a time.
    public static TheoryData<int, int, int> Sizes => new() { { 1, 3, 8 }, { 1, 2, 70 }, { 2, 4, 5 }, { 5, 3, 16 }, { 7, 2, 33 }, { 9, 5, 12 }, { 33, 4, 24 }, { 64, 3, 40 }, { 3, 2, 300 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lstm(int rows, int steps, int units) => Check<LstmCell>(rows, steps, units);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gru(int rows, int steps, int units) => Check<GruCell>(rows, steps, units);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Simple_tanh(int rows, int steps, int units) => Check<TanhCell>(rows, steps, units);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Simple_relu(int rows, int steps, int units) => Check<ReluCell>(rows, steps, units);

    [Theory]
    [InlineData(1, 7, 5)]
    [InlineData(1, 300, 130)]
    [InlineData(2, 16, 64)]
    [InlineData(6, 600, 33)]
    [InlineData(13, 20, 48)]
    [InlineData(16, 257, 16)]
    public void Product_of_a_packed_matrix(int rows, int depth, int columns)
    {
        using Buffer a = Buffer.Random(rows * depth, 1), b = Buffer.Random(depth * columns, 2), transposed = new(depth * columns);
        double[] expected = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                for (int k = 0; k < depth; k++)
                {
                    expected[(i * columns) + j] += (double)a[(i * depth) + k] * b[(k * columns) + j];
                    transposed[(j * depth) + k] = b[(k * columns) + j];
                }
            }
        }

        foreach (bool transpose in (bool[])[false, true])
        {
            Pools.Everywhere(
                pool =>
                {
                    int padded = PanelProduct.PaddedColumns(columns);
                    using Buffer packed = new(PanelProduct.PackedSize(depth, columns)), c = new(rows * padded);
                    PanelProduct.Pack(pool, transpose ? transposed : b, transpose ? columns : depth, transpose ? depth : columns, transpose, packed);
                    Product(a, rows, depth, packed, columns, c);
                    return [.. Enumerable.Range(0, rows).SelectMany(i => c.Span.Slice(i * padded, columns).ToArray())];
                },
                result => Pools.Near(expected, result, 1e-5 * Math.Sqrt(depth)));
        }
    }

    // The numbers themselves are compared with the reference engine's and PyTorch's elsewhere; here that they do not depend on how rows are shared out, nor on the
    // others in the batch, and agree in all widths.
    private static void Check<TCell>(int rows, int steps, int units)
        where TCell : struct, IRecurrentCell
    {
        int width = TCell.Gates * units;
        long places = (long)rows * steps;
        using Buffer x = Buffer.Random(places * width, 1), kernel = Buffer.Random((long)units * width, 2, 1 / MathF.Sqrt(units)), bias = Buffer.Random(width, 3);
        using Buffer state = Buffer.Random((long)rows * units, 4), cell = Buffer.Random((long)rows * units, 5), mask = Buffer.Random(places, 6), dropout = Buffer.Random((long)rows * units, 7);
        using Buffer dy = Buffer.Random(places * units, 8), dh = Buffer.Random((long)rows * units, 9), dc = Buffer.Random((long)rows * units, 10);
        for (int i = 0; i < mask.Count; i++)
            mask[i] = mask[i] > -0.5f ? 1 : 0;
        float[]? first = null;
        Pools.Everywhere(
            pool =>
            {
                using Buffer packed = new(PanelProduct.PackedSize(units, width)), turned = new(PanelProduct.PackedSize(width, units));
                PanelProduct.Pack(pool, kernel, units, width, false, packed);
                PanelProduct.Pack(pool, kernel, units, width, true, turned);
                return [.. Run(0, rows, packed, turned, pool)];
            },
            result =>
            {
                first ??= result;
                Pools.Near([.. first.Select(v => (double)v)], result, 2e-4);
            });

        // One row alone.
        using Buffer alone = new(PanelProduct.PackedSize(units, width)), back = new(PanelProduct.PackedSize(width, units));
        PanelProduct.Pack(Pools.One, kernel, units, width, false, alone);
        PanelProduct.Pack(Pools.One, kernel, units, width, true, back);
        float[] all = Run(0, rows, alone, back, Pools.One), last = Run(rows - 1, rows, alone, back, Pools.One);
        int row = steps * units;
        Pools.Same(all[((rows - 1) * row)..(rows * row)], last[..row]);

        // The states, their last, and the gradients.
        float[] Run(int begin, int end, float* packed, float* turned, WorkerPool pool)
        {
            int count = end - begin;
            long some = (long)count * steps;
            using Buffer y = new(some * units), h = new((long)count * units), c = new((long)count * units), saved = new(Math.Max(1, some * TCell.Saved * units)), cells = new(some * units);
            using Buffer dx = new(some * width), dk = new((long)units * width), db = new(width), dh0 = new((long)count * units), dc0 = new((long)count * units);
            RecurrentSequence s = new()
            {
                Rows = count,
                Steps = steps,
                Units = units,
                State = state.Pointer + (begin * units),
                Cell = TCell.HasCell ? cell.Pointer + (begin * units) : null,
                Mask = mask.Pointer + (begin * steps),
                Dropout = dropout.Pointer + (begin * units),
                Sequence = y,
                Saved = TCell.Saved > 0 ? saved.Pointer : null,
                Cells = TCell.HasCell ? cells.Pointer : null,
            };
            using Buffer workspace = new(Math.Max(
                Recurrent.ForwardWorkspaceSize(units, TCell.Gates, pool.Threads), Recurrent.BackwardWorkspaceSize(s, TCell.Gates, TCell.HasOwnRecurrentGradient, pool.Threads)));
            float* added = TCell.HasOwnRecurrentGradient ? bias.Pointer : null;
            Recurrent.Forward<TCell>(pool, s, x.Pointer + ((long)begin * steps * width), packed, added, h, TCell.HasCell ? c.Pointer : null, workspace);

            // What is not wanted changes nothing.
            using Buffer only = new((long)count * units);
            Recurrent.Forward<TCell>(pool, s with { Sequence = null, Saved = null, Cells = null }, x.Pointer + ((long)begin * steps * width), packed, added, only, null, workspace);
            Pools.Same(h.Span.ToArray(), only.Span.ToArray());
            Recurrent.Backward<TCell>(
                pool, s, turned, dy.Pointer + ((long)begin * steps * units), dh.Pointer + (begin * units), TCell.HasCell ? dc.Pointer + (begin * units) : null,
                dx, dk, TCell.HasOwnRecurrentGradient ? db.Pointer : null, dh0, TCell.HasCell ? dc0.Pointer : null, workspace);
            IEnumerable<float> results = [.. y.Span, .. h.Span, .. dx.Span, .. dk.Span, .. dh0.Span];
            if (TCell.HasCell)
                results = [.. results, .. c.Span, .. dc0.Span, .. cells.Span];
            if (TCell.HasOwnRecurrentGradient)
                results = [.. results, .. db.Span];
            if (TCell.Saved > 0)
                results = [.. results, .. saved.Span];
            return [.. results];
        }
    }

    private static void Product(float* a, int rows, int depth, float* packed, int columns, float* c)
    {
        switch (CpuFeatures.Width)
        {
            case VectorWidth.V512:
                PanelProduct.Run<Vec512>(a, rows, depth, packed, columns, c);
                break;
            case VectorWidth.V256:
                PanelProduct.Run<Vec256>(a, rows, depth, packed, columns, c);
                break;
            default:
                PanelProduct.Run<Vec128>(a, rows, depth, packed, columns, c);
                break;
        }
    }
}
