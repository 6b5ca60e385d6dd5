using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Training.Data;
using MLNetDeep.Transformers;

namespace MLNetDeep.Estimators;

/// <summary>Trains a neural network on the rows of a data view. Each kind of task has a trainer that derives from this.</summary>
public abstract class NeuralNetworkTrainer : IEstimator<NeuralNetworkTransformer>
{
    private readonly IHost _host;
    private readonly NeuralNetworkOptions _options;
    private readonly Network _network;
    private readonly string[] _features;
    private readonly int _seed;

    private protected NeuralNetworkTrainer(IHostEnvironment env, NeuralNetworkOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(name);
        _options = options;
        _network = options.Network ?? throw new ArgumentException("Options.Network is not set: give the trainer a network, for instance Networks.Mlp(hidden: [128, 64]).", nameof(options));
        _features = options.FeatureColumnNames ?? [options.FeatureColumnName];
        _seed = options.Seed ?? _host.Rand.Next();
        int inputs = _network.InputLayers.Count;
        if (inputs != _features.Length)
            throw new ArgumentException($"The network has {inputs} inputs, but {_features.Length} feature column(s) are named ({string.Join(", ", _features)}): set FeatureColumnNames to one for each input.", nameof(options));
    }

    /// <summary>Trains the network.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the network cannot take the features or has another number of outputs than there are classes, an option is out of range, or there is nothing to learn from.</exception>
    /// <exception cref="InvalidOperationException">A feature is missing or infinite; the row and column are named.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The checkpoint folder cannot be written.</exception>
    public NeuralNetworkTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        IReadOnlyList<InputLayer> inputs = _network.InputLayers;
        DataViewSchema.Column label = ColumnRef.Find(input.Schema, _options.LabelColumnName, "label");
        PredictionTask task = CreateTask(label);
        FeatureColumn[] features = new FeatureColumn[_features.Length];
        for (int i = 0; i < features.Length; i++)
        {
            (string name, InputLayer layer, int? steps) = (_features[i], inputs[i], i > 0 && task.IsPerToken ? features[0].Sequence?.Length : null);
            features[i] = FeatureColumn.Find(input.Schema, name, layer, _options.ResizeImages, () => MeasureSequences(input, name, layer, steps, channel), _options.DataFormat);
        }

        task.SetFeatures(features);
        Network network = WithSizes(features).WithTokenCounts([.. features.Select(f => f.Ids)]).WithOutputUnits(task.OutputUnits, task.OutputActivation);
        task.Look(network);
        CheckOutput(network, task);
        IReadOnlyList<int?> ids = network.TokenCounts;
        for (int i = 0; i < features.Length; i++)
            features[i].CheckKeys(ids[i]);
        if (_options.ExampleWeightColumnName is { } weight)
            CheckWeight(ColumnRef.Find(input.Schema, weight, "weight"));

        long[] counts = CountClasses(input, task, channel);
        float[]? classWeights = WeightClasses(task, counts);
        DataViewRows rows = new(input, features, ids, task, _options.LabelColumnName, _options.ExampleWeightColumnName, classWeights);
        DataViewRows? validation = null;
        if (_options.ValidationSet is { } set)
        {
            CheckValidation(set.Schema, features, label);
            validation = new(set, features, ids, task, _options.LabelColumnName, _options.ExampleWeightColumnName, classWeights);
        }

        IEngine engine = DefaultEngine.Choose(_options.Engine, _host);
        TrainedNetwork model = new Trainer(network, TrainerOptions(task, counts, channel), engine).Train(rows, validation);
        return Finish(new(NeuralNetworkFile.Of(model, task, features), engine), input);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        IReadOnlyList<InputLayer> inputs = _network.InputLayers;
        SchemaShape.Column label = ColumnRef.Find(inputSchema, _options.LabelColumnName, "label");
        CheckLabel(label);
        for (int i = 0; i < _features.Length; i++)
            FeatureColumn.Check(inputSchema, _features[i], inputs[i].DType);
        if (_options.ExampleWeightColumnName is { } name)
            CheckWeight(ColumnRef.Find(inputSchema, name, "weight"));
        return inputSchema.WithColumns(OutputShape(label));
    }

    private protected abstract PredictionTask CreateTask(DataViewSchema.Column label);

    /// <summary>What a trained model still lacks that only the training rows can give.</summary>
    private protected virtual NeuralNetworkTransformer Finish(NeuralNetworkTransformer model, IDataView input) => model;

    private protected abstract void CheckLabel(SchemaShape.Column label);

    private protected abstract IEnumerable<SchemaShape.Column> OutputShape(SchemaShape.Column label);

    private protected virtual ClassWeights? ClassWeights => null;

    private protected virtual bool BalancedBatches => false;

    /// <summary>Whether an annotation says what keys stand for in a way that a model keeps. Keys of keys are not.</summary>
    internal static bool IsKept(SchemaShape.Column annotation) => annotation.Name == "KeyValues" && !annotation.IsKey;

    // An output that does not fit is an error here rather than a wrong model: the last layer and both numbers are named.
    private static void CheckOutput(Network network, PredictionTask task)
    {
        MaskedTensor output = network.Build(new BuildContext(new Graph()));
        if (!task.Takes(output.Value.Shape))
            throw new ArgumentException($"The network's output has shape {output.Value.Shape}, but {task.OutputReason}: expected {task.OutputShape}. End the network with ClassOutput() or TaskOutput(), which take the number from the data.");

        string last = output.Value.Node.Op.Name;
        if (task.OutputActivation is not null && last is "AddV2" or "MatMul" or "BiasAdd" or "Relu" or "LeakyRelu" or "Elu" or "Selu" or "Tanh" or "Softplus")
        {
            throw new ArgumentException(
                $"The network ends with {(last is "AddV2" or "MatMul" or "BiasAdd" ? "a linear layer" : last)}, but classes need probabilities: " +
                "end it with ClassOutput(), TaskOutput(), or Softmax (two classes: Sigmoid).");
        }
    }

    // One look at a column of sequences: the network's length where it leaves that open (that of the first feature, where there is one), and what will be left out.
    private SequenceShape MeasureSequences(IDataView input, string name, InputLayer layer, int? steps, IChannel channel)
    {
        if (_options.MaximumSequenceLength is < 1 or > SequenceShape.MostTokens)
            throw new ArgumentException($"MaximumSequenceLength is {_options.MaximumSequenceLength}, expected 1 to {SequenceShape.MostTokens}.", nameof(NeuralNetworkOptions.MaximumSequenceLength));
        if (!Enum.IsDefined(_options.SequenceTruncation))
            throw new ArgumentException($"There is no SequenceTruncation {(int)_options.SequenceTruncation}.", nameof(NeuralNetworkOptions.SequenceTruncation));
        (int longest, SortedDictionary<int, long> rows) = TokenColumn.Measure(input, name, _options.CancellationToken);
        int length = layer.Shape is { } shape ? (int)Math.Min(shape.Aggregate(1L, (a, b) => a * b), SequenceShape.MostTokens) : steps ?? Math.Clamp(longest, 1, _options.MaximumSequenceLength);
        if (longest > length && _options.SequenceTruncation != SequenceTruncation.None)
        {
            channel.Warning(
                MessageSensitivity.None,
                $"{rows.Where(r => r.Key > length).Sum(r => r.Value)} of {rows.Values.Sum()} rows have more than the {length} tokens that the network takes of column '{name}' (the longest has {longest}): their {(_options.SequenceTruncation == SequenceTruncation.End ? "last" : "first")} tokens are left out.");
        }

        return new(length, _options.SequenceTruncation);
    }

    private Network WithSizes(FeatureColumn[] features)
    {
        try
        {
            return _network.WithInputShapes([.. features.Select(f => f.Shape)]);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The network cannot take the feature column{(features.Length > 1 ? "s" : "")} {string.Join(", ", features.Select(f => $"'{f.Name}'"))}: {e.Message}", e);
        }
    }

    // One look at the labels: what they are decides about weights and whether there is anything to learn.
    private long[] CountClasses(IDataView input, PredictionTask task, IChannel channel)
    {
        DataViewSchema.Column label = ColumnRef.Find(input.Schema, _options.LabelColumnName, "label");
        using DataViewRowCursor cursor = input.GetRowCursor(task.LabelColumns(input.Schema, label));
        LabelReader reader = task.BindLabel(cursor, label);
        long[] counts = new long[Math.Max(task.ClassNames.Count, 1)];
        long missing = 0;
        while (cursor.MoveNext())
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            int number = reader(null, 0, 0);
            if (number < 0)
                missing++;
            else
                counts[number]++;
        }

        if (counts.Sum() == 0)
            throw new ArgumentException(missing == 0 ? "There are no rows to train on: the data is empty." : $"There are no rows to train on: the label column '{label.Name}' is missing in all {missing} rows.");
        if (missing > 0)
            channel.Warning(MessageSensitivity.None, $"{missing} rows without a label in column '{label.Name}' were left out.");
        if (task.ClassNames.Count > 0 && counts.Count(c => c > 0) < 2)
        {
            string only = task.ClassNames[Array.FindIndex(counts, c => c > 0)];
            throw new ArgumentException($"The label column '{label.Name}' has one class only ('{only}', {counts.Sum()} rows); there is nothing to tell apart. Check how the data was filtered or split.");
        }

        return counts;
    }

    private float[]? WeightClasses(PredictionTask task, long[] counts) => ClassWeights?.Compute(task.ClassNames, counts);

    private void CheckValidation(DataViewSchema schema, FeatureColumn[] features, DataViewSchema.Column label)
    {
        foreach (FeatureColumn feature in features)
        {
            FeatureColumn found = feature.In(schema);
            if (found.Size != feature.Size)
                throw new ArgumentException($"The validation set's column '{feature.Name}' has {found.Size} elements, the training rows' {feature.Size}.");
        }

        DataViewSchema.Column other = ColumnRef.Find(schema, label.Name, "label");
        if (!other.Type.Equals(label.Type))
            throw new ArgumentException($"The validation set's label column '{label.Name}' has type {other.Type}, the training rows' {label.Type}. Transform the validation rows by the same fitted estimators.");
        if (KeyNames.Of(label)?.Names is { } names && KeyNames.Of(other)?.Names is { } others && !names.SequenceEqual(others))
        {
            throw new ArgumentException(
                $"The keys of the validation set's label column '{label.Name}' stand for {string.Join(", ", others.Take(5).Select(n => $"'{n}'"))}, ..., the training rows' for {string.Join(", ", names.Take(5).Select(n => $"'{n}'"))}, ... " +
                "Transform the validation rows by the same fitted estimators.");
        }

        if (_options.ExampleWeightColumnName is { } weight)
            CheckWeight(ColumnRef.Find(schema, weight, "validation set's weight"));
    }

    private static void CheckWeight(DataViewSchema.Column weight)
    {
        if (weight.Type != NumberDataViewType.Single)
            throw WrongWeight(weight.Name, weight.Type.ToString()!);
    }

    private static void CheckWeight(SchemaShape.Column weight)
    {
        if (weight.ItemType != NumberDataViewType.Single || weight.IsKey || weight.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw WrongWeight(weight.Name, weight.Kind == SchemaShape.Column.VectorKind.Scalar ? weight.ItemType.ToString()! : $"Vector<{weight.ItemType}>");
    }

    private static ArgumentException WrongWeight(string name, string type) =>
        new($"The weight column '{name}' has type {type}; weights are Single. Convert it with Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single).");

    private TrainerOptions TrainerOptions(PredictionTask task, long[] counts, IChannel channel)
    {
        // Of tokens, rows were counted and not classes.
        Loss loss = task.LossOf(_options.Loss);
        return _options.ForTrainer(task.IsPerToken ? loss : loss.WithClassCounts(counts), _host, channel, _seed) with
        {
            Metrics = task.CreateMetrics(),
            BatchSize = _options.BatchSize,
            Shuffle = _options.Shuffle,
            BalancedBatches = BalancedBatches,
            ShuffleBufferSize = _options.ShuffleBufferSize,
            Augmentation = _options.Augmentation,
            DataThreads = _options.DataThreads,
            InitialWeights = _options.InitialWeights,
        };
    }
}
