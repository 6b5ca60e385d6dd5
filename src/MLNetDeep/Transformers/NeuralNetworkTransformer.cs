using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;
using MLNetDeep.Training;

namespace MLNetDeep.Transformers;

/// <summary>
/// A trained neural network as an ML.NET transformer: adds <c>PredictedLabel</c>, <c>Score</c> and (two classes) <c>Probability</c>
/// to each row. It can be used from any number of threads, and by any number of prediction engines, at once.
/// </summary>
public sealed class NeuralNetworkTransformer : ISingleFeaturePredictionTransformer<TrainedNetwork>, ICanSaveModel, IScoresOnEngine
{
    private readonly NeuralNetworkFile _file;

    internal NeuralNetworkTransformer(NeuralNetworkFile file, IEngine engine)
    {
        _file = file;
        Engine = engine;
        Scorer = file.CreateScorer(engine);
    }

    /// <summary>The network and its weights.</summary>
    public TrainedNetwork Model => _file.Model;

    /// <summary>What happened in training: loss and metrics by epoch.</summary>
    public History History => Model.History;

    /// <summary>The network.</summary>
    public Network Network => Model.Network;

    /// <inheritdoc/>
    public string FeatureColumnName => Features[0].Name;

    /// <inheritdoc/>
    public DataViewType FeatureColumnType => Features[0].Type;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>
    /// The network up to a layer, giving what that layer makes of a row as a vector: an embedding, in which rows that mean much the same for the task lie near each other.
    /// </summary>
    /// <param name="layerName">The layer's name, as <see cref="Network.Summary()"/> shows it.</param>
    /// <param name="outputColumnName">Name of the column. Default <c>Embedding</c>.</param>
    /// <exception cref="ArgumentException">There is no such layer (those there are are listed), or it does not depend on all feature columns.</exception>
    public NeuralNetworkTransformer ToEmbedding(string layerName, string outputColumnName = "Embedding")
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        TrainedNetwork part = Model.UpTo(layerName);
        if (part.Network.InputLayers.Count != Features.Count)
            throw new ArgumentException($"The layer '{layerName}' takes {part.Network.InputLayers.Count} of the network's {Features.Count} inputs; choose one that they all lead to.", nameof(layerName));
        MaskedTensor output = part.Network.Build(new BuildContext(new Graph()));
        return new(NeuralNetworkFile.Of(part, new EmbeddingTask(outputColumnName, output.Value.Shape.RowDims()), Features), Engine);
    }

    internal PredictionTask Task => _file.Task;

    internal IReadOnlyList<FeatureColumn> Features => _file.Features;

    internal IEngine Engine { get; }

    internal Scorer Scorer { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A feature column is missing or of another type or size than in training; the message names it.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new OutputBindings(this, inputSchema).OutputSchema;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A feature column is missing or of another type or size than in training; the message names it.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredView(input, new(this, input.Schema));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A feature column is missing or of another type or size than in training; the message names it.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoredRowMapper(new(this, inputSchema));
    }

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => Internals.Save(ctx, _file.Write);

    ITransformer IScoresOnEngine.On(IEngine engine) => new NeuralNetworkTransformer(_file, engine);

    internal NeuralNetworkFile File => _file;

    internal static NeuralNetworkTransformer Load(IHostEnvironment env, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(env);
        return new(NeuralNetworkFile.Read(stream), DefaultEngine.Instance);
    }
}
