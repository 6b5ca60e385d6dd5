using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class PhiloxRandomTests
{
    [Fact]
    public void Words_are_those_of_the_published_generator()
    {
        // Known answer of Random123 for counter 0 and key 0: the block's four words.
        var values = Take(64, (pool, to) => PhiloxRandom.Uniform(pool, to, 64, 0, 0));
        uint[] words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
        for (int i = 0; i < 4; i++)
            Assert.Equal((words[i] >> 8) / 16777216f, values[i * 16]);

        // And against a plain loop.
        values = Take(500, (pool, to) => PhiloxRandom.Uniform(pool, to, 500, 0x123456789ABCDEF0, 77));
        for (int i = 0; i < values.Length; i++)
        {
            uint word = Block((uint)((i / 64 * 16) + (i % 16)), 77, 0x123456789ABCDEF0)[i % 64 / 16];
            Assert.Equal((word >> 8) / 16777216f, values[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(50_001)]
    public void A_value_depends_on_its_place_alone(int count)
    {
        Action<WorkerPool, Buffer, int>[] kernels =
        [
            (pool, to, n) => PhiloxRandom.Uniform(pool, to, n, 5, 6),
            (pool, to, n) => PhiloxRandom.Normal(pool, to, n, 5, 6),
            (pool, to, n) => PhiloxRandom.DropoutMask(pool, to, n, 0.3f, 5, 6),
        ];
        foreach (var kernel in kernels)
        {
            var few = Take(count, (pool, to) => kernel(pool, to, count));
            var many = Take(count + 100, (pool, to) => kernel(pool, to, count + 100));
            Pools.Same(many[..count], few);
        }
    }

    [Fact]
    public void Moments_are_right()
    {
        const int Count = 1_000_000;
        var uniform = Own(Count, (pool, to) => PhiloxRandom.Uniform(pool, to, Count, 42, 1));
        Assert.InRange(uniform.Average(), 0.499, 0.501);
        Assert.InRange(uniform.Min(), 0, 1e-5);
        Assert.InRange(uniform.Max(), 0.99999, 0.99999999);

        var normal = Own(Count, (pool, to) => PhiloxRandom.Normal(pool, to, Count, 42, 1));
        Assert.InRange(normal.Average(), -0.003, 0.003);
        Assert.InRange(normal.Average(x => (double)x * x), 0.997, 1.003);
        Assert.InRange(normal.Average(x => Math.Pow(x, 3)), -0.015, 0.015);
        Assert.InRange(normal.Average(x => Math.Pow(x, 4)), 2.97, 3.03);
        Assert.InRange(normal.Count(x => Math.Abs(x) < 1) / (double)Count, 0.681, 0.6845);
        Assert.All(normal, x => Assert.True(float.IsFinite(x)));

        var mask = Own(Count, (pool, to) => PhiloxRandom.DropoutMask(pool, to, Count, 0.25f, 42, 1));
        Assert.InRange(mask.Average(), 0.998, 1.002);
        Assert.Equal([0, 1 / 0.75f], mask.Distinct().Order());
    }

    [Fact]
    public void Rates_of_nothing_and_of_all()
    {
        Assert.All(Own(1000, (pool, to) => PhiloxRandom.DropoutMask(pool, to, 1000, 0, 1, 1)), x => Assert.Equal(1, x));
        Assert.All(Own(1000, (pool, to) => PhiloxRandom.DropoutMask(pool, to, 1000, 1, 1, 1)), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Seeds_and_steps_differ()
    {
        var first = Own(1000, (pool, to) => PhiloxRandom.Uniform(pool, to, 1000, 1, 1));
        foreach (var (seed, step) in ((ulong, int)[])[(2, 1), (1, 2), (1UL << 40, 1), (1, -1)])
        {
            var other = Own(1000, (pool, to) => PhiloxRandom.Uniform(pool, to, 1000, seed, step));
            Assert.True(first.Zip(other).Count(p => p.First == p.Second) < 3);
        }
    }

    private static float[] Take(int count, Action<WorkerPool, Buffer> kernel) => Pools.EverywhereSame(pool => On(pool, count, kernel));

    private static float[] Own(int count, Action<WorkerPool, Buffer> kernel) => On(Pools.Two, count, kernel);

    private static float[] On(WorkerPool pool, int count, Action<WorkerPool, Buffer> kernel)
    {
        using var to = new Buffer(count);
        kernel(pool, to);
        return to.Span.ToArray();
    }

    private static uint[] Block(uint counter, uint step, ulong seed)
    {
        uint a = counter, b = 0, c = step, d = 0, k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int i = 0; i < 10; i++)
        {
            ulong p = 0xD2511F53UL * a, q = 0xCD9E8D57UL * c;
            (a, b, c, d) = ((uint)(q >> 32) ^ b ^ k0, (uint)q, (uint)(p >> 32) ^ d ^ k1, (uint)p);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return [a, b, c, d];
    }
}
