using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Generation.Tabular;

/// <summary>
/// What a tabular GAN learns from: packs of rows, each row drawn by a condition (training by sampling, Xu et al. 2019): one of the columns of categories, all as often; one of its
/// categories, by the logarithm of how frequent it is, so that rare ones come up too; then one of the rows that are of it.
/// </summary>
internal sealed class PackedRows : IDrawnRowSource
{
    private readonly EncodedTable _table;
    private readonly int _pack, _seed;
    private readonly double[][] _shares;

    /// <param name="table">The rows.</param>
    /// <param name="pack">Rows in a pack.</param>
    /// <param name="seed">Seed of what is drawn.</param>
    public PackedRows(EncodedTable table, int pack, int seed)
    {
        (_table, _pack, _seed) = (table, pack, seed);
        TableEncoding encoding = table.Encoding;
        RowColumn rows = new("rows", DType.Float32, checked(pack * encoding.Width));
        Columns = encoding.Conditions > 0 ? [rows, new("conditions", DType.Int32, pack)] : [rows];
        _shares = [.. encoding.Conditioned.Select(f => encoding.Fields[f].Counts!.Select(c => Math.Log(c + 1.0)).ToArray())];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public long? RowCount => _table.Count / _pack;

    public IRowReader Read() => Read(1);

    public IRowReader Read(int epoch) => new Reader(this, epoch);

    /// <summary>The place that a number from 0 to 1 falls on, of places as wide as given.</summary>
    public static int Place(IReadOnlyList<double> widths, double at)
    {
        at *= widths.Sum();
        int place = 0;
        while (place < widths.Count - 1 && (at -= widths[place]) >= 0)
            place++;
        return place;
    }

    private sealed class Reader(PackedRows owner, int epoch) : IRowReader
    {
        private readonly CounterRandom _random = new(Initializer.SeedFor(owner._seed, FormattableString.Invariant($"rows/{epoch}")));
        private long _pack;

        public bool Read(RowBuffer rows, int index)
        {
            if (_pack == owner.RowCount)
                return false;
            EncodedTable table = owner._table;
            TableEncoding encoding = table.Encoding;
            Span<float> target = rows.Rows<float>(0, index);
            for (int i = 0; i < owner._pack; i++)
            {
                long at = 3 * ((_pack * owner._pack) + i);
                int row;
                if (encoding.Conditions == 0)
                {
                    row = (int)(_random.Uniform(at) * table.Count);
                }
                else
                {
                    int column = (int)(_random.Uniform(at) * encoding.Conditioned.Count), choice = Place(owner._shares[column], _random.Uniform(at + 1));
                    rows.Rows<int>(1, index)[i] = encoding.ConditionOf(encoding.Conditioned[column], choice);
                    row = table.RowOf(column, choice, _random.Uniform(at + 2));
                }

                table.Expand(row, target.Slice(i * encoding.Width, encoding.Width));
            }

            _pack++;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
