using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Interop;
using MLNetDeep.Rows;
using MLNetDeep.Transformers;

namespace MLNetDeep.Estimators;

/// <summary>
/// Trains a network, and gives what a layer of it makes of each row as a column: an embedding, in which rows that mean much the same for the task lie near each other.
/// Its input columns are the trainer's; its output is a vector of Single. See <see cref="NeuralNetworkTransformer.ToEmbedding"/>.
/// </summary>
public sealed class NetworkEmbeddingEstimator : IEstimator<NeuralNetworkTransformer>
{
    private readonly IEstimator<NeuralNetworkTransformer> _trainer;
    private readonly string _layerName, _outputColumnName;

    internal NetworkEmbeddingEstimator(IEstimator<NeuralNetworkTransformer> trainer, string layerName, string outputColumnName)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentException.ThrowIfNullOrEmpty(layerName);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        _trainer = trainer;
        _layerName = layerName;
        _outputColumnName = outputColumnName;
    }

    /// <summary>Trains the network.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentException">As the trainer says; or the network has no such layer.</exception>
    public NeuralNetworkTransformer Fit(IDataView input) => _trainer.Fit(input).ToEmbedding(_layerName, _outputColumnName);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">As the trainer says.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _ = _trainer.GetOutputSchema(inputSchema);
        SchemaShape.Column output = Internals.Column(_outputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false);
        return inputSchema.WithColumns(output);
    }
}
