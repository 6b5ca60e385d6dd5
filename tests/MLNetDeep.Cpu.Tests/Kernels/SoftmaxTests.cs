using MLNetDeep.Cpu.Kernels;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class SoftmaxTests
{
    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 1, 2 }, { 3, 7 }, { 128, 10 }, { 5, 16 }, { 31, 33 }, { 300, 100 }, { 2, 5003 }, { 0, 5 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_and_backward(int rows, int columns)
    {
        using var x = Buffer.Random(rows * columns, 7, 5);
        using var dy = Buffer.Random(rows * columns, 8);
        double[] y = new double[rows * columns], log = new double[rows * columns];
        double[] dx = new double[rows * columns], dlog = new double[rows * columns];
        for (int r = 0; r < rows; r++)
        {
            double sum = 0, dot = 0, total = 0;
            for (int c = 0; c < columns; c++)
                sum += Math.Exp(x[(r * columns) + c]);
            for (int c = r * columns; c < (r + 1) * columns; c++)
            {
                y[c] = Math.Exp(x[c]) / sum;
                log[c] = x[c] - Math.Log(sum);
                dot += y[c] * dy[c];
                total += dy[c];
            }

            for (int c = r * columns; c < (r + 1) * columns; c++)
            {
                dx[c] = y[c] * (dy[c] - dot);
                dlog[c] = dy[c] - (y[c] * total);
            }
        }

        using Buffer forward = new(Array.ConvertAll(y, v => (float)v)), forwardLog = new(Array.ConvertAll(log, v => (float)v));
        int count = rows * columns;
        Pools.Everywhere(p => Result(count, to => Softmax.Forward(p, x, to, rows, columns)), r => Pools.Near(y, r, 1e-6));
        Pools.Everywhere(p => Result(count, to => LogSoftmax.Forward(p, x, to, rows, columns)), r => Pools.Near(log, r, 2e-6));
        Pools.Everywhere(p => Result(count, to => Softmax.Backward(p, forward, dy, to, rows, columns)), r => Pools.Near(dx, r, 1e-6));
        Pools.Everywhere(p => Result(count, to => LogSoftmax.Backward(p, forwardLog, dy, to, rows, columns)), r => Pools.Near(dlog, r, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cross_entropy(int rows, int columns)
    {
        using var x = Buffer.Random(rows * columns, 7, 30);
        var labels = new int[rows];
        var random = new Random(2);
        for (int i = 0; i < rows; i++)
            labels[i] = i % 5 == 4 ? (i % 2 == 0 ? -1 : columns + 3) : random.Next(columns);
        using var ids = new Buffer(labels);
        var expected = new double[rows + (rows * columns)];
        for (int r = 0; r < rows; r++)
        {
            double sum = 0;
            for (int c = 0; c < columns; c++)
                sum += Math.Exp(x[(r * columns) + c]);
            bool known = labels[r] >= 0 && labels[r] < columns;
            expected[r] = known ? Math.Log(sum) - x[(r * columns) + labels[r]] : double.NaN;
            for (int c = 0; c < columns; c++)
                expected[rows + (r * columns) + c] = known ? (Math.Exp(x[(r * columns) + c]) / sum) - (c == labels[r] ? 1 : 0) : double.NaN;
        }

        Pools.Everywhere(
            pool =>
            {
                using Buffer loss = new(rows), backprop = new(rows * columns);
                SparseCrossEntropy.Run(pool, x, ids.IntPointer, loss, backprop, rows, columns);
                return [.. loss.Span, .. backprop.Span];
            },
            result => Pools.Near(expected, result, 3e-6));
    }

    [Fact]
    public void Great_values_do_not_overflow_and_nan_fills_its_row_only()
    {
        using Buffer x = new([1e38f, -1e38f, 0, 1000, 1001, 1002, 1, float.NaN, 1, float.NegativeInfinity, 0, 0]), y = new(12);
        Softmax.Forward(Pools.One, x, y, 4, 3);
        Pools.Near([1, 0, 0, 0.09003057, 0.24472847, 0.66524096, double.NaN, double.NaN, double.NaN, 0, 0.5, 0.5], y.Span, 1e-6);
    }

    private static float[] Result(int count, Action<Buffer> kernel)
    {
        using var buffer = new Buffer(count);
        kernel(buffer);
        return buffer.Span.ToArray();
    }
}
