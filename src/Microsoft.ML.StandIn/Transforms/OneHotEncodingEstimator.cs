using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns the values of columns and gives vectors that are one at a value's key.</summary>
public sealed class OneHotEncodingEstimator : IEstimator<OneHotEncodingTransformer>
{
    private readonly IEstimator<ITransformer> _steps;

    internal OneHotEncodingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, OutputKind outputKind, int maximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality, IDataView? keyData)
    {
        var toKey = new ValueToKeyMappingEstimator(env, columns, maximumNumberOfKeys, keyOrdinality, asText: true, keyData);
        var outputs = Array.ConvertAll(columns, pair => new InputOutputColumnPair(pair.OutputColumnName));
        _steps = outputKind switch
        {
            OutputKind.Key => new EstimatorChain<ITransformer>().Append(toKey),
            OutputKind.Bag or OutputKind.Indicator => toKey.Append(new KeyToVectorMappingEstimator(env, outputs, outputKind == OutputKind.Bag)),
            OutputKind.Binary => throw new NotSupportedException("Binary encoding is only in Microsoft.ML itself."),
            _ => throw new ArgumentOutOfRangeException(nameof(outputKind), outputKind, "Unknown kind of output."),
        };
    }

    /// <summary>What is given for a value.</summary>
    public enum OutputKind : byte
    {
        /// <summary>A vector of counts: the indicator vectors of a vector's values, added up.</summary>
        Bag = 1,

        /// <summary>A vector that is one at the value's key; those of a vector's values stand one after the other.</summary>
        Indicator = 2,

        /// <summary>The key.</summary>
        Key = 3,

        /// <summary>The bits of the key.</summary>
        Binary = 4,
    }

    /// <summary>Reads the rows once, or the table of keys, and gives the transformer.</summary>
    public OneHotEncodingTransformer Fit(IDataView input) => new(_steps.Fit(input));

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _steps.GetOutputSchema(inputSchema);
}
