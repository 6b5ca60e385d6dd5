using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Says where values are missing.</summary>
public sealed class MissingValueIndicatorEstimator : TrivialEstimator<MissingValueIndicatorTransformer>
{
    internal MissingValueIndicatorEstimator(IHostEnvironment env, InputOutputColumnPair[] columns)
        : base(env.Register(nameof(MissingValueIndicatorEstimator)), new(env, columns))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var input = inputSchema.Find(pair.inputColumnName);
            return new SchemaShape.Column(pair.outputColumnName, input.Kind, BooleanDataViewType.Instance, false,
                new SchemaShape([Shapes.IsNormalized, .. input.Take(AnnotationNames.SlotNames)]));
        }));
}
