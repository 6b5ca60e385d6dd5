using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Validation;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation;

/// <summary>
/// A trainer of two classes whose probabilities are calibrated: each row is scored by a model that has not learned from it, the calibration fitted to these scores,
/// and the trainer fitted once more to all rows. The trainer need not give probabilities.
/// </summary>
public sealed class CalibratedEstimator : IEstimator<TransformerChain<CalibrationTransformer>>
{
    private readonly IEstimator<ITransformer> _trainer;
    private readonly CalibrationOptions _options;

    internal CalibratedEstimator(IEstimator<ITransformer> trainer, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _trainer = trainer;
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing, there are no rows, or fewer rows of a class than folds.</exception>
    /// <exception cref="InvalidOperationException">A score is no number.</exception>
    public TransformerChain<CalibrationTransformer> Fit(IDataView input)
    {
        var sample = OutOfFold.Binary(input, _trainer, _options.Folds, _options.StratifyColumn, _options.Columns, _options.Cancellation);
        return new(_trainer.Fit(input), CalibrationEstimator.Of(sample, _options));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ThresholdEstimator.Shape(_trainer.GetOutputSchema(inputSchema), _options.Columns, probability: true);
}
