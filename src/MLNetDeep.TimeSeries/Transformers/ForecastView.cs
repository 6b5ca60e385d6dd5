using Microsoft.ML;

namespace MLNetDeep.TimeSeries.Transformers;

/// <summary>Data with a forecaster's columns, computed as rows are read.</summary>
internal sealed class ForecastView(IDataView source, ForecastBindings bindings) : IDataView
{
    // A forecast is of the rows before it: their order matters.
    public bool CanShuffle => false;

    public DataViewSchema Schema => bindings.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new ForecastCursor(source, bindings, [.. columnsNeeded]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
