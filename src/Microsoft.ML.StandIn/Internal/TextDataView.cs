using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A table over text files, read anew by each cursor.</summary>
internal sealed class TextDataView(DataViewSchema schema, TextColumn[] columns, TextLoader.Options options, IMultiStreamSource source) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(this, ActiveColumns.Of(schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : SequentialCursor
    {
        private readonly TextLines _lines;
        private readonly TextLoader.Options _options;

        public Cursor(TextDataView view, bool[] active)
            : base(view.Schema, active)
        {
            _options = view.Options;
            _lines = new TextLines(_options, view.Source);
            SetGetters(i => MakeGetter(view.Columns[i]));
        }

        protected override bool MoveNextCore()
            => (_options.MaxRows is not { } most || Position + 1 < most) && _lines.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _lines.Dispose();
            base.Dispose(disposing);
        }

        private Delegate MakeGetter(TextColumn column)
            => (Delegate)typeof(Cursor)
                .GetMethod(column.Type is VectorDataViewType ? nameof(Vector) : nameof(Scalar), BindingFlags.Instance | BindingFlags.NonPublic)!
                .MakeGenericMethod(column.ItemType.RawType)
                .Invoke(this, BindingFlags.DoNotWrapExceptions, null, [column], null)!;

        private ValueGetter<T> Scalar<T>(TextColumn column)
        {
            var parse = FieldParser.For<T>(column.ItemType, _options);
            var field = column.Fields[0];
            return (ref T value) =>
            {
                CheckOnRow();
                value = Parse(parse, _lines.Line[field], column);
            };
        }

        private ValueGetter<VBuffer<T>> Vector<T>(TextColumn column)
        {
            var parse = FieldParser.For<T>(column.ItemType, _options);
            // Where empty fields are not the type's default, every field has to be written.
            parse(default, out var missing);
            var alwaysDense = !EqualityComparer<T>.Default.Equals(missing, default);
            return (ref VBuffer<T> value) =>
            {
                CheckOnRow();
                var line = _lines.Line;
                var given = 0;
                foreach (var field in column.Fields)
                    if (!line[field].IsEmpty)
                        given++;
                if (alwaysDense || given > column.Fields.Length / 2)
                {
                    var dense = VBufferEditor.Create(ref value, column.Fields.Length);
                    for (var i = 0; i < column.Fields.Length; i++)
                        dense.Values[i] = Parse(parse, line[column.Fields[i]], column);
                    value = dense.Commit();
                    return;
                }
                var sparse = VBufferEditor.Create(ref value, column.Fields.Length, given);
                var at = 0;
                for (var i = 0; i < column.Fields.Length; i++)
                {
                    var text = line[column.Fields[i]];
                    if (text.IsEmpty)
                        continue;
                    sparse.Values[at] = Parse(parse, text, column);
                    sparse.Indices[at++] = i;
                }
                value = sparse.Commit();
            };
        }

        private T Parse<T>(FieldParser.Parse<T> parse, ReadOnlyMemory<char> text, TextColumn column)
        {
            if (parse(text, out var value))
                return value;
            var message = $"Could not parse value {text} in line {_lines.Number}, column {column.Name}";
            throw new FormatException($"Parsing failed with an exception: {message}", new InvalidOperationException(message));
        }
    }

    private TextColumn[] Columns => columns;

    private TextLoader.Options Options => options;

    private IMultiStreamSource Source => source;
}
