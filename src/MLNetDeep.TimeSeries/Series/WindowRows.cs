using MLNetDeep.Graphs;
using MLNetDeep.Training.Data;

namespace MLNetDeep.TimeSeries.Series;

/// <summary>Origins of series as a trainer's rows. Windows are cut out of the series as they are read.</summary>
internal sealed class WindowRows : IRowSource
{
    private readonly SeriesWindows _windows;
    private readonly IReadOnlyList<SeriesInput> _inputs;
    private readonly IReadOnlyList<(SeriesHistory Series, int Origin)> _origins;

    /// <param name="windows">What is seen of them.</param>
    /// <param name="inputs">The network's inputs.</param>
    /// <param name="origins">The origins.</param>
    /// <param name="seed">Seed of an order of them, so that neighbours in a buffer that is shuffled later are of all times and series; null to leave the order.</param>
    public WindowRows(SeriesWindows windows, IReadOnlyList<SeriesInput> inputs, IReadOnlyList<(SeriesHistory Series, int Origin)> origins, int? seed)
    {
        _windows = windows;
        _inputs = inputs;
        _origins = origins;
        if (seed is { } s)
        {
            (SeriesHistory, int)[] order = [.. origins];
            new Random(s).Shuffle(order);
            _origins = order;
        }

        Columns = [.. inputs.Select(i => new RowColumn(i.ToString(), DType.Float32, windows.SizeOf(i))), new("target", DType.Float32, windows.Settings.Horizon), new("weight", DType.Float32, 1)];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public IRowReader Read() => new Reader(this);

    private sealed class Reader(WindowRows owner) : IRowReader
    {
        private int _next;

        public bool Read(RowBuffer rows, int index)
        {
            if (_next == owner._origins.Count)
                return false;
            (SeriesHistory series, int origin) = owner._origins[_next++];
            int inputs = owner._inputs.Count;
            for (int i = 0; i < inputs; i++)
                owner._windows.Write(owner._inputs[i], series, origin, rows.Rows<float>(i, index));
            rows.Rows<float>(inputs + 1, index)[0] = owner._windows.WriteTarget(series, origin, rows.Rows<float>(inputs, index));
            return true;
        }

        public void Dispose()
        {
        }
    }
}
