using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Cuts text into words.</summary>
public sealed class WordTokenizingEstimator : TrivialEstimator<WordTokenizingTransformer>
{
    internal WordTokenizingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, char[] separators)
        : base(env.Register(nameof(WordTokenizingEstimator)), new(env, columns, separators))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.ColumnPairs.Select(pair => new SchemaShape.Column(pair.outputColumnName,
            SchemaShape.Column.VectorKind.VariableVector, inputSchema.FindText(pair.inputColumnName).ItemType, false)));
    }
}
