using System.Runtime.ExceptionServices;
using MLNetDeep.Training.Augmentation;

namespace MLNetDeep.Training.Data;

/// <summary>
/// Makes batches of the rows of a stream, augmented where that is asked for. Where it pays this happens on threads of its own, a few batches
/// ahead of the training step.
/// </summary>
/// <remarks>
/// One thread reads rows, in order, into the next free batch; batches that are full are augmented by whichever thread is free, the reading one
/// included; the caller gets them in order. The threads live as long as a call of <see cref="Read"/>: whichever way it ends, they have ended before.
/// </remarks>
internal sealed class BatchPipeline
{
    /// <summary>Threads to prepare batches at most.</summary>
    public const int MostThreads = 8;

    private readonly RowStream _rows;
    private readonly int _batchSize;
    private readonly BatchAugmenter? _augmenter;
    private readonly int? _wantedThreads;
    private readonly Func<Batch> _create;
    private readonly List<Batch> _batches = [];
    private readonly List<BatchAugmenter.Workspace> _workspaces = [];

    /// <param name="rows">The rows.</param>
    /// <param name="columns">What a row consists of.</param>
    /// <param name="batchSize">Rows in a batch; the last of an epoch may have fewer.</param>
    /// <param name="augmenter">What changes them; null for nothing.</param>
    /// <param name="threads">Threads that prepare batches; 0 for none, so that it happens between training steps; null for as many as seem right.</param>
    public BatchPipeline(RowStream rows, IReadOnlyList<RowColumn> columns, int batchSize, BatchAugmenter? augmenter = null, int? threads = null)
    {
        _rows = rows;
        _batchSize = batchSize;
        _augmenter = augmenter;
        _create = () => new(columns, batchSize, augmenter?.Classes ?? 0);
        _wantedThreads = threads;
    }

    /// <summary>Calls <paramref name="train"/> with each batch of an epoch in order, on this thread. The batch is good until the call returns.</summary>
    /// <param name="epoch">Number of the epoch, on which order and augmentation depend.</param>
    /// <param name="train">Returns false to stop.</param>
    /// <param name="cancellation">Ends the wait for a batch.</param>
    public void Read(int epoch, Func<Batch, bool> train, CancellationToken cancellation = default)
    {
        int threads = _wantedThreads ?? DefaultThreads();
        if (threads == 0)
        {
            ReadHere(epoch, train);
            return;
        }

        // One that is trained on, and two ahead, at least one of them full.
        while (_batches.Count < threads + 2)
            _batches.Add(_create());
        while (_augmenter is not null && _workspaces.Count < threads)
            _workspaces.Add(_augmenter.CreateWorkspace(_batchSize));
        using Epoch work = new(this, epoch, threads);
        work.Consume(train, cancellation);
    }

    private int DefaultThreads()
    {
        // Copying rows from memory takes less than handing them from thread to thread.
        if (Environment.ProcessorCount == 1 || _augmenter is null && _rows.IsWhole)
            return 0;
        return _augmenter is null ? 1 : Math.Clamp(Environment.ProcessorCount / 4, 1, MostThreads);
    }

    private void ReadHere(int epoch, Func<Batch, bool> train)
    {
        if (_batches.Count == 0)
        {
            _batches.Add(_create());
            if (_augmenter is not null)
                _workspaces.Add(_augmenter.CreateWorkspace(_batchSize));
        }

        Batch batch = _batches[0];
        batch.Count = 0;
        long row = 0;
        bool Hand()
        {
            _augmenter?.Apply(batch, epoch, row, _workspaces[0]);
            row += batch.Count;
            bool goOn = train(batch);
            batch.Count = 0;
            return goOn;
        }

        bool stopped = false;
        _rows.Read(epoch, (rows, at) =>
        {
            batch.Rows.CopyRow(rows, at, batch.Count++);
            return batch.Count < _batchSize || !(stopped = !Hand());
        });
        if (!stopped && batch.Count > 0)
            Hand();
    }

    /// <summary>The preparation of one epoch's batches by threads.</summary>
    private sealed class Epoch : IDisposable
    {
        private readonly BatchPipeline _owner;
        private readonly int _epoch;
        private readonly int _threadCount;
        private readonly List<Thread> _threads = [];
        private readonly bool[] _isReady;
        private readonly object _gate = new();

        // Batches are numbered from 0; number n lies in slot n modulo the number of slots. All under the gate.
        private long _filled, _claimed, _consumed;
        private int _idle;
        private bool _isRead, _isStopped;
        private ExceptionDispatchInfo? _failure;
        private long _failedBatch = long.MaxValue;

        public Epoch(BatchPipeline owner, int epoch, int threads)
        {
            _threadCount = threads;
            _owner = owner;
            _epoch = epoch;
            _isReady = new bool[owner._batches.Count];
        }

        public void Consume(Func<Batch, bool> train, CancellationToken cancellation)
        {
            for (int i = 0; i < _threadCount; i++)
            {
                int number = i;
                Thread thread = new(() => Work(number)) { IsBackground = true, Name = $"MLNetDeep batches {i}" };
                thread.Start();
                _threads.Add(thread);
            }

            using CancellationTokenRegistration registration = cancellation.UnsafeRegister(static epoch => ((Epoch)epoch!).Wake(), this);
            for (long number = 0; Await(number, cancellation) is { } batch; number++)
            {
                if (!train(batch))
                    return;
                lock (_gate)
                {
                    _isReady[number % _isReady.Length] = false;
                    _consumed = number + 1;
                    Monitor.PulseAll(_gate);
                }
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _isStopped = true;
                Monitor.PulseAll(_gate);
            }

            foreach (Thread thread in _threads)
                thread.Join();
        }

        private void Wake()
        {
            lock (_gate)
                Monitor.PulseAll(_gate);
        }

        // The batch; null at the end.
        private Batch? Await(long number, CancellationToken cancellation)
        {
            lock (_gate)
            {
                while (true)
                {
                    cancellation.ThrowIfCancellationRequested();

                    // What went wrong later than this batch comes after it, as it would without threads.
                    if (number == _failedBatch)
                        _failure!.Throw();
                    if (number < _filled && _isReady[number % _isReady.Length])
                        return _owner._batches[(int)(number % _isReady.Length)];
                    if (_isRead && number == _filled)
                        return null;
                    Monitor.Wait(_gate);
                }
            }
        }

        private void Work(int thread)
        {
            try
            {
                if (thread == 0)
                    Fill();
                BatchAugmenter.Workspace? workspace = _owner._augmenter is null ? null : _owner._workspaces[thread];
                while (Claim() is { } number && Augment(number, workspace))
                {
                }
            }
            catch (Exception e)
            {
                Fail(e, Volatile.Read(ref _filled));
            }
        }

        // Reads all rows into batches, and helps to augment them where nobody else is free.
        private void Fill()
        {
            BatchAugmenter.Workspace? workspace = _owner._augmenter is null ? null : _owner._workspaces[0];
            Batch? batch = Free();
            if (batch is null)
                return;
            bool Hand()
            {
                lock (_gate)
                {
                    _filled++;
                    Monitor.PulseAll(_gate);
                }

                while (ClaimIfNobodyWill() is { } number)
                {
                    if (!Augment(number, workspace))
                    {
                        batch = null;
                        return false;
                    }
                }

                return (batch = Free()) is not null;
            }

            _owner._rows.Read(_epoch, (rows, at) =>
            {
                batch.Rows.CopyRow(rows, at, batch.Count++);
                return batch.Count < _owner._batchSize ? !Volatile.Read(ref _isStopped) : Hand();
            });
            if (batch is { Count: > 0 } && !Volatile.Read(ref _isStopped))
                Hand();
            lock (_gate)
            {
                _isRead = true;
                Monitor.PulseAll(_gate);
            }
        }

        // The slot for the next batch; null if there is to be none.
        private Batch? Free()
        {
            lock (_gate)
            {
                while (_filled - _consumed == _isReady.Length && !_isStopped)
                    Monitor.Wait(_gate);
                if (_isStopped)
                    return null;
                Batch batch = _owner._batches[(int)(_filled % _isReady.Length)];
                batch.Count = 0;
                return batch;
            }
        }

        // A batch to augment; null when there will be no more.
        private long? Claim()
        {
            lock (_gate)
            {
                _idle++;
                while (_claimed == _filled && !_isRead && !_isStopped)
                    Monitor.Wait(_gate);
                _idle--;
                return _claimed < _filled && !_isStopped ? _claimed++ : null;
            }
        }

        private long? ClaimIfNobodyWill()
        {
            lock (_gate)
                return _filled - _claimed > _idle && !_isStopped ? _claimed++ : null;
        }

        private bool Augment(long number, BatchAugmenter.Workspace? workspace)
        {
            Batch batch = _owner._batches[(int)(number % _isReady.Length)];
            try
            {
                _owner._augmenter?.Apply(batch, _epoch, number * _owner._batchSize, workspace!);
            }
            catch (Exception e)
            {
                Fail(e, number);
                return false;
            }

            lock (_gate)
            {
                _isReady[number % _isReady.Length] = true;
                Monitor.PulseAll(_gate);
            }

            return true;
        }

        // Batches before the failed one are still wanted: the reading ends, the augmenting of what has been read does not.
        private void Fail(Exception exception, long number)
        {
            lock (_gate)
            {
                if (number < _failedBatch)
                {
                    _failure = ExceptionDispatchInfo.Capture(exception);
                    _failedBatch = number;
                }

                _isRead = true;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
