using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Transformers;

namespace MLNetDeep.Imbalance.Core;

/// <summary>Data without the rows that were removed and with those that were added, at random places among the others.</summary>
internal sealed class ResampledView : IDataView
{
    private readonly IDataView _source;
    private readonly bool[] _keep;
    private readonly NewRow[] _added;
    private readonly long[] _places;
    private readonly int _kept;
    private readonly int[] _labels;
    private readonly int _classes;
    private readonly string? _features;
    private readonly IReadOnlyList<string> _donorColumns;
    private readonly IReadOnlyList<string> _madeColumns;
    private readonly IDataView[] _made;

    /// <param name="source">The data.</param>
    /// <param name="task">Which rows were removed and added.</param>
    /// <param name="features">The column of features that were made up; null if none were.</param>
    public ResampledView(IDataView source, SamplingTask task, string? features)
    {
        _source = source;
        _keep = task.Keep;
        _added = [.. task.Added];
        _labels = task.Rows.Labels;
        _classes = task.Rows.ClassNames.Count;
        _features = features;
        _donorColumns = task.DonorColumns;
        (_madeColumns, _made) = (task.MadeColumns, [.. task.Made]);
        _kept = _keep.Count(k => k);
        task.Random.Shuffle(_added);
        _places = [.. _added.Select(_ => task.Random.NextInt64(_kept + 1L)).Order()];
    }

    /// <summary>The rows of a task for which something holds.</summary>
    public static ResampledView Part(SamplingTask task, Func<int, bool> takes)
    {
        SamplingTask part = new(task.Rows, task.Data, new Random(0), task.Warn, task.Cancellation);
        part.Remove([.. task.Rows.Labels.Select((_, i) => !takes(i))]);
        return new(task.Data, part, null);
    }

    /// <summary>Rows as often as they were drawn.</summary>
    public static ResampledView Drawn(SamplingTask task, IEnumerable<int> rows)
    {
        SamplingTask drawn = new(task.Rows, task.Data, task.Random, task.Warn, task.Cancellation);
        HashSet<int> seen = [];
        foreach (int row in rows)
        {
            if (!seen.Add(row))
                drawn.Added.Add(new(row));
        }

        drawn.Remove([.. task.Rows.Labels.Select((_, i) => !seen.Contains(i)), .. drawn.Added.Select(_ => false)]);
        return new(task.Data, drawn, null);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    private bool IsMade(DataViewSchema.Column column) => !column.IsHidden && _madeColumns.Contains(column.Name);

    public long? GetRowCount() => _kept + _added.Length;

    /// <summary>Rows of each class.</summary>
    public int[] CountClasses()
    {
        int[] counts = new int[_classes];
        for (int i = 0; i < _keep.Length; i++)
        {
            if (_keep[i])
                counts[_labels[i]]++;
        }

        foreach (NewRow row in _added)
            counts[_labels[row.Seed]]++;
        return counts;
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, [.. columnsNeeded.DistinctBy(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly ResampledView _view;
        private readonly DataViewRowCursor _rows;
        private readonly SeedRows? _seeds;
        private long _position = -1;
        private int _row = -1, _passed;

        // The added row that the cursor stands on or, on a row of the source, the next one's predecessor.
        private int _next;
        private bool _isAdded, _ended;

        public Cursor(ResampledView view, DataViewSchema.Column[] columns)
        {
            _view = view;
            _seeds = view._added.Length > 0 ? new(view, columns) : null;
            _rows = view._source.GetRowCursor(columns);
        }

        public override DataViewSchema Schema => _view.Schema;

        public override long Position => _ended ? -1 : _position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _rows.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter()
        {
            ValueGetter<DataViewRowId> getter = _rows.GetIdGetter();
            return (ref DataViewRowId id) =>
            {
                // Of no row of the source: those count up from zero.
                if (_isAdded)
                    id = new DataViewRowId((ulong)(_next - 1), ulong.MaxValue);
                else
                    getter(ref id);
            };
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = _rows.GetGetter<TValue>(column);
            if (_seeds is null)
                return getter;
            ValueGetter<TValue> added = _seeds.Getter<TValue>(column, () => _next - 1);
            return (ref TValue value) =>
            {
                if (_isAdded)
                    added(ref value);
                else
                    getter(ref value);
            };
        }

        public override bool MoveNext()
        {
            if (_ended)
                return false;
            _position++;
            _isAdded = _next < _view._added.Length && _view._places[_next] <= _passed;
            if (_isAdded)
            {
                _next++;
                return true;
            }

            while (_rows.MoveNext())
            {
                if (++_row >= _view._keep.Length)
                    throw Changed();
                if (!_view._keep[_row])
                    continue;
                _passed++;
                return true;
            }

            _ended = true;
            return _row + 1 == _view._keep.Length ? false : throw Changed();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _rows.Dispose();
            base.Dispose(disposing);
        }

        private InvalidOperationException Changed() =>
            new($"The training data had {_view._keep.Length} rows when it was sampled and now has {(_row >= _view._keep.Length ? "more" : $"{_row + 1}")}: each reading must give the same rows in the same order. Cache the data before (Data.Cache).");
    }

    /// <summary>The values of rows that others are made from, read before the first row is given.</summary>
    private sealed class SeedRows
    {
        private readonly ResampledView _view;
        private readonly Dictionary<int, int> _slots;
        private readonly Dictionary<int, HeldColumn> _columns = [];
        private readonly Dictionary<int, HeldColumn[]> _made = [];

        // Of the rows that a model made the first of each view.
        private readonly int[] _starts;

        public SeedRows(ResampledView view, DataViewSchema.Column[] columns)
        {
            _view = view;
            _starts = new int[view._made.Length + 1];
            for (int i = 0; i < view._made.Length; i++)
                _starts[i + 1] = _starts[i] + (int)view._made[i].GetRowCount()!.Value;
            foreach (DataViewSchema.Column column in columns.Where(view.IsMade))
                _made.Add(column.Index, [.. view._made.Select(made => HoldAll(made, column.Name))]);
            HashSet<int> rows = [];
            foreach (NewRow row in view._added)
            {
                rows.Add(row.Seed);
                rows.UnionWith(row.Donors ?? []);
            }

            int[] wanted = [.. rows.Order()];
            _slots = wanted.Select((row, slot) => (row, slot)).ToDictionary(p => p.row, p => p.slot);
            bool ownFeatures = view._added.All(a => a.Features is not null);
            DataViewSchema.Column[] held = [.. columns.Where(c => !(ownFeatures && c.Name == view._features && !c.IsHidden) && !view.IsMade(c))];
            if (held.Length == 0)
                return;
            using DataViewRowCursor cursor = view._source.GetRowCursor(held);
            foreach (DataViewSchema.Column column in held)
            {
                if (!HeldColumn.CanHold(column.Type))
                    throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}, of which rows cannot be repeated. Drop it before sampling, or convert it to a vector.");
                _columns.Add(column.Index, HeldColumn.Create(cursor, column, wanted.Length));
            }

            int at = 0;
            for (int row = 0; at < wanted.Length && cursor.MoveNext(); row++)
            {
                if (row != wanted[at])
                    continue;
                foreach (HeldColumn column in _columns.Values)
                    column.Hold(at);
                at++;
            }
        }

        // The values that a column has in all rows of a view.
        private static HeldColumn HoldAll(IDataView rows, string name)
        {
            DataViewSchema.Column column = rows.Schema[name];
            using DataViewRowCursor cursor = rows.GetRowCursor([column]);
            int count = (int)rows.GetRowCount()!.Value;
            HeldColumn held = HeldColumn.Create(cursor, column, count);
            for (int row = 0; row < count && cursor.MoveNext(); row++)
                held.Hold(row);
            return held;
        }

        public ValueGetter<T> Getter<T>(DataViewSchema.Column column, Func<int> index)
        {
            NewRow[] added = _view._added;
            if (_made.TryGetValue(column.Index, out HeldColumn[]? made))
            {
                int row = 0;
                ValueGetter<T>[] getters = [.. made.Select(m => (ValueGetter<T>)m.CreateGetter(() => row))];
                return (ref T value) =>
                {
                    int at = added[index()].Made, view = Array.FindLastIndex(_starts, _starts.Length - 2, s => s <= at);
                    row = at - _starts[view];
                    getters[view](ref value);
                };
            }

            int donor = column.IsHidden ? -1 : _view._donorColumns.ToList().IndexOf(column.Name);
            ValueGetter<T>? held = _columns.TryGetValue(column.Index, out HeldColumn? values)
                ? (ValueGetter<T>)values.CreateGetter(() => _slots[donor >= 0 ? added[index()].Donors![donor] : added[index()].Seed])
                : null;
            if (column.IsHidden || column.Name != _view._features)
                return held!;
            ValueGetter<VBuffer<float>> own = (ref VBuffer<float> value) => added[index()].Features!.Value.CopyTo(ref value);
            ValueGetter<T> features = (ValueGetter<T>)(Delegate)own;
            return held is null ? features : (ref T value) =>
            {
                if (added[index()].Features is null)
                    held(ref value);
                else
                    features(ref value);
            };
        }
    }
}
