using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(IHostEnvironment env, string[] columns, bool drops, bool keepHidden)
        : base(env.Register(nameof(ColumnSelectingEstimator)), new(columns, drops, keepHidden))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var named = Transformer.Columns.Select(name => inputSchema.Find(name).Name).ToHashSet(StringComparer.Ordinal);
        return new(inputSchema.Where(column => named.Contains(column.Name) != Transformer.Drops));
    }
}
