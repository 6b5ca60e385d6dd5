using MLNetDeep.Graphs;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Exporting.Tests.Events;

/// <summary>Rows of two classes, by the sign of the first of three features.</summary>
internal sealed class Rows(int count) : IRowSource
{
    public IReadOnlyList<RowColumn> Columns { get; } = [new("x", DType.Float32, 3), new("y", DType.Int32, 1)];

    public IRowReader Read() => new Reader(count);

    private sealed class Reader(int count) : IRowReader
    {
        private int _next;

        public bool Read(RowBuffer rows, int index)
        {
            if (_next == count)
                return false;
            Span<float> x = rows.Rows<float>(0, index);
            for (int i = 0; i < x.Length; i++)
                x[i] = MathF.Sin((_next * 3) + i);
            rows.Rows<int>(1, index)[0] = x[0] > 0 ? 1 : 0;
            _next++;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
