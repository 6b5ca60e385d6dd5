using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The lazy output of a row-to-row step.</summary>
internal sealed class MappedDataView(IDataView source, RowMapping mapping) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return Over(source.GetRowCursor(mapping.InputsFor(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return [.. source.GetRowCursorSet(mapping.InputsFor(active), n, rand).Select(input => Over(input, active))];
    }

    private Cursor Over(DataViewRowCursor input, bool[] active)
    {
        try
        {
            return new Cursor(input, mapping.Bind(input, active));
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    private sealed class Cursor(DataViewRowCursor input, RowMapping.Binding binding) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => binding.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => binding.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => binding.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
