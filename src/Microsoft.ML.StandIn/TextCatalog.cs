using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;
using static Microsoft.ML.Transforms.Text.TextNormalizingEstimator;

namespace Microsoft.ML;

/// <summary>The transforms for text.</summary>
public static class TextCatalog
{
    /// <summary>Changes the case of text and takes out diacritics, punctuation and numbers.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column, text or a vector of text; the output column's name by default.</param>
    /// <param name="caseMode">The case to give the text.</param>
    /// <param name="keepDiacritics">Whether accents and the like stay.</param>
    /// <param name="keepPunctuations">Whether punctuation stays.</param>
    /// <param name="keepNumbers">Whether numbers stay.</param>
    public static TextNormalizingEstimator NormalizeText(this TransformsCatalog.TextTransforms catalog, string outputColumnName,
        string? inputColumnName = null, CaseMode caseMode = CaseMode.Lower, bool keepDiacritics = false, bool keepPunctuations = true,
        bool keepNumbers = true)
        => new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), caseMode, keepDiacritics, keepPunctuations, keepNumbers);

    /// <summary>Gives the characters of text as keys, whose values are the characters' codes.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column, text or a vector of text; it must be given.</param>
    /// <param name="useMarkerCharacters">Whether the characters 0x02 and 0x03 are put before and after them.</param>
    public static TokenizingByCharactersEstimator TokenizeIntoCharactersAsKeys(this TransformsCatalog.TextTransforms catalog, string outputColumnName,
        string? inputColumnName = null, bool useMarkerCharacters = true)
        => new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName ?? throw new ArgumentOutOfRangeException(nameof(inputColumnName), "columns cannot be null or empty")), useMarkerCharacters);

    /// <summary>Cuts text into words.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column, text or a vector of text; the output column's name by default.</param>
    /// <param name="separators">The characters between words; the space by default.</param>
    public static WordTokenizingEstimator TokenizeIntoWords(this TransformsCatalog.TextTransforms catalog, string outputColumnName,
        string? inputColumnName = null, char[]? separators = null)
        => new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), separators ?? [' ']);
}
