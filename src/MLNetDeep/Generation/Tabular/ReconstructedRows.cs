using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Generation.Tabular;

/// <summary>What a tabular autoencoder learns from: each row once an epoch, in random order, as what goes in and what is to come out, and between them a condition that it fulfils.</summary>
internal sealed class ReconstructedRows : IDrawnRowSource
{
    private readonly EncodedTable _table;
    private readonly int _seed;

    /// <param name="table">The rows.</param>
    /// <param name="seed">Seed of order and conditions.</param>
    public ReconstructedRows(EncodedTable table, int seed)
    {
        (_table, _seed) = (table, seed);
        RowColumn row = new("row", DType.Float32, table.Encoding.Width), target = row with { Name = "target" };
        Columns = table.Encoding.Conditions > 0 ? [row, new("condition", DType.Float32, table.Encoding.Conditions), target] : [row, target];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public long? RowCount => _table.Count;

    public IRowReader Read() => Read(1);

    public IRowReader Read(int epoch) => new Reader(this, epoch);

    private sealed class Reader : IRowReader
    {
        private readonly ReconstructedRows _owner;
        private readonly CounterRandom _random;
        private readonly int[] _order;
        private int _next;

        public Reader(ReconstructedRows owner, int epoch)
        {
            _owner = owner;
            _random = new(Initializer.SeedFor(owner._seed, FormattableString.Invariant($"rows/{epoch}")));
            _order = [.. Enumerable.Range(0, owner._table.Count)];
            for (int i = 0; i < _order.Length; i++)
            {
                int other = i + (int)(_random.Uniform(i) * (_order.Length - i));
                (_order[i], _order[other]) = (_order[other], _order[i]);
            }
        }

        public bool Read(RowBuffer rows, int index)
        {
            if (_next == _order.Length)
                return false;
            int row = _order[_next];
            TableEncoding encoding = _owner._table.Encoding;
            Span<float> input = rows.Rows<float>(0, index);
            _owner._table.Expand(row, input);
            if (encoding.Conditions > 0)
            {
                int field = encoding.Conditioned[(int)(_random.Uniform((long)_order.Length + _next) * encoding.Conditioned.Count)];
                Span<float> condition = rows.Rows<float>(1, index);
                condition.Clear();
                condition[encoding.ConditionOf(field, _owner._table.Choices(row)[field])] = 1;
            }

            input.CopyTo(rows.Rows<float>(rows.Columns.Count - 1, index));
            _next++;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
