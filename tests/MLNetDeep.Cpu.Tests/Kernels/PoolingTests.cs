using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class PoolingTests
{
    private static readonly PoolShape[] Shapes =
    [
        new(2, 8, 8, 16, 4, 4, 2, 2, 2, 2, 0, 0),
        new(2, 9, 7, 5, 4, 3, 2, 2, 2, 2, 0, 0),
        new(2, 9, 7, 5, 5, 4, 2, 2, 2, 2, 0, 0),
        new(1, 9, 7, 17, 5, 4, 3, 3, 2, 2, 1, 1),
        new(3, 6, 6, 1, 6, 6, 3, 3, 1, 1, 1, 1),
        new(1, 7, 7, 70, 1, 1, 7, 7, 1, 1, 0, 0),
        new(2, 7, 8, 33, 3, 3, 3, 2, 3, 3, 1, 0),
        new(2, 5, 5, 3, 2, 2, 2, 2, 3, 3, 0, 0),
        new(1, 4, 4, 8, 5, 5, 3, 3, 1, 1, 2, 2),
        new(1, 1, 20, 8, 1, 10, 1, 2, 1, 2, 0, 0),
        new(1, 2, 2, 4, 3, 3, 1, 1, 2, 2, 0, 1),
        new(2, 7, 7, 9, 4, 4, 2, 2, 2, 2, 1, 1),
        new(1, 6, 8, 3, 6, 8, 2, 2, 1, 1, 0, 1),
        new(1, 8, 8, 33, 4, 5, 2, 2, 2, 2, 0, 1),
        new(1, 40, 40, 16, 20, 20, 2, 2, 2, 2, 0, 0),
    ];

    public static TheoryData<int> Indices => new(Enumerable.Range(0, Shapes.Length));

    [Theory]
    [MemberData(nameof(Indices))]
    public void All_of_pooling(int index)
    {
        var s = Shapes[index];
        int xSize = s.Batch * s.Height * s.Width * s.Channels, ySize = s.Batch * s.OutHeight * s.OutWidth * s.Channels;
        using Buffer x = Buffer.Random(xSize, 1), dy = Buffer.Random(ySize, 2), g = Buffer.Random(xSize, 3);

        // Few different values, so that there are equals.
        foreach (ref float value in x.Span)
            value = MathF.Round(value * 3);

        double[] max = new double[ySize], mean = new double[ySize], atMax = new double[ySize], maxBack = new double[xSize], meanBack = new double[xSize];
        for (int at = 0; at < ySize; at++)
        {
            int c = at % s.Channels, column = at / s.Channels % s.OutWidth, row = at / s.Channels / s.OutWidth % s.OutHeight, image = at / s.Channels / s.OutWidth / s.OutHeight;
            var cells = new List<int>();
            for (int i = row * s.StrideH - s.PadTop, iEnd = i + s.WindowHeight; i < iEnd; i++)
            {
                for (int j = column * s.StrideW - s.PadLeft, jEnd = j + s.WindowWidth; j < jEnd; j++)
                {
                    if (i >= 0 && i < s.Height && j >= 0 && j < s.Width)
                        cells.Add((((((image * s.Height) + i) * s.Width) + j) * s.Channels) + c);
                }
            }

            if (cells.Count == 0)
                continue;
            int greatest = cells.MaxBy(cell => x[cell]);
            max[at] = x[greatest];
            atMax[at] = g[greatest];
            maxBack[greatest] += dy[at];
            foreach (int cell in cells)
            {
                mean[at] += x[cell] / (double)cells.Count;
                meanBack[cell] += dy[at] / (double)cells.Count;
            }
        }

        using var y = new Buffer(Array.ConvertAll(max, value => (float)value));
        Same(max, ySize, (pool, to) => Pooling.MaxForward(pool, s, x, to));
        Same(atMax, ySize, (pool, to) => Pooling.MaxGradGrad(pool, s, x, y, g, to));
        Same(maxBack, xSize, (pool, to) => Pooling.MaxBackward(pool, s, x, y, dy, to));
        Same(mean, ySize, (pool, to) => Pooling.AverageForward(pool, s, x, to));
        Same(meanBack, xSize, (pool, to) => Pooling.AverageBackward(pool, s, dy, to));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        using Buffer x = Buffer.Random(1 << 16, 1), y = new(1 << 16, 0), z = new(1 << 16, 0);
        void All()
        {
            foreach (var s in Shapes)
            {
                Pooling.MaxForward(Pools.Two, s, x, y);
                Pooling.MaxBackward(Pools.Two, s, x, y, y, z);
                Pooling.MaxGradGrad(Pools.Two, s, x, y, x, z);
                Pooling.AverageForward(Pools.Two, s, x, y);
                Pooling.AverageBackward(Pools.Two, s, y, z);
            }
        }

        All();
        long before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Same(double[] expected, int size, Action<WorkerPool, Buffer> kernel)
        => Pools.EverywhereSame(pool =>
        {
            using var to = new Buffer(size);
            kernel(pool, to);
            Pools.Near(expected, to.Span, 1e-6);
            return to.Span.ToArray();
        });
}
