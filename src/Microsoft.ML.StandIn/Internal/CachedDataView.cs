using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>
/// A table whose columns are kept in memory from the first time that they are read to their end.
/// </summary>
internal sealed class CachedDataView : IDataView
{
    private readonly IDataView _source;
    private readonly Lock _lock = new();
    private readonly Store?[] _stores;
    private long _rowCount = -1;

    public CachedDataView(IDataView source, IEnumerable<string>? prefetch)
    {
        _source = source;
        _stores = new Store?[source.Schema.Count];
        var wanted = (prefetch ?? []).Select(name => source.Schema[name]).ToArray();
        if (wanted.Length > 0)
            Fill(ActiveColumns.Of(Schema, wanted));
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _rowCount >= 0 ? _rowCount : _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        Fill(active);
        int[]? order = null;
        if (rand is not null)
        {
            order = [.. Enumerable.Range(0, checked((int)_rowCount))];
            rand.Shuffle(order);
        }
        return new Cursor(this, active, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private void Fill(bool[] active)
    {
        lock (_lock)
        {
            var missing = Schema.Where(c => active[c.Index] && _stores[c.Index] is null).ToArray();
            if (missing.Length == 0 && _rowCount >= 0)
                return;
            using var cursor = _source.GetRowCursor(missing);
            var stores = missing.Select(c => Store.Create(cursor, c)).ToArray();
            var count = 0L;
            for (; cursor.MoveNext(); count++)
                foreach (var store in stores)
                    store.Add();
            _rowCount = count;
            for (var i = 0; i < missing.Length; i++)
                _stores[missing[i].Index] = stores[i];
        }
    }

    private abstract class Store
    {
        public static Store Create(DataViewRow row, DataViewSchema.Column column)
            => (Store)Activator.CreateInstance(
                column.Type is VectorDataViewType vector
                    ? typeof(VectorStore<>).MakeGenericType(vector.ItemType.RawType)
                    : typeof(PlainStore<>).MakeGenericType(column.Type.RawType),
                row, column)!;

        public abstract void Add();

        public abstract Delegate MakeGetter(Cursor cursor);
    }

    private sealed class PlainStore<T>(DataViewRow row, DataViewSchema.Column column) : Store
    {
        private readonly List<T> _values = [];
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);

        public override void Add()
        {
            T value = default!;
            _getter(ref value);
            _values.Add(value);
        }

        public override Delegate MakeGetter(Cursor cursor) => (ValueGetter<T>)((ref T value) => value = _values[cursor.Row]);
    }

    private sealed class VectorStore<T>(DataViewRow row, DataViewSchema.Column column) : Store
    {
        private readonly List<VBuffer<T>> _values = [];
        private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);

        public override void Add()
        {
            VBuffer<T> value = default;
            _getter(ref value);
            _values.Add(value);
        }

        public override Delegate MakeGetter(Cursor cursor)
            => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[cursor.Row].CopyTo(ref value));
    }

    private sealed class Cursor : SequentialCursor
    {
        private readonly long _count;
        private readonly int[]? _order;
        private int _next;

        public Cursor(CachedDataView view, bool[] active, int[]? order)
            : base(view.Schema, active)
        {
            _count = view._rowCount;
            _order = order;
            SetGetters(i => view._stores[i]!.MakeGetter(this));
        }

        /// <summary>The row that the cursor is on, by the order of the source.</summary>
        public int Row
        {
            get
            {
                CheckOnRow();
                return _order is null ? _next - 1 : _order[_next - 1];
            }
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)Row, 0);

        protected override bool MoveNextCore()
        {
            if (_next >= _count)
                return false;
            _next++;
            return true;
        }
    }
}
