namespace MLNetDeep.Training.Data;

/// <summary>
/// Hands out the rows of a source epoch by epoch. What fits into the buffer is read once and kept; of a longer source the
/// buffer holds a part, from which rows are drawn while new ones come in, so the order is random within its reach.
/// </summary>
internal sealed class RowStream
{
    private const int FirstCapacity = 1024;

    private readonly IRowSource _source;
    private readonly int _capacity;
    private readonly ulong _seed;
    private readonly CancellationToken _cancellation;
    private RowBuffer? _buffer;
    private int[] _order = [];
    private int _count;
    private bool _isWhole;
    private BalancedOrder? _balanced;

    /// <param name="source">The rows.</param>
    /// <param name="capacity">Most rows to keep in memory.</param>
    /// <param name="seed">Seed of the order; null for the source's own.</param>
    /// <param name="cancellation">Ends reading, which may take long before there is a first step.</param>
    public RowStream(IRowSource source, int capacity, int? seed, CancellationToken cancellation = default)
    {
        _source = source;
        _capacity = capacity;
        IsShuffled = seed is not null;
        _seed = (ulong)(uint)(seed ?? 0);
        _cancellation = cancellation;
    }

    public bool IsShuffled { get; }

    /// <summary>The column of classes, all of which are to come equally often; null where rows come once each.</summary>
    public int? BalancedColumn { get; init; }

    /// <summary>Whether all rows are in memory.</summary>
    public bool IsWhole => _isWhole;

    /// <summary>Number of rows; null until they have been read to the end once.</summary>
    public long? Count { get; private set; }

    /// <summary>Number of rows, found out by reading them where need be.</summary>
    public long CountRows()
    {
        if (_source is IDrawnRowSource)
            Count = _source.RowCount ?? throw new InvalidOperationException("A source of drawn rows must know how many an epoch has.");
        if (Count is null && !Load() && (Count = _source.RowCount) is null)
        {
            using IRowReader reader = _source.Read();
            long count = 0;
            while (reader.Read(_buffer!, 0))
            {
                _cancellation.ThrowIfCancellationRequested();
                count++;
            }

            Count = count;
        }

        return Count!.Value;
    }

    /// <summary>Calls <paramref name="take"/> with each row of an epoch: a buffer and the row's place in it, which is good until the call returns.</summary>
    /// <param name="epoch">Number of the epoch, on which the order depends.</param>
    /// <param name="take">Returns false to stop.</param>
    public void Read(int epoch, Func<RowBuffer, int, bool> take)
    {
        if (_source is IDrawnRowSource drawn)
        {
            ReadDrawn(drawn, epoch, take);
            return;
        }

        RandomNumbers random = new(_seed << 32 ^ (ulong)(uint)epoch);
        if (_isWhole && _balanced is not null)
        {
            foreach (int row in _balanced.Rows(random))
            {
                if (!take(_buffer!, row))
                    return;
            }

            return;
        }

        if (_isWhole)
        {
            // From the same start in each epoch: an epoch's order must not depend on those before it, which a resumed run has not seen.
            for (int i = 0; i < _count; i++)
                _order[i] = i;
            for (int i = 0; i < _count; i++)
            {
                if (IsShuffled)
                {
                    int other = i + random.Next(_count - i);
                    (_order[i], _order[other]) = (_order[other], _order[i]);
                }

                if (!take(_buffer!, _order[i]))
                    return;
            }

            return;
        }

        if (Count is null && Load())
        {
            Read(epoch, take);
            return;
        }

        if (BalancedColumn is not null)
            throw new ArgumentException($"BalancedBatches needs all rows in memory, and there are more than the {_capacity} that the shuffle buffer holds: raise ShuffleBufferSize, or use class weights instead.");
        using IRowReader reader = _source.Read();
        int held = Fill(reader);
        RowBuffer buffer = _buffer!;
        long total = held;
        int next = 0;
        while (held > 0)
        {
            // Without shuffling the buffer is a ring.
            int at = IsShuffled ? random.Next(held) : next;
            if (!take(buffer, at))
                return;
            if (held == _capacity && reader.Read(buffer, at))
            {
                total++;
                next = (next + 1) % _capacity;
            }
            else if (IsShuffled)
            {
                // At the end the buffer empties.
                held--;
                if (at != held)
                    buffer.CopyRow(buffer, held, at);
            }
            else
            {
                held--;
                next = (next + 1) % _capacity;
            }
        }

        Count = total;
    }

    // In the order in which they were drawn.
    private void ReadDrawn(IDrawnRowSource drawn, int epoch, Func<RowBuffer, int, bool> take)
    {
        _buffer ??= new RowBuffer(_source.Columns, 1);
        using IRowReader rows = drawn.Read(epoch);
        while (rows.Read(_buffer, 0) && take(_buffer, 0))
            _cancellation.ThrowIfCancellationRequested();
    }

    // Reads as much as there is room for; true if that was everything.
    private bool Load()
    {
        using IRowReader reader = _source.Read();
        int held = Fill(reader);
        if (held == _capacity)
            return false;
        _isWhole = true;
        Count = _count = held;
        _order = new int[held];
        if (BalancedColumn is { } column)
            _balanced = new(_buffer!, column, held);
        return true;
    }

    private int Fill(IRowReader reader)
    {
        _buffer ??= new RowBuffer(_source.Columns, Math.Min(FirstCapacity, _capacity));
        int held = 0;
        for (; held < _capacity; held++)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (held == _buffer.Capacity)
                _buffer.Resize((int)Math.Min(_capacity, _buffer.Capacity * 2L));
            if (!reader.Read(_buffer, held))
                break;
        }

        return held;
    }
}
