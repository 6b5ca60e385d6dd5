using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class GemmTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 1, 37 }, { 1, 5, 3 }, { 1, 17, 1 }, { 1, 64, 33 }, { 1, 131, 70 }, { 1, 300, 257 },
        { 5, 1, 7 }, { 130, 1, 100 }, { 67, 1, 1 },
        { 2, 10, 20 }, { 2, 64, 50 }, { 3, 128, 31 }, { 3, 37, 64 }, { 4, 48, 9 }, { 5, 33, 40 }, { 6, 16, 8 }, { 7, 15, 12 },
        { 8, 32, 19 }, { 9, 100, 77 }, { 12, 32, 64 }, { 13, 13, 13 }, { 25, 10, 256 }, { 31, 64, 31 }, { 47, 97, 53 }, { 48, 64, 10 },
        { 49, 64, 10 }, { 64, 1, 64 }, { 97, 89, 101 }, { 128, 10, 65 }, { 61, 256, 321 }, { 200, 48, 330 }, { 50, 40, 641 }, { 397, 35, 20 },
        { 12, 60, 17 }, { 16, 9, 50 }, { 150, 40, 8200 }, { 7, 3, 0 }, { 1, 4, 0 }, { 10, 12, 2100 }, { 33, 1, 2100 }, { 2, 3300, 5 }, { 60, 3300, 330 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Product_of_any_storage_order(int m, int n, int k)
    {
        // The greatest sizes only in the machine's own width: a width that it lacks is slow.
        bool great = (long)m * n * k > 3_000_000;
        for (int order = 0; order < 4; order++)
            Check(new GemmShape(m, n, k, (order & 1) != 0, (order & 2) != 0), false, great);
    }

    [Theory]
    [InlineData(1, 40, 19)]
    [InlineData(3, 128, 33)]
    [InlineData(20, 50, 330)]
    [InlineData(70, 64, 20)]
    [InlineData(50, 1, 20)]
    [InlineData(4, 9, 20)]
    [InlineData(11, 12, 2100)]
    public void Adds_bias_and_old_values_and_cuts_negative_results(int m, int n, int k)
    {
        for (int option = 0; option < 32; option++)
        {
            var activation = (option & 1) != 0 ? GemmActivation.Relu : GemmActivation.None;
            Check(
                new GemmShape(m, n, k, (option & 8) != 0, (option & 16) != 0, Accumulate: (option & 2) != 0, Activation: activation),
                (option & 4) != 0,
                false);
        }
    }

    [Theory]
    [InlineData(7, 20, 33, 12)]
    [InlineData(3, 64, 64, 64)]
    [InlineData(50, 1, 20, 12)]
    [InlineData(2, 120, 100, 90)]
    public void Batches(int batch, int m, int n, int k)
    {
        for (int order = 0; order < 4; order++)
        {
            bool ta = (order & 1) != 0, tb = (order & 2) != 0;
            Check(new GemmShape(m, n, k, ta, tb, batch, (long)m * k, (long)n * k, (long)m * n), true, false);
            Check(new GemmShape(m, n, k, ta, tb, batch, (long)m * k, 0, (long)m * n), true, false);
            Check(new GemmShape(m, n, k, ta, tb, batch, 0, (long)n * k, (long)m * n, true), false, false);
        }
    }

    [Fact]
    public void A_not_a_number_stays_one()
    {
        using Buffer a = new(2 * 8, 1), b = new(8 * 20, 1), c = new(40), bias = new(20, 1);
        a[3] = float.NaN;
        var shape = new GemmShape(2, 20, 8, false, false, Activation: GemmActivation.Relu);
        using var workspace = new Buffer(Gemm.WorkspaceSize(shape, 1));
        Gemm.Run(Pools.One, shape, a, b, c, bias, workspace);
        Assert.All(c.Span[..20].ToArray(), x => Assert.True(float.IsNaN(x)));
        Assert.All(c.Span[20..].ToArray(), x => Assert.Equal(9, x));
    }

    [Fact]
    public void Workspace_grows_with_the_shape()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            var s = new GemmShape(random.Next(1, 3000), random.Next(1, 5000), random.Next(1, 5000), random.Next(2) == 0, random.Next(2) == 0, random.Next(1, 3));
            Assert.True(Gemm.WorkspaceSize(s, 3) <= Gemm.WorkspaceSize(s with { M = s.M + 100 }, 3));
            Assert.True(Gemm.WorkspaceSize(s, 3) <= Gemm.WorkspaceSize(s with { K = s.K + 1000 }, 3));
            Assert.True(Gemm.WorkspaceSize(s, 3) <= Gemm.WorkspaceSize(s with { Batch = s.Batch + 1 }, 3));
            Assert.True(Gemm.WorkspaceSize(s, 3) <= Gemm.WorkspaceSize(s, 4));
        }
    }

    private static void Check(GemmShape s, bool withBias, bool ownWidthOnly)
    {
        using var a = Buffer.Random(s.StrideA == 0 ? (long)s.M * s.K : s.StrideA * s.Batch, 1);
        using var b = Buffer.Random(s.StrideB == 0 ? (long)s.N * s.K : s.StrideB * s.Batch, 2);
        using var old = Buffer.Random((long)s.M * s.N * s.Batch, 3);
        using var bias = Buffer.Random(s.N, 4);
        var expected = Expected(s, a, b, old, withBias ? bias.Pointer : null);

        float[] Run(MLNetDeep.Cpu.Threading.WorkerPool pool)
        {
            using var workspace = new Buffer(Gemm.WorkspaceSize(s, pool.Threads));
            using var c = s.Accumulate ? new Buffer(old.Span.ToArray()) : new Buffer(old.Count);
            Gemm.Run(pool, s, a, b, c, withBias ? bias.Pointer : null, workspace);
            return c.Span.ToArray();
        }

        void Compare(float[] result) => Pools.Near(expected, result, 1e-5 * Math.Sqrt(s.K + 10), $"{s}");
        if (ownWidthOnly)
        {
            var result = Run(Pools.One);
            Compare(result);
            Pools.Same(result, Run(Pools.Two));
            Pools.Same(result, Run(Pools.Five));
        }
        else
        {
            Pools.Everywhere(Run, Compare);
        }
    }

    private static double[] Expected(GemmShape s, float* a, float* b, float* c, float* bias)
    {
        var result = new double[(long)s.M * s.N * s.Batch];
        var sums = new double[s.N];
        for (int batch = 0; batch < s.Batch; batch++)
        {
            float* x = a + (batch * s.StrideA), y = b + (batch * s.StrideB);
            for (int i = 0; i < s.M; i++)
            {
                Array.Clear(sums);
                for (int k = 0; k < s.K; k++)
                {
                    double value = s.TransposeA ? x[(k * s.M) + i] : x[(i * s.K) + k];
                    for (int j = 0; j < s.N; j++)
                        sums[j] += value * (s.TransposeB ? y[(j * s.K) + k] : y[(k * s.N) + j]);
                }

                for (int j = 0; j < s.N; j++)
                {
                    long at = ((long)batch * s.M * s.N) + (i * s.N) + j;
                    double sum = sums[j] + (s.Accumulate ? c[at] : 0) + (bias != null ? bias[j] : 0);
                    result[at] = s.Activation == GemmActivation.Relu ? Math.Max(0, sum) : sum;
                }
            }
        }

        return result;
    }

    [Theory]
    [InlineData(1, 20, 30, false)]
    [InlineData(2, 40, 30, false)]
    [InlineData(3, 100, 70, true)]
    [InlineData(5, 33, 17, false)]
    [InlineData(64, 128, 128, false)]
    [InlineData(64, 50, 400, true)]
    [InlineData(130, 2, 2500, false)]
    public void Weights_packed_beforehand_change_no_bit(int m, int n, int k, bool transposed)
    {
        using Buffer a = Buffer.Random((long)m * k, 1), b = Buffer.Random((long)n * k, 2), bias = Buffer.Random(n, 3);
        GemmShape shape = new(m, n, k, false, transposed);
        Pools.Everywhere(
            pool =>
            {
                using Buffer plain = new(m * n), c = new(m * n), packed = new(Gemm.PackedWeightsSize(n, k)), workspace = new(Gemm.WorkspaceSize(shape, pool.Threads));
                Gemm.Run(pool, shape, a, b, plain, bias, workspace);
                Gemm.Pack(pool, n, k, transposed, b, packed);
                Gemm.Run(pool, shape, a, b, c, bias, workspace, packed);
                Pools.Same(plain.Span.ToArray(), c.Span.ToArray());
                return c.Span.ToArray();
            },
            _ => { });
    }
}
