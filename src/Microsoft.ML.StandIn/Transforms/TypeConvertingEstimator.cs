using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to another type.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal TypeConvertingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, DataKind outputKind)
        : base(env.Register(nameof(TypeConvertingEstimator)), new(env, columns, outputKind))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var input = inputSchema.Find(pair.inputColumnName);
            return new SchemaShape.Column(pair.outputColumnName, input.Kind, DataViewTypes.PrimitiveOf(Transformer.OutputKind), false, input.Annotations);
        }));
}
