using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Generation;

/// <summary>The rows of a data view as adversarial training takes them: numbers, and the class where there is one. Rows whose class is missing are left out.</summary>
internal sealed class GanRows : IRowSource
{
    private readonly IDataView _data;
    private readonly GanColumns _columns;
    private readonly ValueRange _range;

    public GanRows(IDataView data, GanColumns columns, ValueRange range)
    {
        (_data, _columns, _range) = (data, columns, range);
        RowColumn features = new(columns.Features.Name, DType.Float32, columns.Features.Size);
        Columns = columns.Label is { } label ? [features, new(label, DType.Int32, 1)] : [features];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public IRowReader Read() => new Reader(this);

    /// <summary>Looks at all rows: what values lie between, the rows of each class, those without one, and all that are learned from: with classes, those of a class.</summary>
    public static (ValueRange Range, long[] Classes, long Missing, long Total) Survey(IDataView data, GanColumns columns, int classes, CancellationToken cancellation)
    {
        float least = float.PositiveInfinity, most = float.NegativeInfinity;
        long[] counts = new long[classes];
        long missing = 0, total = 0;
        GanRows rows = new(data, columns, ValueRange.None);
        using Reader reader = new(rows);
        float[] values = new float[columns.Features.Size];
        while (reader.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (columns.Label is not null)
            {
                if (reader.Class() is not (>= 0 and var known) || known >= classes)
                {
                    missing++;
                    continue;
                }

                counts[known]++;
            }

            total++;
            reader.Features(values);
            foreach (float value in values)
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return (new(least, most), counts, missing, total);
    }

    /// <summary>Puts a class into a row as the column takes it: an id or one-hot numbers.</summary>
    public static void WriteClass(RowBuffer rows, int column, int index, int known)
    {
        if (rows.Columns[column].DType == DType.Int32)
        {
            rows.Rows<int>(column, index)[0] = known;
            return;
        }

        Span<float> hot = rows.Rows<float>(column, index);
        hot.Clear();
        hot[known] = 1;
    }

    private sealed class Reader : IRowReader
    {
        private readonly GanRows _owner;
        private readonly DataViewRowCursor _cursor;

        public Reader(GanRows owner)
        {
            _owner = owner;
            DataViewSchema schema = owner._data.Schema;
            DataViewSchema.Column features = ColumnRef.Find(schema, owner._columns.Features.Name, "feature");
            DataViewSchema.Column? label = owner._columns.Label is { } name ? ColumnRef.Find(schema, name, "label") : null;
            _cursor = owner._data.GetRowCursor(label is { } both ? [features, both] : [features]);
            Features = owner._columns.Bind(_cursor, features);
            Class = label is { } key ? GanColumns.BindClass(_cursor, key) : static () => 0;
        }

        public Action<Span<float>> Features { get; }

        public Func<int> Class { get; }

        public bool MoveNext() => _cursor.MoveNext();

        public bool Read(RowBuffer rows, int index)
        {
            int known;
            do
            {
                if (!_cursor.MoveNext())
                    return false;
                known = Class();
            }
            while (known < 0);
            Span<float> values = rows.Rows<float>(0, index);
            Features(values);
            _owner._range.Shrink(values);
            if (_owner._columns.Label is not null)
                rows.Rows<int>(1, index)[0] = known;
            return true;
        }

        public void Dispose() => _cursor.Dispose();
    }
}
