using Microsoft.ML;

namespace MLNetDeep.Transformers;

/// <summary>Data with a model's columns, computed as rows are read.</summary>
internal sealed class ScoredView(IDataView source, OutputBindings bindings) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => bindings.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new ScoredCursor(source, bindings, [.. columnsNeeded], rand);

    // One cursor: the network uses all processors by itself.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
