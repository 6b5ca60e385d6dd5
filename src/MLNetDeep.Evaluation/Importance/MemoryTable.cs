using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation.Importance;

/// <summary>Rows in memory, of which one column, or one slot of it, can be shown in another order.</summary>
internal sealed class MemoryTable
{
    private readonly Dictionary<int, HeldColumn> _columns = [];

    /// <param name="source">The rows.</param>
    /// <param name="needed">The columns to hold.</param>
    /// <param name="maxRows">The most rows to hold; of more, so many are drawn.</param>
    /// <param name="random">Draws them.</param>
    /// <exception cref="NotSupportedException">A column is of a type that cannot be held, such as images.</exception>
    public MemoryTable(IDataView source, IReadOnlyList<DataViewSchema.Column> needed, int maxRows, Random random)
    {
        Schema = source.Schema;
        int rows = 0;
        using (DataViewRowCursor counter = source.GetRowCursor(needed.Take(1)))
        {
            while (counter.MoveNext())
                rows++;
        }

        Count = Math.Min(rows, maxRows);
        bool[] taken = new bool[rows];
        int[] order = [.. Enumerable.Range(0, rows)];
        if (Count < rows)
            random.Shuffle(order);
        foreach (int row in order.Take(Count))
            taken[row] = true;
        using DataViewRowCursor cursor = source.GetRowCursor(needed);
        foreach (DataViewSchema.Column column in needed)
        {
            _columns.Add(column.Index, HeldColumn.CanHold(column.Type)
                ? HeldColumn.Create(cursor, column, Count)
                : throw new NotSupportedException($"The column '{column.Name}' has type {column.Type}, whose values cannot be exchanged between rows; take the data after the step that makes numbers of it, and the rest of the model."));
        }

        for (int row = 0, held = 0; held < Count && cursor.MoveNext(); row++)
        {
            if (!taken[row])
                continue;
            foreach (HeldColumn column in _columns.Values)
                column.Hold(held);
            held++;
        }
    }

    public int Count { get; }

    public DataViewSchema Schema { get; }

    /// <summary>The rows, one column in another order.</summary>
    /// <param name="column">The column; -1 for none.</param>
    /// <param name="slot">The slot of its vectors; -1 for the whole.</param>
    /// <param name="order">For each row the row whose value it shows.</param>
    public IDataView Show(int column = -1, int slot = -1, int[]? order = null) => new View(this, column, slot, order);

    private sealed class View(MemoryTable owner, int column, int slot, int[]? order) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => owner.Schema;

        public long? GetRowCount() => owner.Count;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(owner, column, slot, order, [.. columnsNeeded.Select(c => c.Index)]);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Cursor(MemoryTable owner, int shuffled, int slot, int[]? order, HashSet<int> active) : DataViewRowCursor
    {
        private int _position = -1;

        public override DataViewSchema Schema => owner.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column) || !owner._columns.TryGetValue(column.Index, out HeldColumn? held))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
            Delegate getter = column.Index != shuffled || order is null ? held.CreateGetter(() => _position)
                : slot < 0 ? held.CreateGetter(() => order[_position])
                : Slot((ValueGetter<VBuffer<float>>)held.CreateGetter(() => _position), (ValueGetter<VBuffer<float>>)held.CreateGetter(() => order[_position]));
            return getter as ValueGetter<TValue> ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(TValue)} was asked for.");
        }

        public override bool MoveNext() => _position + 1 < owner.Count && ++_position >= 0;

        private ValueGetter<VBuffer<float>> Slot(ValueGetter<VBuffer<float>> own, ValueGetter<VBuffer<float>> other)
        {
            VBuffer<float> mine = default, theirs = default;
            return (ref VBuffer<float> value) =>
            {
                own(ref mine);
                other(ref theirs);
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, mine.Length);
                mine.CopyTo(editor.Values);
                editor.Values[slot] = theirs.GetItemOrDefault(slot);
                value = editor.Commit();
            };
        }
    }
}
