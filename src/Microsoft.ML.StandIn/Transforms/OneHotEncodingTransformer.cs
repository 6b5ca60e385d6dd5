using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Gives vectors that are one at a value's key. Saved and loaded as the steps it is made of.</summary>
public sealed class OneHotEncodingTransformer : ITransformer
{
    private readonly ITransformer _steps;

    internal OneHotEncodingTransformer(ITransformer steps) => _steps = steps;

    bool ITransformer.IsRowToRowMapper => _steps.IsRowToRowMapper;

    /// <summary>The columns that <see cref="Transform"/> will give.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _steps.GetOutputSchema(inputSchema);

    /// <summary>The table with the encoded columns.</summary>
    public IDataView Transform(IDataView input) => _steps.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _steps.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _steps.Save(ctx);
}
