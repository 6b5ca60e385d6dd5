using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Gives the characters of text as keys.</summary>
public sealed class TokenizingByCharactersEstimator : TrivialEstimator<TokenizingByCharactersTransformer>
{
    internal TokenizingByCharactersEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, bool useMarkerCharacters)
        : base(env.Register(nameof(TokenizingByCharactersEstimator)), new(env, columns, useMarkerCharacters))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.ColumnPairs.Select(pair => new SchemaShape.Column(pair.outputColumnName,
            SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.UInt16, true,
            new SchemaShape([.. inputSchema.FindText(pair.inputColumnName).Take(AnnotationNames.SlotNames), Shapes.KeyValues(TextDataViewType.Instance)]))));
    }
}
