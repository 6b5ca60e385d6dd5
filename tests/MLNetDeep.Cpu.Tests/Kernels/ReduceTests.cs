using MLNetDeep.Cpu.Kernels;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class ReduceTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 7, 1 }, { 1, 1, 7 }, { 5, 1, 3 }, { 3, 17, 1 }, { 100, 10, 1 }, { 33, 300, 1 }, { 1, 100_003, 1 }, { 4, 40_000, 1 },
        { 1, 128, 256 }, { 1, 128, 10 }, { 1, 1000, 67 }, { 1, 40_001, 3 }, { 7, 13, 11 }, { 2, 5000, 32 }, { 64, 64, 17 }, { 2, 3, 70_000 },
        { 0, 3, 4 }, { 3, 0, 4 }, { 3, 0, 1 }, { 70_000, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void All_kinds(int outer, int axis, int inner)
    {
        using var x = Buffer.Random((long)outer * axis * inner, 5);
        foreach (var kind in Enum.GetValues<ReduceKind>())
        {
            var expected = new double[outer * inner];
            for (int o = 0; o < outer; o++)
            {
                for (int i = 0; i < inner; i++)
                {
                    double sum = kind switch { ReduceKind.Max => double.NegativeInfinity, ReduceKind.Min => double.PositiveInfinity, ReduceKind.Prod => 1, _ => 0 };
                    for (int a = 0; a < axis; a++)
                    {
                        double value = x[((((long)o * axis) + a) * inner) + i];
                        sum = kind switch { ReduceKind.Max => Math.Max(sum, value), ReduceKind.Min => Math.Min(sum, value), ReduceKind.Prod => sum * value, _ => sum + value };
                    }

                    expected[(o * inner) + i] = kind == ReduceKind.Mean ? sum / axis : sum;
                }
            }

            Pools.Everywhere(
                pool =>
                {
                    using var y = new Buffer(outer * inner);
                    using var workspace = new Buffer(Reduce.WorkspaceSize(outer, axis, inner));
                    Reduce.Run(pool, kind, x, y, outer, axis, inner, workspace);
                    return y.Span.ToArray();
                },
                result => Pools.Near(expected, result, kind == ReduceKind.Sum ? 1e-5 * Math.Sqrt(axis + 1) : 1e-5, $"{kind} "));
        }
    }

    [Theory]
    [InlineData(1, 100, 1)]
    [InlineData(1, 50, 9)]
    [InlineData(1, 80_000, 1)]
    public void Nan_shows_wherever_it_stands(int outer, int axis, int inner)
    {
        using var x = Buffer.Random((long)outer * axis * inner, 5);
        foreach (int at in (int[])[0, 1, axis / 2, axis - 1])
        {
            float before = x[at * inner];
            x[at * inner] = float.NaN;
            foreach (var kind in Enum.GetValues<ReduceKind>())
            {
                Pools.Everywhere(
                    pool =>
                    {
                        using var y = new Buffer(outer * inner, 0);
                        using var workspace = new Buffer(Reduce.WorkspaceSize(outer, axis, inner));
                        Reduce.Run(pool, kind, x, y, outer, axis, inner, workspace);
                        return y.Span.ToArray();
                    },
                    result => Assert.Equal(1, result.Count(float.IsNaN)));
            }

            x[at * inner] = before;
        }
    }

    [Fact]
    public void Workspace_grows_with_each_size()
    {
        var random = new Random(1);
        for (int i = 0; i < 5000; i++)
        {
            int outer = random.Next(1, 300), axis = random.Next(1, 5000), inner = random.Next(1, 300);
            long size = Reduce.WorkspaceSize(outer, axis, inner);
            Assert.True(size <= Reduce.WorkspaceSize(outer + 1, axis, inner));
            Assert.True(size <= Reduce.WorkspaceSize(outer, axis + 50, inner));
            Assert.True(size <= Reduce.WorkspaceSize(outer, axis, inner + 1));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Place_of_the_greatest(int outer, int axis, int inner)
    {
        using var x = new Buffer((long)outer * axis * inner);
        var random = new Random(3);
        foreach (ref float value in x.Span)
            value = random.Next(200) == 0 ? float.NaN : random.Next(-3, 4);
        var expected = new float[outer * inner];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int best = 0;
                for (int a = 1; a < axis; a++)
                {
                    float value = x[((((long)o * axis) + a) * inner) + i], most = x[((((long)o * axis) + best) * inner) + i];
                    if (value > most || (float.IsNaN(value) && !float.IsNaN(most)))
                        best = a;
                }

                expected[(o * inner) + i] = best;
            }
        }

        Pools.Everywhere(
            pool =>
            {
                using var y = new Buffer(outer * inner);
                ArgMax.Run(pool, x, y.IntPointer, outer, axis, inner);
                return Array.ConvertAll(y.Ints.ToArray(), i => (float)i);
            },
            result => Pools.Same(expected, result));
    }
}
