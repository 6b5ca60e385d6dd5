using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Validation;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation;

/// <summary>A trainer of several classes whose probabilities are calibrated by a temperature, fitted to scores by models that have not learned from the rows.</summary>
public sealed class CalibratedMulticlassEstimator : IEstimator<TransformerChain<TemperatureTransformer>>
{
    private readonly IEstimator<ITransformer> _trainer;
    private readonly CalibrationOptions _options;

    internal CalibratedMulticlassEstimator(IEstimator<ITransformer> trainer, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(options);
        if (options.NegativesKept != 1)
            throw new ArgumentException($"{nameof(options.NegativesKept)} is {options.NegativesKept}; it goes for two classes only.", nameof(options));
        _trainer = trainer;
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing, there are no rows, or fewer rows of a class than folds.</exception>
    /// <exception cref="InvalidOperationException">A score is no number.</exception>
    public TransformerChain<TemperatureTransformer> Fit(IDataView input)
    {
        var sample = OutOfFold.Multiclass(input, _trainer, _options.Folds, _options.StratifyColumn, _options.Columns, _options.Cancellation);
        return new(_trainer.Fit(input), TemperatureEstimator.Of(sample, _options.Columns));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _trainer.GetOutputSchema(inputSchema);
}
