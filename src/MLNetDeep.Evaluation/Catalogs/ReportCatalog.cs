using MLNetDeep.Evaluation;
using MLNetDeep.Evaluation.Reports;

#pragma warning disable IDE0130 // Beside ML.NET's own evaluations, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds reports to ML.NET's catalogs: one HTML file that needs no network, and the same figures as JSON.</summary>
public static class ReportCatalog
{
    /// <summary>A report on a model of two classes.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows, for instance <c>model.Transform(test)</c> or out-of-fold scores.</param>
    /// <param name="options">What it shows; null for the defaults.</param>
    /// <exception cref="System.ArgumentException">The data cannot be evaluated; the message says why.</exception>
    /// <example>
    /// <code>
    /// ml.BinaryClassification.Report(model.Transform(test), new()
    /// {
    ///     Title = "Fraud", Profile = ml.Data.Profile(train), Importance = ml.BinaryClassification.ColumnImportance(model, test),
    /// }).SaveHtml("report.html");
    /// </code>
    /// </example>
    public static EvaluationReport Report(this BinaryClassificationCatalog catalog, IDataView data, ReportOptions? options = null) =>
        ReportBuilder.Binary(catalog.EvaluateDetailed(data, options?.Columns), (options ?? new()) with { Data = data });

    /// <summary>A report on a model of several classes.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows.</param>
    /// <param name="options">What it shows; null for the defaults.</param>
    /// <exception cref="System.ArgumentException">The data cannot be evaluated; the message says why.</exception>
    public static EvaluationReport Report(this MulticlassClassificationCatalog catalog, IDataView data, ReportOptions? options = null) =>
        ReportBuilder.Multiclass(catalog.EvaluateDetailed(data, options?.Columns), (options ?? new()) with { Data = data });

    /// <summary>A report on a regression.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows.</param>
    /// <param name="options">What it shows; null for the defaults.</param>
    /// <exception cref="System.ArgumentException">The data cannot be evaluated; the message says why.</exception>
    public static EvaluationReport Report(this RegressionCatalog catalog, IDataView data, ReportOptions? options = null) =>
        ReportBuilder.Regression(catalog.EvaluateDetailed(data, options?.Columns), (options ?? new()) with { Data = data });
}
