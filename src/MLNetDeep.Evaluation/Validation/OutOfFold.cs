using Microsoft.ML;
using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation.Validation;

/// <summary>Scores of rows by models that have not learned from them.</summary>
internal static class OutOfFold
{
    public static BinarySample Binary(IDataView data, IEstimator<ITransformer> trainer, FoldOptions folds, string? stratify, ScoredColumns columns, CancellationToken cancellation) =>
        CrossValidator.Binary(data, trainer, Options(folds, stratify, columns, cancellation)).OutOfFoldMetrics().Sample;

    public static MulticlassSample Multiclass(IDataView data, IEstimator<ITransformer> trainer, FoldOptions folds, string? stratify, ScoredColumns columns, CancellationToken cancellation) =>
        CrossValidator.Multiclass(data, trainer, Options(folds, stratify, columns, cancellation)).OutOfFoldMetrics().Sample;

    private static CrossValidationOptions Options(FoldOptions folds, string? stratify, ScoredColumns columns, CancellationToken cancellation) =>
        new() { Folds = folds with { Repeats = 1 }, StratifyColumn = stratify, Columns = columns, Cancellation = cancellation };
}
