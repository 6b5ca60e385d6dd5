using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Estimators;

/// <summary>
/// Keeps named vectors, such as the embeddings of songs or films, and finds the nearest ones to each row's vector: exactly, by comparing with all.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Name (in, when fitted only)</term><description>Text: what a row is called</description></item>
/// <item><term>Embedding (in)</term><description>vector of Single of known size</description></item>
/// <item><term>Neighbors (out)</term><description>vector of keys of rows, the nearest first; the keys' values are the names. A row that was there when the estimator was fitted is its own nearest neighbour</description></item>
/// <item><term>Distances (out)</term><description>vector of Single: how far away each is, see <see cref="Similarity"/></description></item>
/// </list>
/// </remarks>
public sealed class NearestNeighborsEstimator : IEstimator<NeuralNetworkTransformer>
{
    private readonly IHost _host;
    private readonly Options _options;

    internal NearestNeighborsEstimator(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(nameof(NearestNeighborsEstimator));
        _options = options;
        if (options.NumberOfNeighbors < 1)
            throw new ArgumentException($"NumberOfNeighbors is {options.NumberOfNeighbors}, expected at least 1.", nameof(options));
        if (!Enum.IsDefined(options.Similarity))
            throw new ArgumentException($"There is no Similarity {(int)options.Similarity}.", nameof(options));
    }

    /// <summary>Reads the rows and keeps their vectors.</summary>
    /// <param name="input">The rows to be found.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or there are fewer rows than neighbours wanted.</exception>
    /// <exception cref="InvalidOperationException">A vector has a missing or infinite number; the row is named.</exception>
    public NeuralNetworkTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column name = ColumnRef.Find(input.Schema, _options.NameColumnName, "name"), vector = ColumnRef.Find(input.Schema, _options.FeatureColumnName, "feature");
        if (name.Type is not TextDataViewType)
            throw WrongName(name.Name, name.Type.ToString()!);
        if (vector.Type is not VectorDataViewType { Size: > 0 and var size } || ((VectorDataViewType)vector.Type).ItemType != NumberDataViewType.Single)
            throw WrongVector(vector.Name, vector.Type.ToString()!);
        (List<ReadOnlyMemory<char>> names, List<float[]> items) = Read(input, name, vector, size);
        int count = names.Count;
        if (count < _options.NumberOfNeighbors)
            throw new ArgumentException($"There are {count} rows, fewer than the {_options.NumberOfNeighbors} neighbours that are wanted.");

        float[] kernel = new float[checked(size * count)], bias = new float[count];
        for (int i = 0; i < count; i++)
        {
            double square = items[i].Sum(v => (double)v * v);
            float scale = _options.Similarity == Similarity.Euclidean ? 1 : square == 0 ? 0 : (float)(1 / Math.Sqrt(square));
            for (int j = 0; j < size; j++)
                kernel[j * count + i] = items[i][j] * scale;
            bias[i] = _options.Similarity == Similarity.Euclidean ? (float)(-square / 2) : 0;
        }

        Network point = Network.Input("point", size);
        Network network = Network.Combine(new Dense { Name = "items", Units = count }, point).Concatenate(point);
        Dictionary<string, float[]> weights = new() { ["items/kernel"] = kernel, ["items/bias"] = bias };
        NeighborsTask task = new(KeyNames.OfTexts([.. names]), size, _options.NumberOfNeighbors, _options.Similarity, _options.OutputColumnName, _options.DistancesColumnName);
        FeatureColumn feature = FeatureColumn.Find(input.Schema, vector.Name, DType.Float32);
        return new(NeuralNetworkFile.Of(new TrainedNetwork(network, weights, History.Restore([], 0, null)), task, [feature]), DefaultEngine.Instance);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column name = ColumnRef.Find(inputSchema, _options.NameColumnName, "name"), vector = ColumnRef.Find(inputSchema, _options.FeatureColumnName, "feature");
        if (name.ItemType is not TextDataViewType || name.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw WrongName(name.Name, name.ItemType.ToString()!);
        if (vector.ItemType != NumberDataViewType.Single || vector.Kind != SchemaShape.Column.VectorKind.Vector)
            throw WrongVector(vector.Name, vector.ItemType.ToString()!);
        SchemaShape.Column keys = Internals.Column("KeyValues", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
        return inputSchema.WithColumns(
            Internals.Column(_options.OutputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.UInt32, true, keys),
            Internals.Column(_options.DistancesColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false));
    }

    private (List<ReadOnlyMemory<char>> Names, List<float[]> Items) Read(IDataView input, DataViewSchema.Column name, DataViewSchema.Column vector, int size)
    {
        List<ReadOnlyMemory<char>> names = [];
        List<float[]> items = [];
        using DataViewRowCursor cursor = input.GetRowCursor([name, vector]);
        ValueGetter<ReadOnlyMemory<char>> getName = cursor.GetGetter<ReadOnlyMemory<char>>(name);
        ValueGetter<VBuffer<float>> getVector = cursor.GetGetter<VBuffer<float>>(vector);
        ReadOnlyMemory<char> text = default;
        VBuffer<float> values = default;
        while (cursor.MoveNext())
        {
            if (Internals.IsCanceled(_host))
                throw new OperationCanceledException("The ML.NET context was told to cancel.");
            _options.CancellationToken.ThrowIfCancellationRequested();
            getName(ref text);
            getVector(ref values);
            float[] item = new float[size];
            values.CopyTo(item);
            if (item.Any(v => !float.IsFinite(v)))
                throw new InvalidOperationException($"The feature column '{vector.Name}' has a missing or infinite number in data row {cursor.Position + 1} ('{text}').");
            names.Add(text.ToString().AsMemory());
            items.Add(item);
        }

        return (names, items);
    }

    private static ArgumentException WrongName(string name, string type) => new($"The name column '{name}' has type {type}, expected Text. Convert it with Conversion.ConvertType or Conversion.MapKeyToValue.");

    private static ArgumentException WrongVector(string name, string type) => new($"The feature column '{name}' has type {type}, expected a vector of Single of known size.");

    /// <summary>The estimator's options.</summary>
    public sealed class Options
    {
        /// <summary>Name of the column (Text) that says what a row is called. Default <c>Name</c>.</summary>
        public string NameColumnName = "Name";

        /// <summary>Name of the column of vectors. Default <c>Embedding</c>.</summary>
        public string FeatureColumnName = "Embedding";

        /// <summary>Name of the column of neighbours. Default <c>Neighbors</c>.</summary>
        public string OutputColumnName = "Neighbors";

        /// <summary>Name of the column of distances. Default <c>Distances</c>.</summary>
        public string DistancesColumnName = "Distances";

        /// <summary>How many neighbours are found; at least 1. Default 10.</summary>
        public int NumberOfNeighbors = 10;

        /// <summary>What is near. Default <see cref="Similarity.Cosine"/>.</summary>
        public Similarity Similarity = Similarity.Cosine;

        /// <summary>Ends reading with an <see cref="OperationCanceledException"/>.</summary>
        public CancellationToken CancellationToken;
    }
}
