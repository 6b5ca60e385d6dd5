using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives what keys stand for.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns)
        : base(env.Register(nameof(KeyToValueMappingEstimator)), new(env, columns))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var input = inputSchema.Find(pair.inputColumnName);
            if (!input.IsKey)
                throw Shapes.Mismatch("input", input.Name, "key type of known cardinality", input.GetTypeString());
            if (!input.Annotations.TryFindColumn(AnnotationNames.KeyValues, out var values))
                throw KeyToValueMappingTransformer.NoKeyValues(input.Name);
            return new SchemaShape.Column(pair.outputColumnName, input.Kind, values.ItemType, values.IsKey,
                new SchemaShape(input.Take(AnnotationNames.SlotNames)));
        }));
}
