using MLNetDeep.Cpu.Kernels;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class MovementTests
{
    public static TheoryData<int[], int[]> Permutations => new()
    {
        { [], [] }, { [5], [0] }, { [1, 1], [1, 0] }, { [3, 4], [1, 0] }, { [3, 4], [0, 1] }, { [257, 131], [1, 0] }, { [1024, 3], [1, 0] }, { [3, 1000], [1, 0] },
        { [8, 33, 70], [0, 2, 1] }, { [8, 33, 70], [2, 0, 1] }, { [8, 33, 70], [1, 2, 0] }, { [8, 33, 70], [2, 1, 0] }, { [8, 33, 70], [1, 0, 2] },
        { [3, 7, 4, 32], [0, 2, 1, 3] }, { [3, 7, 4, 32], [0, 2, 3, 1] }, { [3, 7, 4, 32], [3, 2, 1, 0] }, { [3, 70, 4, 5], [0, 2, 1, 3] },
        { [2, 3, 1, 4, 2, 3, 2, 2], [7, 6, 5, 4, 3, 2, 1, 0] }, { [2, 3, 1, 4, 2, 3, 2, 2], [0, 2, 1, 4, 3, 7, 5, 6] }, { [4, 0, 3], [2, 1, 0] },
        { [16, 16, 16], [0, 2, 1] }, { [2, 300, 300], [0, 2, 1] },
    };

    [Theory]
    [MemberData(nameof(Permutations))]
    public void Transposes(int[] dims, int[] perm)
    {
        int count = dims.Aggregate(1, (a, b) => a * b);
        using var x = Sequence(count);
        var expected = new float[count];
        var strides = Strides(dims);
        for (int i = 0; i < count; i++)
        {
            int rest = i, from = 0;
            for (int axis = perm.Length - 1; axis >= 0; axis--)
            {
                from += rest % dims[perm[axis]] * strides[perm[axis]];
                rest /= dims[perm[axis]];
            }

            expected[i] = x[from];
        }

        Pools.Everywhere(pool => Result(count, y => Transpose.Run(pool, x, y, dims, perm)), r => Pools.Same(expected, r));
    }

    public static TheoryData<int[], int[]> Broadcasts => new()
    {
        { [], [] }, { [], [7] }, { [1], [40_000] }, { [5], [5] }, { [50_000], [50_000] }, { [10], [128, 10] }, { [128, 1], [128, 10] }, { [1, 10], [128, 10] },
        { [3, 1, 5], [3, 4, 5] }, { [3, 1, 5, 1], [2, 3, 4, 5, 6] }, { [1, 30_000], [3, 30_000] }, { [2, 1], [2, 40_000] }, { [3, 1], [3, 0] },
        { [1, 2, 1, 2, 1, 2, 1, 2], [2, 2, 2, 2, 2, 2, 2, 2] }, { [7, 1, 1], [7, 33, 65] }, { [64, 1, 33], [64, 40, 33] },
    };

    [Theory]
    [MemberData(nameof(Broadcasts))]
    public void Broadcasts_as_numpy(int[] from, int[] to)
    {
        int count = to.Aggregate(1, (a, b) => a * b);
        using var x = Sequence(from.Aggregate(1, (a, b) => a * b));
        var strides = Strides(from);
        var expected = new float[count];
        for (int i = 0; i < count; i++)
        {
            int rest = i, at = 0;
            for (int axis = 1; axis <= to.Length; axis++)
            {
                if (axis <= from.Length && from[^axis] > 1)
                    at += rest % to[^axis] * strides[^axis];
                rest /= to[^axis];
            }

            expected[i] = x[at];
        }

        Pools.Everywhere(pool => Result(count, y => Broadcast.Run(pool, x, from, y, to)), r => Pools.Same(expected, r));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var x = new Buffer(100);
        Assert.Throws<ArgumentException>(() => Broadcast.Run(Pools.One, x, [3], x, [4]));
        Assert.Throws<ArgumentException>(() => Broadcast.Run(Pools.One, x, [3, 1], x, [3]));
        Assert.Throws<ArgumentException>(() => Transpose.Run(Pools.One, x, x, [3, 1], [0]));
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(10, 7, 9, 12)]
    [InlineData(300, 200, 200, 200)]
    [InlineData(300, 200, 250, 230)]
    [InlineData(2, 100_000, 100_003, 100_001)]
    [InlineData(1000, 1, 5, 3)]
    public void Copies_rows(int rows, int columns, int sourceStride, int targetStride)
    {
        using var x = Sequence(rows * sourceStride);
        var expected = new float[rows * targetStride];
        Array.Fill(expected, -1);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                expected[(r * targetStride) + c] = x[(r * sourceStride) + c];
        }

        Pools.Everywhere(
            pool => Result(expected.Length, y =>
            {
                y.Span.Fill(-1);
                StridedCopy.Run(pool, x, sourceStride, y, targetStride, rows, columns);
            }),
            r => Pools.Same(expected, r));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(100, 7, 13)]
    [InlineData(3000, 64, 500)]
    [InlineData(5000, 3, 40)]
    [InlineData(50, 1000, 9)]
    [InlineData(0, 4, 3)]
    [InlineData(2000, 20, 1)]
    public void Gathers_and_sums_segments(int count, int width, int rows)
    {
        using Buffer table = Buffer.Random(rows * width, 1), data = Buffer.Random(count * width, 2);
        var random = new Random(3);
        using var ids = new Buffer(Enumerable.Range(0, count).Select(i => i % 11 == 10 ? int.MinValue + i : i % 13 == 12 ? rows : random.Next(rows)).ToArray());
        var gathered = new float[count * width];
        var sums = new float[rows * width];
        for (int i = 0; i < count; i++)
        {
            int id = ids.Ints[i];
            for (int j = 0; j < width; j++)
            {
                gathered[(i * width) + j] = id >= 0 && id < rows ? table[(id * width) + j] : float.NaN;
                if (id >= 0 && id < rows)
                    sums[(id * width) + j] += data[(i * width) + j];
            }
        }

        Pools.Everywhere(
            pool => Result(count * width, y => Gather.Run(pool, table, ids.IntPointer, y, count, width, rows)), r => Pools.Same(gathered, r));
        Pools.Everywhere(
            pool => Result(rows * width, y => SegmentSum.Run(pool, data, ids.IntPointer, y, count, width, rows)), r => Pools.Same(sums, r));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 10)]
    [InlineData(700, 99)]
    public void One_hot(int count, int depth)
    {
        using var ids = new Buffer(Enumerable.Range(0, count).Select(i => (i * 7 % (depth + 2)) - 1).ToArray());
        var expected = new float[count * depth];
        for (int i = 0; i < expected.Length; i++)
            expected[i] = ids.Ints[i / depth] == i % depth ? 0.9f : 0.1f;
        Pools.Everywhere(
            pool => Result(expected.Length, y => OneHot.Run(pool, ids.IntPointer, y, count, depth, 0.9f, 0.1f)), r => Pools.Same(expected, r));
    }

    private static Buffer Sequence(int count)
    {
        var buffer = new Buffer(count);
        for (int i = 0; i < count; i++)
            buffer[i] = i;
        return buffer;
    }

    private static int[] Strides(int[] dims)
    {
        var strides = new int[dims.Length];
        int step = 1;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= dims[i];
        }

        return strides;
    }

    private static float[] Result(int count, Action<Buffer> kernel)
    {
        using var buffer = new Buffer(count);
        kernel(buffer);
        return buffer.Span.ToArray();
    }
}
