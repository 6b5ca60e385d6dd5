namespace Microsoft.ML;

/// <summary>Loads tables from sources.</summary>
/// <typeparam name="TSource">The kind of source.</typeparam>
public interface IDataLoader<in TSource> : ICanSaveModel
{
    /// <summary>The table in a source; nothing is read before its rows are.</summary>
    IDataView Load(TSource input);

    /// <summary>The columns of the tables.</summary>
    DataViewSchema GetOutputSchema();
}
