using MLNetDeep.Evaluation;
using MLNetDeep.Evaluation.Profiles;

#pragma warning disable IDE0130 // Beside ML.NET's own data operations, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds a look at data to ML.NET's data operations.</summary>
public static class ProfileCatalog
{
    /// <summary>What is in data, before anything is trained on it: classes, missing values, constants, duplicates, columns that alone tell the label, and advice.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The data. Columns of numbers, keys, texts and vectors of Single are looked at.</param>
    /// <param name="options">Label and limits; null for <c>Label</c> and 100,000 rows.</param>
    /// <exception cref="System.ArgumentException">There are no rows, or no such label; the message says which.</exception>
    /// <example><c>Console.WriteLine(ml.Data.Profile(data, new() { LabelColumn = "Fraud" }));</c></example>
    public static DataProfile Profile(this DataOperationsCatalog catalog, IDataView data, ProfileOptions? options = null) => Profiler.Look(data, options ?? new());
}
