using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Generation;

/// <summary>The rows of a data view as a variational autoencoder takes them: its inputs, then the row once more, which it is to give back.</summary>
internal sealed class VaeRows : IRowSource
{
    private readonly GanRows _rows;
    private readonly int _class;

    /// <param name="rows">Numbers and, with classes, the class.</param>
    /// <param name="network">The network; its inputs are called <c>row</c> and <c>class</c>.</param>
    public VaeRows(GanRows rows, Network network)
    {
        _rows = rows;
        InputLayer[] inputs = [.. network.InputLayers];
        _class = Array.FindIndex(inputs, i => i.Name == VaeTrainer.ClassInput);
        Columns = [.. inputs.Select((input, i) => i == _class ? new RowColumn(rows.Columns[1].Name, input.DType, input.Shape!.Aggregate(1, (a, b) => a * b)) : rows.Columns[0]), rows.Columns[0]];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public IRowReader Read() => new Reader(this);

    private sealed class Reader(VaeRows owner) : IRowReader
    {
        private readonly IRowReader _reader = owner._rows.Read();
        private readonly RowBuffer _next = new(owner._rows.Columns, 1);

        public bool Read(RowBuffer rows, int index)
        {
            if (!_reader.Read(_next, 0))
                return false;
            for (int i = 0; i < owner.Columns.Count; i++)
            {
                if (i == owner._class)
                    GanRows.WriteClass(rows, i, index, _next.Rows<int>(1, 0)[0]);
                else
                    _next.Rows<float>(0, 0).CopyTo(rows.Rows<float>(i, index));
            }

            return true;
        }

        public void Dispose() => _reader.Dispose();
    }
}
