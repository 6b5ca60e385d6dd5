using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

/// <summary>Gives vectors that are one at the keys' indices.</summary>
public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    internal KeyToVectorMappingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, bool outputCountVector)
        : base(env.Register(nameof(KeyToVectorMappingEstimator)), new(env, columns, outputCountVector))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var input = inputSchema.Find(pair.inputColumnName);
            if (!input.IsKey)
                throw Shapes.Mismatch("input", input.Name, "key type of known cardinality", input.GetTypeString());
            var adds = Transformer.AddsUp;
            var isVariable = !adds && input.Kind == VectorKind.VariableVector;
            List<SchemaShape.Column> annotations = [];
            if (!isVariable && input.Annotations.TryFindColumn(AnnotationNames.KeyValues, out var values) && values.ItemType is TextDataViewType)
                annotations.Add(Shapes.SlotNames);
            if (!adds && !isVariable)
                annotations.Add(Shapes.CategoricalSlotRanges);
            if (!adds || input.Kind == VectorKind.Scalar)
                annotations.Add(Shapes.IsNormalized);
            return new SchemaShape.Column(pair.outputColumnName, isVariable ? VectorKind.VariableVector : VectorKind.Vector, NumberDataViewType.Single, false,
                new SchemaShape(annotations));
        }));
}
