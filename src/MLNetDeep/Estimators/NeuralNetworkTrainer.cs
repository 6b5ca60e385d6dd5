using System.Globalization;
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
using MLNetDeep.Training.Callbacks;
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
        FeatureColumn[] features = [.. _features.Select((name, i) => FeatureColumn.Find(input.Schema, name, inputs[i], _options.ResizeImages, _options.DataFormat))];
        PredictionTask task = CreateTask(label, features);
        Network network = WithSizes(features).WithOutputUnits(task.OutputUnits, task.OutputActivation);
        task.Look(network);
        CheckOutput(network, task);
        IReadOnlyList<int?> ids = IdLimits.Of(network);
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

        IEngine engine = _options.Engine ?? DefaultEngine.Instance;
        TrainedNetwork model = new Trainer(network, TrainerOptions(task, counts, channel), engine).Train(rows, validation);
        return new(NeuralNetworkFile.Of(model, task, features), engine);
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
        Dictionary<string, SchemaShape.Column> columns = [];
        foreach (SchemaShape.Column column in inputSchema)
            columns[column.Name] = column;
        foreach (SchemaShape.Column column in OutputShape(label))
            columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }

    private protected abstract PredictionTask CreateTask(DataViewSchema.Column label, IReadOnlyList<FeatureColumn> features);

    private protected abstract void CheckLabel(SchemaShape.Column label);

    private protected abstract IEnumerable<SchemaShape.Column> OutputShape(SchemaShape.Column label);

    private protected virtual ClassWeights? ClassWeights => null;

    private protected virtual bool BalancedBatches => false;

    // An output that does not fit is an error here rather than a wrong model: the last layer and both numbers are named.
    private static void CheckOutput(Network network, PredictionTask task)
    {
        MaskedTensor output = network.Build(new BuildContext(new Graph()));
        if (!task.Takes(output.Value.Shape))
        {
            string wanted = task.ClassNames.Count > 2 || task is MulticlassTask ? $"the label column has {task.OutputUnits} classes"
                : task.OutputUnits == 1 ? "the task needs one number" : $"the task needs {task.OutputUnits} numbers";
            throw new ArgumentException($"The network's output has shape {output.Value.Shape}, but {wanted}: expected {Shape.Batched(task.OutputUnits)}. End the network with ClassOutput() or TaskOutput(), which take the number from the data.");
        }

        string last = output.Value.Node.Op.Name;
        if (task.OutputActivation is not null && last is "AddV2" or "MatMul" or "BiasAdd" or "Relu" or "LeakyRelu" or "Elu" or "Selu" or "Tanh" or "Softplus")
        {
            throw new ArgumentException(
                $"The network ends with {(last is "AddV2" or "MatMul" or "BiasAdd" ? "a linear layer" : last)}, but classes need probabilities: " +
                "end it with ClassOutput(), TaskOutput(), or Softmax (two classes: Sigmoid).");
        }
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
        using DataViewRowCursor cursor = input.GetRowCursor([label]);
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

    private TrainerOptions TrainerOptions(PredictionTask task, long[] counts, IChannel channel) => new()
    {
        Loss = (_options.Loss ?? task.DefaultLoss).WithClassCounts(counts),
        Metrics = task.CreateMetrics(),
        Optimizer = _options.Optimizer,
        LearningRateSchedule = _options.LearningRateSchedule,
        Epochs = _options.Epochs,
        BatchSize = _options.BatchSize,
        ValidationFraction = _options.ValidationFraction,
        Shuffle = _options.Shuffle,
        BalancedBatches = BalancedBatches,
        ShuffleBufferSize = _options.ShuffleBufferSize,
        Augmentation = _options.Augmentation,
        DataThreads = _options.DataThreads,
        InitialWeights = _options.InitialWeights,
        EarlyStopping = _options.EarlyStopping,
        Checkpoint = _options.Checkpoint,
        Callbacks = [new CancellationCheck(_host), .. _options.Callbacks],
        Seed = _seed,
        CancellationToken = _options.CancellationToken,
        Log = line =>
        {
            channel.Info(MessageSensitivity.None, line);
            _options.Progress?.Invoke(line);
        },
        Warn = line =>
        {
            channel.Warning(MessageSensitivity.None, line);
            _options.Progress?.Invoke(line);
        },
    };

    /// <summary>Stops when ML.NET itself asks for it, as AutoML does.</summary>
    private sealed class CancellationCheck(IHost host) : Callback
    {
        public override void OnBatchEnd(TrainingContext context, in BatchResult result)
        {
            if (Internals.IsCanceled(host))
                throw new OperationCanceledException("The ML.NET context was told to cancel.");
        }
    }
}
