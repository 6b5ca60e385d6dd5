using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNetDeep.Rows;

/// <summary>
/// The rows whose files, of pictures or sounds, can be read. A file is read when its row is first come to; what came of it is remembered, so that every
/// later reading has the same rows and costs nothing.
/// </summary>
internal sealed class ReadableFilesView : IDataView
{
    private const int MostNamed = 5;

    private readonly IDataView _source;
    private readonly DataViewSchema.Column _path;
    private readonly string _kind;
    private readonly Func<string, string?> _fault;
    private readonly bool _skip;
    private readonly IHost _host;
    private readonly ConcurrentDictionary<string, string?> _faults = new(StringComparer.Ordinal);
    private int _reported;

    /// <param name="host">Where warnings go.</param>
    /// <param name="source">The rows.</param>
    /// <param name="path">The column of paths.</param>
    /// <param name="kind">What the files are, for messages: image, sound.</param>
    /// <param name="fault">Reads a file; what is wrong with it, or null. It may throw what it likes.</param>
    /// <param name="skip">Whether rows whose file cannot be read are left out; they are an error otherwise.</param>
    public ReadableFilesView(IHost host, IDataView source, DataViewSchema.Column path, string kind, Func<string, string?> fault, bool skip)
    {
        _host = host;
        _source = source;
        _path = path;
        _kind = kind;
        _fault = fault;
        _skip = skip;
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _skip ? null : _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return new Cursor(this, _source.GetRowCursor(needed.Append(_path).DistinctBy(c => c.Index), rand), [.. needed.Select(c => c.Index)]);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private bool IsReadable(string path, long row)
    {
        string? fault = _faults.GetOrAdd(path, Fault);
        return fault is null || (_skip ? false : throw new InvalidDataException($"The {_kind} file '{path}' in data row {row + 1} cannot be read: {fault}"));
    }

    private string? Fault(string path)
    {
        if (path.Length == 0)
            return "its path is empty.";
        try
        {
            return _fault(path);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Which exceptions ML.NET and the image library below it throw for damaged files is not documented.
            return e.Message;
        }
    }

    // Once for every number of files, not once for every reading.
    private void Report()
    {
        string[] bad = [.. _faults.Where(f => f.Value is not null).Select(f => f.Key).Order(StringComparer.Ordinal)];
        if (bad.Length == 0 || Interlocked.Exchange(ref _reported, bad.Length) == bad.Length)
            return;
        using IChannel channel = _host.Start("Reading");
        channel.Warning(MessageSensitivity.UserData, $"{bad.Length} of {_faults.Count} {_kind} files cannot be read; their rows were left out: {string.Join(", ", bad.Take(MostNamed).Select(b => $"'{b}'"))}{(bad.Length > MostNamed ? ", ..." : "")}.");
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly ReadableFilesView _owner;
        private readonly DataViewRowCursor _rows;
        private readonly HashSet<int> _active;
        private readonly ValueGetter<ReadOnlyMemory<char>> _path;
        private long _position = -1;
        private bool _disposed;

        public Cursor(ReadableFilesView owner, DataViewRowCursor rows, HashSet<int> active)
        {
            _owner = owner;
            _rows = rows;
            _active = active;
            _path = rows.GetGetter<ReadOnlyMemory<char>>(owner._path);
        }

        public override DataViewSchema Schema => _owner.Schema;

        public override long Position => _position;

        public override long Batch => _rows.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
            ? _rows.GetGetter<TValue>(column)
            : throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");

        public override bool MoveNext()
        {
            ReadOnlyMemory<char> path = default;
            while (_rows.MoveNext())
            {
                _path(ref path);
                if (!_owner.IsReadable(path.ToString(), _rows.Position))
                    continue;
                _position++;
                return true;
            }

            _position = -1;
            _owner.Report();
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _rows.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
