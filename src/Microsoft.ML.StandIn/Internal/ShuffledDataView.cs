using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The rows of a table in random order: drawn from a pool that is filled up from the table as it is emptied.</summary>
internal sealed class ShuffledDataView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        rand ??= new Random(seed);
        var input = source.GetRowCursor(ActiveColumns.Select(Schema, active), shuffleSource && source.CanShuffle ? new Random(rand.Next()) : null);
        return new Cursor(input, active, rand, poolSize);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : SequentialCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _rand;
        private readonly int _poolSize;
        private readonly Dictionary<int, Slots> _columns = [];
        private readonly Slots<DataViewRowId> _ids;

        // The slots whose rows are still to be given.
        private readonly List<int> _waiting = [];
        private int _present = -1;
        private bool _inputEnded;

        public Cursor(DataViewRowCursor input, bool[] active, Random rand, int poolSize)
            : base(input.Schema, active)
        {
            _input = input;
            _rand = rand;
            _poolSize = poolSize;
            _ids = new Slots<DataViewRowId>(input.GetIdGetter());
            SetGetters(i =>
            {
                var column = input.Schema[i];
                var slots = _columns[i] = Slots.Create(input, column);
                return slots.MakeGetter(this);
            });
        }

        public int Present
        {
            get
            {
                CheckOnRow();
                return _present;
            }
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.MakeGetter(this);

        protected override bool MoveNextCore()
        {
            if (Position < 0)
                for (var slot = 0; slot < _poolSize; slot++)
                    Fetch(slot);
            else
                Fetch(_present);
            if (_waiting.Count == 0)
                return false;
            var at = _rand.Next(_waiting.Count);
            _present = _waiting[at];
            _waiting[at] = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }

        private void Fetch(int slot)
        {
            if (_inputEnded || !_input.MoveNext())
            {
                _inputEnded = true;
                return;
            }
            foreach (var column in _columns.Values)
                column.Fetch(slot);
            _ids.Fetch(slot);
            _waiting.Add(slot);
        }
    }

    private abstract class Slots
    {
        public static Slots Create(DataViewRow row, DataViewSchema.Column column)
        {
            var type = column.Type is VectorDataViewType vector
                ? typeof(VectorSlots<>).MakeGenericType(vector.ItemType.RawType)
                : typeof(PlainSlots<>).MakeGenericType(column.Type.RawType);
            return (Slots)Activator.CreateInstance(type, row, column)!;
        }

        public abstract void Fetch(int slot);

        public abstract Delegate MakeGetter(Cursor cursor);
    }

    private class Slots<T>(ValueGetter<T> getter) : Slots
    {
        private T[] _values = [];

        public override void Fetch(int slot)
        {
            if (slot >= _values.Length)
                Array.Resize(ref _values, Math.Max(slot + 1, 2 * _values.Length));
            getter(ref _values[slot]);
        }

        public override Delegate MakeGetter(Cursor cursor)
            => (ValueGetter<T>)((ref T value) => Copy(ref _values[cursor.Present], ref value));

        protected virtual void Copy(ref T source, ref T destination) => destination = source;
    }

    private sealed class PlainSlots<T>(DataViewRow row, DataViewSchema.Column column) : Slots<T>(row.GetGetter<T>(column));

    private sealed class VectorSlots<T>(DataViewRow row, DataViewSchema.Column column) : Slots<VBuffer<T>>(row.GetGetter<VBuffer<T>>(column))
    {
        protected override void Copy(ref VBuffer<T> source, ref VBuffer<T> destination) => source.CopyTo(ref destination);
    }
}
