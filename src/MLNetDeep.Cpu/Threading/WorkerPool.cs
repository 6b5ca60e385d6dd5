using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MLNetDeep.Cpu.Threading;

/// <summary>
/// Persistent threads that share the ranges of a parallel loop with the thread that calls <see cref="For"/>.
/// </summary>
/// <remarks>
/// <para>
/// A call cuts its items into contiguous chunks. Each worker has a home share of them, taken in order (so that
/// successive loops over the same data find it in the same core's cache), and helps with the others' when its own is
/// done. The caller never waits for a thread to wake up: it does the work of those that come late, and a thread that
/// comes after the last chunk was taken finds the gate closed.
/// </para>
/// <para>
/// Idle threads spin for <see cref="SpinMicroseconds"/> and then sleep, so the parallel loops of a training step find
/// them awake, and an idle process uses no processor time.
/// </para>
/// <para>Which worker runs which chunk varies; results must therefore not depend on it.</para>
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>How long an idle thread spins before it sleeps.</summary>
    private const int SpinMicroseconds = 50;

    /// <summary>Chunks per thread: enough to even out a thread that the operating system holds up.</summary>
    private const int ChunksPerThread = 4;

    private const int MostThreads = 64;

    /// <summary>Longs between two counters, so that each has cache lines of its own.</summary>
    private const int CounterStride = 16;

    private static readonly Lazy<WorkerPool> LazyShared = new(() => new WorkerPool(DefaultThreads()));

    private readonly Thread[] _workers;
    private readonly object[] _beds;
    private readonly bool[] _asleep;

    /// <summary>The next chunk of each worker's home share.</summary>
    private readonly long[] _next;

    private readonly long _spinTicks = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;

    // The job. Written by the caller while the gate is closed and no worker is inside.
    private delegate*<void*, int, int, int, void> _run;
    private void* _body;
    private int _count;
    private int _grain;
    private int _units;
    private int _chunks;
    private ExceptionDispatchInfo? _failure;

    /// <summary>1 while a caller owns the pool.</summary>
    private int _owned;

    /// <summary>Odd while a job is open; goes up by one at each opening and closing.</summary>
    private long _gate;

    /// <summary>Workers inside the current job (or about to find the gate closed).</summary>
    private int _inside;
    private int _sleepers;
    private volatile bool _disposed;

    /// <param name="threads">Threads that work on a loop, the caller's included; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = Math.Min(threads, MostThreads);
        _next = new long[(Threads + 1) * CounterStride];
        _workers = new Thread[Threads - 1];
        _beds = new object[Threads];
        _asleep = new bool[Threads];
        for (int i = 0; i < Threads; i++)
            _beds[i] = new object();
        for (int i = 0; i < _workers.Length; i++)
        {
            int worker = i + 1;
            _workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"MLNetDeep worker {worker}" };
            _workers[i].Start();
        }
    }

    /// <summary>The pool that engines use when none is given: a thread per processor.</summary>
    public static WorkerPool Shared => LazyShared.Value;

    /// <summary>A pool of no thread but the caller's.</summary>
    public static WorkerPool Serial { get; } = new(1);

    /// <summary>Threads that work on a loop, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs <paramref name="body"/> on ranges that together are <c>[0, count)</c>; each begins at a multiple of
    /// <paramref name="grain"/>. Returns when all are done.
    /// </summary>
    /// <remarks>
    /// With at most <paramref name="grain"/> items, inside another loop, or while another thread uses the pool, the
    /// calling thread does everything. An exception thrown by the body comes out here, after the ranges under way
    /// have ended; others may then not have been run. Nothing is allocated.
    /// </remarks>
    public void For<TBody>(int count, int grain, ref TBody body)
        where TBody : struct, IRangeBody
    {
        if (count <= 0)
            return;
        if (count <= grain || Threads == 1 || _disposed || Interlocked.CompareExchange(ref _owned, 1, 0) != 0)
        {
            body.Run(0, count, 0);
            return;
        }

        // Pinned in case the struct lives in an object; what it refers to stays reported where the struct is.
        fixed (byte* p = &Unsafe.As<TBody, byte>(ref body))
            Share(p, &Trampoline<TBody>, count, Math.Max(grain, 1));
    }

    /// <summary>Stops the threads. A loop called afterwards runs on its caller.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        for (int i = 0; i < _workers.Length; i++)
        {
            lock (_beds[i + 1])
                Monitor.Pulse(_beds[i + 1]);
        }

        foreach (var worker in _workers)
            worker.Join();
    }

    private static int DefaultThreads() => Math.Clamp(Environment.ProcessorCount, 1, MostThreads);

    private static void Trampoline<TBody>(void* body, int begin, int end, int worker)
        where TBody : struct, IRangeBody
        => Unsafe.AsRef<TBody>(body).Run(begin, end, worker);

    private void Share(void* body, delegate*<void*, int, int, int, void> run, int count, int grain)
    {
        _body = body;
        _run = run;
        _count = count;
        _grain = grain;
        _units = (int)(((long)count + grain - 1) / grain);
        _chunks = Math.Min(_units, Threads * ChunksPerThread);
        _failure = null;
        for (int i = 0; i < Threads; i++)
            _next[(i + 1) * CounterStride] = FirstChunk(i);

        Interlocked.Increment(ref _gate);
        if (Volatile.Read(ref _sleepers) != 0)
            Wake(_chunks - 1);

        Help(0);

        // No worker can come in any more; wait for those inside.
        Interlocked.Increment(ref _gate);
        var spin = new SpinWait();
        while (Volatile.Read(ref _inside) != 0)
        {
            // Turns into yielding soon: a worker that is held up may need this very processor.
            spin.SpinOnce(sleep1Threshold: -1);
        }

        var failure = _failure;
        _failure = null;
        Volatile.Write(ref _owned, 0);
        failure?.Throw();
    }

    private long FirstChunk(int worker) => (long)_chunks * worker / Threads;

    /// <summary>Takes chunks, the worker's own first, until none is left.</summary>
    private void Help(int worker)
    {
        try
        {
            for (int i = 0; i < Threads; i++)
            {
                int home = worker + i;
                if (home >= Threads)
                    home -= Threads;
                long limit = FirstChunk(home + 1);
                ref long next = ref _next[(home + 1) * CounterStride];
                while (Volatile.Read(ref next) < limit)
                {
                    long chunk = Interlocked.Increment(ref next) - 1;
                    if (chunk >= limit)
                        break;
                    int begin = (int)(_units * chunk / _chunks) * _grain;
                    long end = _units * (chunk + 1) / _chunks * _grain;
                    _run(_body, begin, (int)Math.Min(end, _count), worker);
                }
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            for (int i = 0; i < Threads; i++)
                Volatile.Write(ref _next[(i + 1) * CounterStride], long.MaxValue / 2);
        }
    }

    private void Wake(int most)
    {
        for (int worker = 1; worker < Threads && most > 0; worker++)
        {
            if (!Volatile.Read(ref _asleep[worker]))
                continue;
            lock (_beds[worker])
                Monitor.Pulse(_beds[worker]);
            most--;
        }
    }

    private void Work(int worker)
    {
        long seen = 0;
        while (!_disposed)
        {
            Await(worker, seen);
            if (_disposed)
                return;

            // Go in first and look again then: either the caller sees this worker inside, or it sees the gate closed.
            Interlocked.Increment(ref _inside);
            long gate = Volatile.Read(ref _gate);
            if ((gate & 1) != 0)
                Help(worker);
            seen = gate;
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>Waits until a job is open that this worker has not helped with.</summary>
    private void Await(int worker, long seen)
    {
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            for (int turn = 1; (turn & 7) != 0 || Stopwatch.GetTimestamp() - start < _spinTicks; turn++)
            {
                if (HasWork(seen))
                    return;
                Thread.SpinWait(4);
            }

            // Woken too late for a job, it spins again: the next one is likely to follow soon.
            lock (_beds[worker])
            {
                Volatile.Write(ref _asleep[worker], true);

                // Full barrier: the caller reads the count of sleepers after it opened the gate.
                Interlocked.Increment(ref _sleepers);
                if (!HasWork(seen))
                    Monitor.Wait(_beds[worker]);
                Interlocked.Decrement(ref _sleepers);
                Volatile.Write(ref _asleep[worker], false);
            }
        }
    }

    private bool HasWork(long seen)
    {
        long gate = Volatile.Read(ref _gate);
        return ((gate & 1) != 0 && gate != seen) || _disposed;
    }
}
