using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A cursor that gives some of another's rows: how it moves is up to its creator.</summary>
internal sealed class WrappedCursor(DataViewRowCursor input, bool[] active, Func<bool> moveNext) : DataViewRowCursor
{
    private long _position = -1;
    private bool _ended;

    public override long Position => _ended ? -1 : _position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => input.Schema;

    public override bool MoveNext()
    {
        if (_ended)
            return false;
        if (moveNext())
        {
            _position++;
            return true;
        }
        _ended = true;
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => ActiveColumns.Has(Schema, active, column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ActiveColumns.Check(Schema, active, column);
        return input.GetGetter<TValue>(column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
