namespace Microsoft.ML;

/// <summary>The rows of a table after the first few, up to a number.</summary>
internal sealed class SkipTakeDataView(IDataView source, long skip, long take) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount() is { } count ? Math.Min(take, Math.Max(0, count - skip)) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        var input = source.GetRowCursor(ActiveColumns.Select(Schema, active));
        var toSkip = skip;
        var left = take;
        return new WrappedCursor(input, active, () =>
        {
            for (; toSkip > 0; toSkip--)
                if (!input.MoveNext())
                    return false;
            return left-- > 0 && input.MoveNext();
        });
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];
}
