using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loading, splitting and reading data.</summary>
public sealed partial class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env) => _env = env.Register(nameof(DataOperationsCatalog));

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>A table over objects, whose members are its columns. They are enumerated by each reading.</summary>
    /// <param name="data">The objects.</param>
    /// <param name="schemaDefinition">The columns, where they differ from what the class declares.</param>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition? schemaDefinition = null)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new ObjectDataView<TRow>(data, new ObjectColumns<TRow>(schemaDefinition));
    }

    /// <summary>A table over objects, whose columns have the types and annotations that a schema gives columns of their names.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(schema);
        return new ObjectDataView<TRow>(data, new ObjectColumns<TRow>(ModelOperationsCatalog.DefinitionFrom<TRow>(schema)));
    }

    /// <summary>The rows of a table as objects, read as they are enumerated.</summary>
    /// <param name="data">The table.</param>
    /// <param name="reuseRowObject">Whether one object is filled again for every row.</param>
    /// <param name="ignoreMissingColumns">Whether members without a column are left alone instead of being an error.</param>
    /// <param name="schemaDefinition">The members' columns, where they differ from what the class declares.</param>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition? schemaDefinition = null)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        return Read(data, new ObjectFiller<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition), reuseRowObject);
    }

    private static IEnumerable<TRow> Read<TRow>(IDataView data, ObjectFiller<TRow> filler, bool reuse)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(filler.Columns);
        var fill = filler.Over(cursor);
        var shared = reuse ? new TRow() : null;
        while (cursor.MoveNext())
        {
            var row = shared ?? new TRow();
            fill(row);
            yield return row;
        }
    }
}
