using MLNetDeep.Imbalance;
using MLNetDeep.Interop;

#pragma warning disable IDE0130 // Beside ML.NET's own transforms, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds what helps with imbalanced data to ML.NET's transforms.</summary>
public static class ImbalanceCatalogExtensions
{
    extension(TransformsCatalog catalog)
    {
        /// <summary>Samplers and ensembles for rare classes, around any trainer: <c>ml.Transforms.Imbalance.Smote().Around(trainer)</c>.</summary>
        public ImbalanceCatalog Imbalance => new(Internals.Environment(catalog));
    }
}
