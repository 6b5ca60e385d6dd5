using MLNetDeep.Evaluation;

#pragma warning disable IDE0130 // Beside ML.NET's own trainers, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds decisions and probabilities that hold to ML.NET's catalogs, around or behind any trainer.</summary>
public static class DecidingCatalog
{
    /// <summary>The trainer with a threshold tuned for an aim, on scores by models that have not learned from the rows; see <see cref="TunedThresholdEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="trainer">Any trainer of two classes, or a pipeline that ends in one.</param>
    /// <param name="options">Aim, folds and columns; null for F1, 5 folds and ML.NET's names.</param>
    /// <example>
    /// <code>
    /// var tuned = ml.BinaryClassification.TunedThreshold(trainer, new() { Aim = ThresholdAim.Cost(new(FalsePositive: 1, FalseNegative: 20)) });
    /// </code>
    /// </example>
    public static TunedThresholdEstimator TunedThreshold(this BinaryClassificationCatalog catalog, IEstimator<ITransformer> trainer, ThresholdOptions? options = null) => new(trainer, options ?? new());

    /// <summary>A threshold for an aim, chosen from rows that are already scored; see <see cref="ThresholdEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="aim">What it is chosen for; null for F1.</param>
    /// <param name="columns">The columns; null for ML.NET's names.</param>
    public static ThresholdEstimator Threshold(this BinaryClassificationCatalog catalog, ThresholdAim? aim = null, ScoredColumns? columns = null) => new(aim ?? ThresholdAim.F1, columns ?? new());

    /// <summary>The trainer with probabilities that hold, fitted to scores by models that have not learned from the rows; see <see cref="CalibratedEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="trainer">Any trainer of two classes, with probabilities or without, or a pipeline that ends in one.</param>
    /// <param name="options">Method, folds and columns; null for Platt, 5 folds and ML.NET's names.</param>
    public static CalibratedEstimator Calibrated(this BinaryClassificationCatalog catalog, IEstimator<ITransformer> trainer, CalibrationOptions? options = null) => new(trainer, options ?? new());

    /// <summary>A calibration fitted to rows that are already scored; see <see cref="CalibrationEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Method and columns; null for Platt and ML.NET's names.</param>
    public static CalibrationEstimator Calibration(this BinaryClassificationCatalog catalog, CalibrationOptions? options = null) => new(options ?? new());

    /// <summary>The trainer with probabilities that hold, by temperature; see <see cref="CalibratedMulticlassEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="trainer">Any trainer of several classes, or a pipeline that ends in one.</param>
    /// <param name="options">Folds and columns; null for 5 folds and ML.NET's names.</param>
    public static CalibratedMulticlassEstimator Calibrated(this MulticlassClassificationCatalog catalog, IEstimator<ITransformer> trainer, CalibrationOptions? options = null) =>
        new(trainer, options ?? new());

    /// <summary>A temperature fitted to rows that are already scored; see <see cref="TemperatureEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="columns">The columns; null for ML.NET's names.</param>
    public static TemperatureEstimator Temperature(this MulticlassClassificationCatalog catalog, ScoredColumns? columns = null) => new(columns ?? new());
}
