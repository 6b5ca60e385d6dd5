using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What extension methods need of a catalog.</summary>
internal static class CatalogUtils
{
    /// <summary>The environment that the catalog works in.</summary>
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog) => catalog.Environment;
}
