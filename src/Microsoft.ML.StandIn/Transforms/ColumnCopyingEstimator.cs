using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IHostEnvironment env, params InputOutputColumnPair[] columns)
        : base(env.Register(nameof(ColumnCopyingEstimator)), new(env, columns))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var input = inputSchema.Find(pair.inputColumnName);
            return new SchemaShape.Column(pair.outputColumnName, input.Kind, input.ItemType, input.IsKey, input.Annotations);
        }));
}
