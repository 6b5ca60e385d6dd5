using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Tests.Threading;

public unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void Every_item_is_done_once_in_ranges_of_whole_grains(int threads)
    {
        using var pool = new WorkerPool(threads);
        var done = new int[1000];
        var random = new Random(threads);
        fixed (int* p = done)
        {
            for (int turn = 0; turn < 3000; turn++)
            {
                int count = random.Next(0, done.Length + 1), grain = random.Next(1, 60);
                var body = new CountBody { Done = p, Grain = grain, Count = count, Threads = threads };
                pool.For(count, grain, ref body);
                for (int i = 0; i < done.Length; i++)
                {
                    if (done[i] != (i < count ? 1 : 0))
                        Assert.Fail($"item {i} of {count} done {done[i]} times");
                    done[i] = 0;
                }
            }
        }
    }

    [Fact]
    public void Loops_after_a_pause_find_sleeping_threads()
    {
        using var pool = new WorkerPool(3);
        var done = new int[100];
        fixed (int* p = done)
        {
            for (int turn = 1; turn <= 30; turn++)
            {
                Thread.Sleep(turn % 4);
                var body = new CountBody { Done = p, Grain = 1, Count = 100, Threads = 3 };
                pool.For(100, 1, ref body);
                Assert.All(done, n => Assert.Equal(turn, n));
            }
        }
    }

    [Fact]
    public void Several_callers_at_once()
    {
        using var pool = new WorkerPool(4);
        Parallel.For(0, 6, caller =>
        {
            var done = new int[200];
            fixed (int* p = done)
            {
                for (int turn = 1; turn <= 2000; turn++)
                {
                    var body = new CountBody { Done = p, Grain = 3, Count = 200, Threads = 4 };
                    pool.For(200, 3, ref body);
                    Assert.Equal(200 * turn, done.Sum());
                }
            }
        });
    }

    [Fact]
    public void A_loop_in_a_loop_runs_where_it_stands()
    {
        using var pool = new WorkerPool(3);
        var done = new int[50 * 20];
        fixed (int* p = done)
        {
            var body = new NestedBody { Pool = pool, Done = p };
            pool.For(50, 1, ref body);
        }

        Assert.All(done, n => Assert.Equal(1, n));
    }

    [Fact]
    public void An_exception_comes_out_and_the_pool_goes_on()
    {
        using var pool = new WorkerPool(3);
        for (int turn = 0; turn < 300; turn++)
        {
            var failing = new FailingBody { At = turn % 100 };
            var e = Assert.Throws<InvalidOperationException>(() => pool.For(100, 1, ref failing));
            Assert.Equal($"at {turn % 100}", e.Message);

            var done = new int[100];
            fixed (int* p = done)
            {
                var body = new CountBody { Done = p, Grain = 1, Count = 100, Threads = 3 };
                pool.For(100, 1, ref body);
            }

            Assert.All(done, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        using var pool = new WorkerPool(2);
        var done = new int[1000];
        fixed (int* p = done)
        {
            var body = new CountBody { Done = p, Grain = 1, Count = 1000, Threads = 2 };
            for (int i = 0; i < 100; i++)
                pool.For(1000, 1, ref body);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
                pool.For(1000, 1, ref body);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void After_disposal_loops_run_on_their_caller()
    {
        var pool = new WorkerPool(3);
        pool.Dispose();
        pool.Dispose();
        var done = new int[100];
        fixed (int* p = done)
        {
            var body = new CountBody { Done = p, Grain = 1, Count = 100, Threads = 1 };
            pool.For(100, 1, ref body);
        }

        Assert.All(done, n => Assert.Equal(1, n));
    }

    [Fact]
    public void Pools_come_and_go_quickly()
    {
        for (int i = 0; i < 100; i++)
        {
            using var pool = new WorkerPool(4);
            var done = new int[10];
            fixed (int* p = done)
            {
                var body = new CountBody { Done = p, Grain = 1, Count = 10, Threads = 4 };
                if (i % 2 == 0)
                    pool.For(10, 1, ref body);
            }
        }
    }

    [Fact]
    public void All_workers_use_the_width_of_the_caller()
    {
        using var pool = new WorkerPool(3);
        foreach (var width in Pools.Widths)
        {
            using var forced = CpuFeatures.Force(width);
            var widths = new int[500];
            fixed (int* p = widths)
            {
                var body = new WidthBody { Widths = p };
                pool.ForVec(500, 1, ref body);
            }

            Assert.All(widths, w => Assert.Equal((int)width, w));
        }
    }

    private struct CountBody : IRangeBody
    {
        public int* Done;
        public int Grain, Count, Threads;

        public readonly void Run(int begin, int end, int worker)
        {
            if (begin % Grain != 0 || (end % Grain != 0 && end != Count) || begin >= end || worker < 0 || worker >= Threads)
                throw new InvalidOperationException($"bad range {begin} {end} {worker}");
            for (int i = begin; i < end; i++)
                Interlocked.Increment(ref Done[i]);
        }
    }

    private struct NestedBody : IRangeBody
    {
        public WorkerPool Pool;
        public int* Done;

        public readonly void Run(int begin, int end, int worker)
        {
            for (int i = begin; i < end; i++)
            {
                var inner = new CountBody { Done = Done + (i * 20), Grain = 1, Count = 20, Threads = 1 };
                Pool.For(20, 1, ref inner);
            }
        }
    }

    private struct FailingBody : IRangeBody
    {
        public int At;

        public readonly void Run(int begin, int end, int worker)
        {
            if (begin <= At && At < end)
                throw new InvalidOperationException($"at {At}");
        }
    }

    private struct WidthBody : IVecRangeBody
    {
        public int* Widths;

        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
                Widths[i] = TVec.Count;
        }
    }
}
