using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The rows of a table that pass a test.</summary>
/// <param name="source">The table.</param>
/// <param name="testColumns">The columns that the test reads.</param>
/// <param name="makeTest">Makes the test over a cursor of its own; it is called once for every row, in order.</param>
/// <param name="canShuffle">Whether the test does without the order of the rows.</param>
internal sealed class FilteredDataView(IDataView source, IEnumerable<DataViewSchema.Column> testColumns,
    Func<DataViewRow, Func<bool>> makeTest, bool canShuffle) : IDataView
{
    private readonly DataViewSchema.Column[] _testColumns = [.. testColumns];

    public bool CanShuffle => canShuffle && source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        var inner = ActiveColumns.Of(Schema, [.. ActiveColumns.Select(Schema, active), .. _testColumns]);
        var input = source.GetRowCursor(ActiveColumns.Select(Schema, inner), CanShuffle ? rand : null);
        try
        {
            var test = makeTest(input);
            return new WrappedCursor(input, active, () =>
            {
                while (input.MoveNext())
                    if (test())
                        return true;
                return false;
            });
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];
}
