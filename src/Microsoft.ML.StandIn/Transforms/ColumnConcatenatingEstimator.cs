using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

/// <summary>Joins columns to one vector column.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly ColumnConcatenatingTransformer _transformer;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        => _transformer = new(env, outputColumnName, inputColumnNames);

    /// <summary>Gives the transformer; nothing is learnt.</summary>
    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _transformer;
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var inputs = _transformer.Inputs.Select(inputSchema.Find).ToArray();
        foreach (var input in inputs)
        {
            if (input.IsKey)
                throw new InvalidOperationException($"Column '{input.Name}' is key. Concatenation of keys is unsupported.");
            if (!input.ItemType.Equals(inputs[0].ItemType))
                throw Shapes.Mismatch("input", input.Name, inputs[0].ItemType.ToString()!, input.GetTypeString());
        }
        List<SchemaShape.Column> annotations = [];
        if (inputs.Any(input => input.Kind == VectorKind.Scalar || input.Has(AnnotationNames.SlotNames)))
            annotations.Add(Shapes.SlotNames);
        if (inputs.Any(input => input.Has(AnnotationNames.CategoricalSlotRanges)))
            annotations.Add(Shapes.CategoricalSlotRanges);
        if (inputs.All(input => input.Has(AnnotationNames.IsNormalized)))
            annotations.Add(Shapes.IsNormalized);
        var kind = inputs.Any(input => input.Kind == VectorKind.VariableVector) ? VectorKind.VariableVector : VectorKind.Vector;
        return inputSchema.With([new(_transformer.Output, kind, inputs[0].ItemType, false, new SchemaShape(annotations))]);
    }
}
