using MLNetDeep.Evaluation;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Evaluation.Validation;

#pragma warning disable IDE0130 // Beside ML.NET's own evaluations, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds evaluations to ML.NET's catalogs. They take the scored data of any trainer, ML.NET's or ours.</summary>
public static class EvaluationCatalog
{
    /// <summary>Figures for two classes that stay honest when one is rare, with a table by class, curves, costs and confidence intervals.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows. Those whose label is missing are left out.</param>
    /// <param name="columns">The columns; null for ML.NET's names.</param>
    /// <exception cref="System.ArgumentException">A column is missing or of a type that does not fit, there are no rows, or rows of one class only; the message says which.</exception>
    /// <exception cref="System.InvalidOperationException">A score, probability or weight is no number; the message names column and row.</exception>
    /// <example><c>ml.BinaryClassification.EvaluateDetailed(model.Transform(test)).AveragePrecision</c></example>
    public static DetailedBinaryMetrics EvaluateDetailed(this BinaryClassificationCatalog catalog, IDataView data, ScoredColumns? columns = null) => new(BinarySample.Read(data, columns ?? new()));

    /// <summary>Figures for several classes that stay honest when some are rare, with a table by class, costs and confidence intervals.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows. Those whose label is missing are left out.</param>
    /// <param name="columns">The columns; null for ML.NET's names.</param>
    /// <exception cref="System.ArgumentException">A column is missing or of a type that does not fit, there are no rows, or rows of one class only; the message says which.</exception>
    /// <exception cref="System.InvalidOperationException">A score or weight is no number; the message names column and row.</exception>
    public static DetailedMulticlassMetrics EvaluateDetailed(this MulticlassClassificationCatalog catalog, IDataView data, ScoredColumns? columns = null) => new(MulticlassSample.Read(data, columns ?? new()));

    /// <summary>Figures of a regression, with confidence intervals.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows. Those whose label is missing are left out.</param>
    /// <param name="columns">The columns; null for ML.NET's names.</param>
    /// <exception cref="System.ArgumentException">A column is missing or of a type that does not fit, or there are no rows; the message says which.</exception>
    /// <exception cref="System.InvalidOperationException">A score or weight is no number; the message names column and row.</exception>
    public static DetailedRegressionMetrics EvaluateDetailed(this RegressionCatalog catalog, IDataView data, ScoredColumns? columns = null) => new(RegressionSample.Read(data, columns ?? new()));

    /// <summary>Deals rows out to folds, each with its share of every class, no group in two.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows. They must come in the same order whenever they are read.</param>
    /// <param name="stratifyColumnName">The column with the classes: Boolean, key, text or a number of few values. Null: rows are dealt out at random.</param>
    /// <param name="options">How many folds, how often, groups and seed; null for 5 folds, once.</param>
    /// <exception cref="System.ArgumentException">A column is missing, there are no rows, or fewer rows of a class, or fewer groups, than folds; the message says which.</exception>
    public static IReadOnlyList<Fold> StratifiedFolds(this DataOperationsCatalog catalog, IDataView data, string? stratifyColumnName = "Label", FoldOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        return CrossValidator.Split(data, FoldDealer.Deal(data, stratifyColumnName, options), options.NumberOfFolds);
    }

    /// <summary>Fits and evaluates a pipeline once for each fold, each with its share of both classes.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows. They must come in the same order whenever they are read.</param>
    /// <param name="estimator">What is fitted.</param>
    /// <param name="options">Folds and columns; null for 5 folds, once, and ML.NET's names.</param>
    /// <exception cref="System.ArgumentException">A column is missing, there are no rows, or fewer rows of a class, or fewer groups, than folds; the message says which.</exception>
    /// <exception cref="System.InvalidOperationException">The scores of a fold cannot be evaluated; the message says why.</exception>
    public static CrossValidationSummary<DetailedBinaryMetrics> CrossValidateStratified(
        this BinaryClassificationCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, CrossValidationOptions? options = null) =>
        CrossValidator.Binary(data, estimator, options ?? new());

    /// <summary>Fits and evaluates a pipeline once for each fold, each with its share of every class.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows. They must come in the same order whenever they are read.</param>
    /// <param name="estimator">What is fitted. It may map labels to keys by itself: name the column that it maps in the options.</param>
    /// <param name="options">Folds and columns; null for 5 folds, once, and ML.NET's names.</param>
    /// <exception cref="System.ArgumentException">A column is missing, there are no rows, or fewer rows of a class, or fewer groups, than folds; the message says which.</exception>
    /// <exception cref="System.InvalidOperationException">The scores of a fold cannot be evaluated; the message says why.</exception>
    public static CrossValidationSummary<DetailedMulticlassMetrics> CrossValidateStratified(
        this MulticlassClassificationCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, CrossValidationOptions? options = null) =>
        CrossValidator.Multiclass(data, estimator, options ?? new());

    /// <summary>Fits and evaluates a pipeline once for each fold; rows are dealt out at random, or by the options' groups and classes.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows. They must come in the same order whenever they are read.</param>
    /// <param name="estimator">What is fitted.</param>
    /// <param name="options">Folds and columns; null for 5 folds, once, and ML.NET's names.</param>
    /// <exception cref="System.ArgumentException">A column is missing, there are no rows, or fewer rows, or groups, than folds; the message says which.</exception>
    /// <exception cref="System.InvalidOperationException">The scores of a fold cannot be evaluated; the message says why.</exception>
    public static CrossValidationSummary<DetailedRegressionMetrics> CrossValidateRepeated(
        this RegressionCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, CrossValidationOptions? options = null) =>
        CrossValidator.Regression(data, estimator, options ?? new());
}
