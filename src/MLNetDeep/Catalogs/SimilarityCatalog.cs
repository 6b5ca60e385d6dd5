using MLNetDeep;
using MLNetDeep.Estimators;
using MLNetDeep.Interop;
using MLNetDeep.Transformers;

#pragma warning disable IDE0130 // Beside ML.NET's own transforms, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds embeddings and the search for similar rows to ML.NET's transforms.</summary>
public static class SimilarityCatalog
{
    /// <summary>Trains a network, and gives what a layer of it makes of each row as a column; see <see cref="NetworkEmbeddingEstimator"/>.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="trainer">What trains the network.</param>
    /// <param name="layerName">The layer's name, as <see cref="Network.Summary()"/> shows it.</param>
    /// <param name="outputColumnName">Name of the column.</param>
    public static NetworkEmbeddingEstimator NetworkEmbedding(this TransformsCatalog catalog, IEstimator<NeuralNetworkTransformer> trainer, string layerName, string outputColumnName = "Embedding")
    {
        System.ArgumentNullException.ThrowIfNull(catalog);
        return new(trainer, layerName, outputColumnName);
    }

    /// <summary>Keeps named vectors and finds the nearest ones to each row's vector; see <see cref="NearestNeighborsEstimator"/>.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="nameColumnName">Name of the column (Text) that says what a row is called.</param>
    /// <param name="featureColumnName">Name of the column of vectors.</param>
    /// <param name="numberOfNeighbors">How many neighbours are found.</param>
    /// <param name="similarity">What is near.</param>
    public static NearestNeighborsEstimator NearestNeighbors(
        this TransformsCatalog catalog, string nameColumnName, string featureColumnName = "Embedding", int numberOfNeighbors = 10, Similarity similarity = Similarity.Cosine) =>
        new(Internals.Environment(catalog), new() { NameColumnName = nameColumnName, FeatureColumnName = featureColumnName, NumberOfNeighbors = numberOfNeighbors, Similarity = similarity });

    /// <summary>Keeps named vectors and finds the nearest ones to each row's vector, with options; see <see cref="NearestNeighborsEstimator"/>.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="options">The columns, and what to find.</param>
    public static NearestNeighborsEstimator NearestNeighbors(this TransformsCatalog catalog, NearestNeighborsEstimator.Options options) => new(Internals.Environment(catalog), options);
}
