using System.Reflection;
using Microsoft.ML.Data;

namespace MLNetDeep.Rows;

/// <summary>
/// Finds adapters. They are in packages of their own, so that this one does not need what they need; such a package is loaded when a
/// column calls for it, by the names below and no others: a model file says only the kind.
/// </summary>
internal static class FeatureAdapters
{
    private const string Image = "image", ImageValue = "Microsoft.ML.Data.MLImage", ImagePackage = "MLNetDeep.Images", ImageFeatures = "MLNetDeep.Images.ImageFeatures";

    private static readonly Lazy<FeatureAdapterKind?> Images = new(() => Load(ImagePackage, ImageFeatures));

    /// <summary>Whether columns of a type need an adapter.</summary>
    public static bool Concerns(DataViewType type) => type.RawType.FullName == ImageValue;

    /// <summary>The adapters for columns of a type.</summary>
    /// <exception cref="ArgumentException">The package is missing.</exception>
    public static FeatureAdapterKind For(string name, DataViewType type) => Images.Value ?? throw new ArgumentException(
        $"The feature column '{name}' has type {type}: add the package {ImagePackage} to train on images directly, or make a vector of it with ExtractPixels.");

    /// <summary>The adapters of a kind that a model file names.</summary>
    /// <exception cref="InvalidDataException">There is no such kind, or its package is missing.</exception>
    public static FeatureAdapterKind OfKind(string? kind) => kind == Image
        ? Images.Value ?? throw new InvalidDataException($"it takes images: add the package {ImagePackage}.")
        : throw new InvalidDataException($"a feature has the unknown kind '{kind}'.");

    private static FeatureAdapterKind? Load(string assembly, string type)
    {
        try
        {
            return (FeatureAdapterKind?)Activator.CreateInstance(Assembly.Load(new AssemblyName(assembly)).GetType(type, throwOnError: true)!, nonPublic: true);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
