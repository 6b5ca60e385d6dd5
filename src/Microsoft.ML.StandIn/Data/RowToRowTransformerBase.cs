using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Base of the transformers that map each row by itself.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    internal readonly IHost Host;

    private protected RowToRowTransformerBase(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Host = host;
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The columns that <see cref="Transform"/> will give.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return MakeMapping(inputSchema).OutputSchema;
    }

    /// <summary>The output table, computed as its rows are read.</summary>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(input, MakeMapping(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new RowMapper(MakeMapping(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        SaveModel(ctx);
    }

    /// <summary>The mapping over these input columns, or an error where they do not fit.</summary>
    private protected abstract RowMapping MakeMapping(DataViewSchema inputSchema);

    private protected abstract void SaveModel(ModelSaveContext ctx);
}
