using MLNetDeep.Evaluation;
using MLNetDeep.Evaluation.Importance;
using MLNetDeep.Evaluation.Samples;

#pragma warning disable IDE0130 // Beside ML.NET's own evaluations, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds permutation importance of any model's input columns: text and categories as well as numbers, before they become a feature vector.</summary>
public static class ImportanceCatalog
{
    /// <summary>By how much a model of two classes gets worse when a column is put in disorder (Breiman 2001).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The model: any transformer, or chain.</param>
    /// <param name="data">Rows as the model takes them, with their labels; best rows it has not learned from.</param>
    /// <param name="options">The figure, rows and repeats; null for ROC AUC, 2,000 rows, 3 repeats.</param>
    /// <returns>The features, the most important first. Of two that say the same, either can look unimportant.</returns>
    public static IReadOnlyList<FeatureImportance> ColumnImportance(this BinaryClassificationCatalog catalog, ITransformer model, IDataView data, ImportanceOptions? options = null) =>
        PermutationImportance.Measure(model, data, "roc_auc", v => BinarySample.Read(v, (options ?? new()).Columns), options ?? new());

    /// <summary>By how much a model of several classes gets worse when a column is put in disorder (Breiman 2001).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The model: any transformer, or chain.</param>
    /// <param name="data">Rows as the model takes them, with their labels; best rows it has not learned from.</param>
    /// <param name="options">The figure, rows and repeats; null for ROC AUC, 2,000 rows, 3 repeats.</param>
    /// <returns>The features, the most important first. Of two that say the same, either can look unimportant.</returns>
    public static IReadOnlyList<FeatureImportance> ColumnImportance(this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, ImportanceOptions? options = null) =>
        PermutationImportance.Measure(model, data, "roc_auc_ovr", v => MulticlassSample.Read(v, (options ?? new()).Columns), options ?? new());

    /// <summary>By how much a regression gets worse when a column is put in disorder (Breiman 2001).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The model: any transformer, or chain.</param>
    /// <param name="data">Rows as the model takes them, with their labels; best rows it has not learned from.</param>
    /// <param name="options">The figure, rows and repeats; null for RMSE, 2,000 rows, 3 repeats.</param>
    /// <returns>The features, the most important first. Of two that say the same, either can look unimportant.</returns>
    public static IReadOnlyList<FeatureImportance> ColumnImportance(this RegressionCatalog catalog, ITransformer model, IDataView data, ImportanceOptions? options = null) =>
        PermutationImportance.Measure(model, data, "rmse", v => RegressionSample.Read(v, (options ?? new()).Columns), options ?? new());
}
