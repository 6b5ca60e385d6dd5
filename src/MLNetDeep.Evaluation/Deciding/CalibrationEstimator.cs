using Microsoft.ML;
using MLNetDeep.Evaluation.Deciding;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation;

/// <summary>
/// Fits a calibration to rows of two classes that are already scored. They should be rows that the model has not learned from: out-of-fold scores, or a set held out;
/// <see cref="CalibratedEstimator"/> sees to that by itself.
/// </summary>
public sealed class CalibrationEstimator : IEstimator<CalibrationTransformer>
{
    private readonly CalibrationOptions _options;

    internal CalibrationEstimator(CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of a type that does not fit, there are no rows, or rows of one class only.</exception>
    /// <exception cref="InvalidOperationException">A score is no number.</exception>
    public CalibrationTransformer Fit(IDataView input) => Of(BinarySample.Read(input, _options.Columns), _options);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ThresholdEstimator.Shape(inputSchema, _options.Columns, probability: true);

    internal static CalibrationTransformer Of(BinarySample sample, CalibrationOptions options) =>
        new(options.Columns.Score, options.Columns.Probability, options.Columns.PredictedLabel, CalibratorFitting.Fit(sample, options));
}
