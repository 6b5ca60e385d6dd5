using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Changes the case of text and takes out diacritics, punctuation and numbers.</summary>
public sealed class TextNormalizingEstimator : TrivialEstimator<TextNormalizingTransformer>
{
    internal TextNormalizingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, CaseMode caseMode, bool keepDiacritics,
        bool keepPunctuations, bool keepNumbers)
        : base(env.Register(nameof(TextNormalizingEstimator)), new(env, columns, caseMode, keepDiacritics, keepPunctuations, keepNumbers))
    {
    }

    /// <summary>What becomes of the case.</summary>
    public enum CaseMode
    {
        /// <summary>Lower case.</summary>
        Lower = 0,

        /// <summary>Upper case.</summary>
        Upper = 1,

        /// <summary>It stays.</summary>
        None = 2,
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var input = inputSchema.FindText(pair.inputColumnName);
            return new SchemaShape.Column(pair.outputColumnName, input.Kind == VectorKind.Scalar ? VectorKind.Scalar : VectorKind.VariableVector, input.ItemType, false);
        }));
    }
}
