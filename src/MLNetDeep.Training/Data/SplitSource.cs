namespace MLNetDeep.Training.Data;

/// <summary>
/// The rows of a source that a seeded draw puts on one side of a split. The draw depends on a row's number alone, so both
/// sides can be read at any time without keeping anything.
/// </summary>
internal sealed class SplitSource(IRowSource source, double fraction, int seed, bool first) : IRowSource
{
    public IReadOnlyList<RowColumn> Columns => source.Columns;

    public IRowReader Read() => new Reader(source.Read(), row => RandomNumbers.At(seed, row) < fraction == first);

    private sealed class Reader(IRowReader rows, Func<long, bool> takes) : IRowReader
    {
        private long _row = -1;

        public bool Read(RowBuffer buffer, int index)
        {
            // A row of the other side is overwritten by the next one.
            while (rows.Read(buffer, index))
            {
                if (takes(++_row))
                    return true;
            }

            return false;
        }

        public void Dispose() => rows.Dispose();
    }
}
