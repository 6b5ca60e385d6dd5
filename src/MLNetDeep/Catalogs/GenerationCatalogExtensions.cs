#pragma warning disable IDE0130 // Beside ML.NET's own catalogs, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Hangs <see cref="GenerationCatalog"/> on ML.NET's context.</summary>
public static class GenerationCatalogExtensions
{
    extension(MLContext context)
    {
        /// <summary>Models that make more rows like those that they were trained on.</summary>
        public GenerationCatalog Generation
        {
            get
            {
                System.ArgumentNullException.ThrowIfNull(context);
                return new(context);
            }
        }
    }
}
