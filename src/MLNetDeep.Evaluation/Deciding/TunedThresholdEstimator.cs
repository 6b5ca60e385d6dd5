using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Evaluation.Validation;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation;

/// <summary>
/// A trainer of two classes whose threshold is tuned: each row is scored by a model that has not learned from it, the threshold chosen from these scores, and the
/// trainer fitted once more to all rows. The threshold is part of the model.
/// </summary>
public sealed class TunedThresholdEstimator : IEstimator<TransformerChain<ThresholdTransformer>>
{
    private readonly IEstimator<ITransformer> _trainer;
    private readonly ThresholdOptions _options;

    internal TunedThresholdEstimator(IEstimator<ITransformer> trainer, ThresholdOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(options);
        _trainer = trainer;
        _options = options;
    }

    /// <inheritdoc/>
    /// <returns>The model and behind it the threshold: <c>model.LastTransformer.Threshold</c>.</returns>
    /// <exception cref="ArgumentException">A column is missing, there are no rows, or fewer rows of a class than folds.</exception>
    /// <exception cref="InvalidOperationException">No threshold reaches the aim, or a score is no number.</exception>
    public TransformerChain<ThresholdTransformer> Fit(IDataView input)
    {
        BinarySample sample = OutOfFold.Binary(input, _trainer, _options.Folds, _options.StratifyColumn, _options.Columns, _options.Cancellation);
        return new(_trainer.Fit(input), ThresholdEstimator.Choose(sample, _options.Aim, _options.Columns));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ThresholdEstimator.Shape(_trainer.GetOutputSchema(inputSchema), _options.Columns, probability: false);
}
