using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Estimators;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Training.Adversarial;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Generation;

/// <summary>
/// Trains a generator and a discriminator against each other (Goodfellow et al. 2014). The model makes more rows like those that it was trained on (<see cref="GeneratingTransformer.Generate"/>),
/// and as a transformer it adds the discriminator's score and the row's latent vector.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Features (in)</term><description>vector of Single of known size, channels beside one another where it is an image</description></item>
/// <item><term>Label (in, with classes only)</term><description>key; in training rows with a missing one are left out</description></item>
/// <item><term>Score (out)</term><description>Single: the discriminator's score, higher for rows that look real to it; NaN where the class is missing</description></item>
/// <item><term>Latent (out)</term><description>vector of Single: the latent vector that the generator would make such a row of, as far as an encoder can tell; NaN where the class is missing</description></item>
/// </list>
/// A GAN has no way back from a row to its latent vector. So afterwards an encoder learns it from generated rows, whose vectors are known (Perarnau et al. 2016: invertible conditional
/// GANs): see <see cref="Options.LatentEpochs"/>.
/// <para>
/// A generator that ends with tanh makes numbers from -1 to 1: the column's values are brought to that range from the least and the most of the training rows, and generated ones back.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var gan = ml.Generation.Trainers.Gan(Networks.DcGanGenerator(28, classes: 10), Networks.DcGanDiscriminator(28, classes: 10), "Pixels", "Label").Fit(digits);
/// IDataView sevens = gan.Generate(1000, seed: 1, condition: "7");
/// </code>
/// </example>
public sealed class GanTrainer : IEstimator<GanTransformer>
{
    // The smallest side that convolutions look at.
    private const int SmallestImage = 8;

    private readonly IHost _host;
    private readonly Options _options;
    private readonly int _seed;

    internal GanTrainer(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Generator is null || options.Discriminator is null)
            throw new ArgumentException("A GAN needs a Generator and a Discriminator, such as Networks.DcGanGenerator(28) and Networks.DcGanDiscriminator(28).", nameof(options));
        if (options.LatentEpochs < 0)
            throw new ArgumentException($"LatentEpochs is {options.LatentEpochs}, expected at least 0.", nameof(options));
        _host = env.Register(nameof(GanTrainer));
        _options = options;
        _seed = options.Seed ?? _host.Rand.Next();
    }

    /// <summary>Trains the networks.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option is out of range, the networks do not fit each other or the data, or there are fewer rows than a batch.</exception>
    /// <exception cref="InvalidOperationException">A value is missing or infinite; column and row are named.</exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public GanTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        GanColumns columns = GanColumns.Find(input.Schema, _options.FeatureColumnName, _options.LabelColumnName, _options.Discriminator!.InputLayers[0]);
        Network discriminator = _options.Discriminator.WithInputShapes([[columns.Features.Size], .. _options.Discriminator.InputLayers.Skip(1).Select(Own)]);
        DataViewSchema.Column? label = columns.Label is { } name ? ColumnRef.Find(input.Schema, name, "label") : null;
        int classes = label is { } key ? (int)((KeyDataViewType)key.Type).Count : 0;
        int inputs = _options.Generator!.InputLayers.Count;
        if (inputs != (label is null ? 1 : 2))
        {
            throw new ArgumentException(label is null
                ? $"The generator has {inputs} inputs, so it makes rows of a class: give a LabelColumnName."
                : $"There is a label column '{columns.Label}', but the generator has {inputs} input(s); expected two, the latent vector and the class.");
        }

        (ValueRange range, long[] counts, long missing, long total) = GanRows.Survey(input, columns, classes, _options.CancellationToken);
        if (missing > 0)
            channel.Warning(MessageSensitivity.None, $"{missing} rows with a missing class in the label column '{columns.Label}' were left out.");
        range = EndsWithTanh(_options.Generator) ? range.OrRound : ValueRange.None;
        AdversarialOptions options = AdversarialOptions(channel, range);
        options.Check();
        AdversarialTrainer.Batches(total, options);
        IEngine engine = DefaultEngine.Choose(_options.Engine, _host);
        if (label is { } both && new AdversarialGraph(_options.Generator, discriminator, options).ClassCount is { } known && known != classes)
            throw new ArgumentException($"The label column '{both.Name}' has {classes} classes, but the networks know {known}.");
        FrechetDistance? quality = Quality(input, columns, range, discriminator.InputLayers[0], engine, options);
        TrainedGenerator trained = new AdversarialTrainer(_options.Generator, discriminator, options with { FrechetDistance = quality }, engine).Train(new GanRows(input, columns, range));
        TrainingColumns made = TrainingColumns.Of(input.Schema, columns, counts, range);
        GanTransformer model = new(trained, null, made, engine);
        return EncoderOf(discriminator) is { } encoder ? new(trained, Encode(model, encoder, options, total, engine), made, engine) : model;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        GanColumns.Check(inputSchema, _options.FeatureColumnName, _options.LabelColumnName);
        SchemaShape.Column score = Internals.Column(GanTransformer.ScoreColumn, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false);
        return inputSchema.WithColumns(
            EncoderOf(_options.Discriminator!) is null ? [score] : [score, Internals.Column(GeneratingTransformer.LatentName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false)]);
    }

    // Where none is given: the discriminator with as many numbers as a latent vector has in the place of its score.
    private Network? EncoderOf(Network discriminator)
    {
        int size = _options.Generator!.InputLayers[0].Shape?.Aggregate(1, (a, b) => a * b) ?? 0;
        return _options.LatentEpochs < 1 || size == 0 ? null
            : _options.Encoder ?? (discriminator is { Layer: Dense { Units: 1 }, Inputs: [var before] } ? before.Dense(size) : null);
    }

    private TrainedNetwork Encode(GanTransformer model, Network encoder, AdversarialOptions options, long rows, IEngine engine)
    {
        Network network = encoder.WithInputShapes([[model.Columns.Features.Size], .. encoder.InputLayers.Skip(1).Select(Own)]);
        Shape latent = network.Build(new BuildContext(new Graph())).Value.Shape;
        if (network.InputLayers.Count > (model.Columns.Label is null ? 1 : 2) || latent.BatchAxis != 0 || latent.Rank != 2 || latent.UnitSize != model.LatentSize)
            throw new ArgumentException($"The encoder has {network.InputLayers.Count} input(s) and gives {latent}; expected the row (and, with a label column, perhaps its class) and a latent vector of {model.LatentSize} numbers.");
        TrainerOptions training = new()
        {
            Loss = new MeanSquaredError(),
            Optimizer = new Adam(),
            Epochs = 1,
            Shuffle = false,
            BatchSize = _options.BatchSize,
            ShuffleBufferSize = _options.BatchSize,
            Callbacks = [new CancellationCheck(_host)],
            Seed = _seed,
            CancellationToken = _options.CancellationToken,
            Log = line => options.Log!($"Encoder: {line}"),
            Warn = options.Warn,
        };
        return new Trainer(network, training, engine).Train(new LatentRows(model, network, (int)Initializer.SeedFor(_seed, "encoder"), checked(rows * _options.LatentEpochs)));
    }

    private FrechetDistance? Quality(IDataView input, GanColumns columns, ValueRange range, InputLayer row, IEngine engine, AdversarialOptions options)
    {
        if (_options.FrechetDistance is not { } wanted)
            return null;
        if (wanted.ClassifierEpochs < 1)
            throw new ArgumentException($"FrechetDistance.ClassifierEpochs is {wanted.ClassifierEpochs}, expected at least 1.");
        int seed = (int)Initializer.SeedFor(_seed, "classifier"), classes;
        IRowSource rows;
        if ((wanted.LabelColumnName ?? columns.Label) is { } label)
        {
            GanColumns labelled = GanColumns.Find(input.Schema, columns.Features.Name, label, row);
            classes = (int)((KeyDataViewType)ColumnRef.Find(input.Schema, label, "label").Type).Count;

            // There is nothing to tell apart.
            if (GanRows.Survey(input, labelled, classes, _options.CancellationToken).Classes.Count(c => c > 0) < 2)
                return null;
            rows = new GanRows(input, labelled, range);
        }
        else if (row.Shape is [>= SmallestImage and var side, var width, var channels] && width == side)
        {
            (rows, classes) = (new TurnedRows(new GanRows(input, columns, range), side, channels, seed), TurnedRows.Turns);
        }
        else
        {
            return null;
        }

        Network classifier = (wanted.Classifier ?? Classifier([.. row.Shape!])).WithInputShapes([columns.Features.Size]).WithOutputUnits(classes, new Softmax());
        TrainerOptions training = new()
        {
            Loss = new SparseCategoricalCrossentropy(),
            Metrics = [new CategoricalAccuracy()],
            Epochs = wanted.ClassifierEpochs,
            BatchSize = 64,
            ShuffleBufferSize = _options.ShuffleBufferSize,
            Callbacks = [new CancellationCheck(_host)],
            Seed = seed,
            CancellationToken = _options.CancellationToken,
            Log = line => options.Log!($"Classifier for the Fréchet distance: {line}"),
            Warn = options.Warn,
        };
        TrainedNetwork trained = new Trainer(classifier, training, engine).Train(rows);
        return new(trained.UpTo(FrechetDistanceOptions.FeatureLayer)) { RowCount = wanted.RowCount, EveryEpochs = wanted.EveryEpochs };
    }

    private static Network Classifier(int[] row)
    {
        Network network = Network.Input(row);
        network = row is [>= SmallestImage, >= SmallestImage, _]
            ? network.Conv2D(16, 3, strides: 2, padding: Padding.Same).Relu().Conv2D(32, 3, strides: 2, padding: Padding.Same).Relu().Flatten()
            : network.Flatten().Dense(64).Relu();
        return network.Dense(64, name: FrechetDistanceOptions.FeatureLayer).Relu().ClassOutput();
    }

    private static int[] Own(InputLayer input) => [.. input.Shape ?? throw new ArgumentException("A network's class input has no shape: give it the number of classes.")];

    private static bool EndsWithTanh(Network network)
    {
        while (network.Layer is Flatten or Reshape)
            network = network.Inputs[0];
        return network.Layer is Tanh;
    }

    private AdversarialOptions AdversarialOptions(IChannel channel, ValueRange range) => new()
    {
        Loss = _options.Loss,
        Penalty = _options.Penalty,
        GeneratorOptimizer = _options.GeneratorOptimizer,
        DiscriminatorOptimizer = _options.DiscriminatorOptimizer,
        GeneratorSchedule = _options.GeneratorSchedule,
        DiscriminatorSchedule = _options.DiscriminatorSchedule,
        DiscriminatorSteps = _options.DiscriminatorSteps,
        AverageDecay = _options.AverageDecay,
        InstanceNoise = _options.InstanceNoise,
        Epochs = _options.Epochs,
        BatchSize = _options.BatchSize,
        ShuffleBufferSize = _options.ShuffleBufferSize,
        CollapseThreshold = _options.CollapseThreshold,
        CoverageRowCount = _options.CoverageRowCount,
        SampleCount = _options.SampleCount,
        SampleEveryEpochs = _options.SampleEveryEpochs,
        OnSamples = _options.OnSamples is not { } show ? null : samples =>
        {
            // As the data has them.
            float[] rows = [.. samples.Rows];
            range.Stretch(rows);
            show(samples with { Rows = rows });
        },
        Checkpoint = _options.Checkpoint,
        Callbacks = _options.CallbacksWith(_host),
        Seed = _seed,
        CancellationToken = _options.CancellationToken,
        Log = line => _options.Tell(channel, line),
        Warn = line => _options.Warn(channel, line),
    };

    /// <summary>The trainer's options.</summary>
    public sealed class Options : TrainingOptions
    {
        /// <summary>Makes a row of a latent vector and, with a label column, of a class: as one-hot numbers or as an id. Must be given.</summary>
        public Network? Generator;

        /// <summary>Scores a row, and its class where the generator takes one, by one number without an activation. Must be given.</summary>
        public Network? Discriminator;

        /// <summary>Name of the column of numbers or pixels. Default <c>Features</c>.</summary>
        public string FeatureColumnName = "Features";

        /// <summary>Name of the column (a key) of the rows' classes. Default null: rows of no class in particular.</summary>
        public string? LabelColumnName;

        /// <summary>What the networks play for. Default <see cref="NonSaturatingLoss"/>.</summary>
        public AdversarialLoss Loss = new NonSaturatingLoss();

        /// <summary>A penalty on the discriminator's gradient. Default null: none.</summary>
        public GradientPenalty? Penalty;

        /// <summary>How the generator's weights follow their gradients. Default Adam with a rate of 0.0002 and Beta1 0.5.</summary>
        public Optimizer GeneratorOptimizer = new Adam { LearningRate = 2e-4f, Beta1 = 0.5f };

        /// <summary>How the discriminator's do. Default the same.</summary>
        public Optimizer DiscriminatorOptimizer = new Adam { LearningRate = 2e-4f, Beta1 = 0.5f };

        /// <summary>The generator's learning rate over time; one that falls lets the two come to rest. Default null: its optimizer's, all the time.</summary>
        public LearningRateSchedule? GeneratorSchedule;

        /// <summary>The discriminator's likewise. Default null.</summary>
        public LearningRateSchedule? DiscriminatorSchedule;

        /// <summary>Discriminator steps for one generator step. Default 1.</summary>
        public int DiscriminatorSteps = 1;

        /// <summary>How slowly the mean of the generator's weights, which generates, forgets; see <see cref="AdversarialOptions.AverageDecay"/>. Default null: the last weights generate.</summary>
        public float? AverageDecay;

        /// <summary>Standard deviation of the noise added to what the discriminator sees, which goes down to 0 over the epochs. Default 0.</summary>
        public float InstanceNoise;

        /// <summary>How many times each row is learned from. Default 20.</summary>
        public int Epochs = 20;

        /// <summary>Rows in a training step; there must be as many. Default 64.</summary>
        public int BatchSize = 64;

        /// <summary>Most rows to keep in memory, within which they are shuffled. Default null: as many as fit into 256 MiB.</summary>
        public int? ShuffleBufferSize;

        /// <summary>Below which diversity a collapse is reported; see <see cref="AdversarialOptions.CollapseThreshold"/>. Default 0.1.</summary>
        public double CollapseThreshold = 0.1;

        /// <summary>
        /// Real rows that as many generated ones are compared with by epoch, for <c>density</c> and <c>coverage</c> in <see cref="TrainingOptions.Progress"/> and in the history, and for a warning where kinds
        /// of rows are missing; see <see cref="AdversarialOptions.CoverageRowCount"/>. 0 for none. Default 500.
        /// </summary>
        public int CoverageRowCount = 500;

        /// <summary>
        /// How the Fréchet distance of generated rows from real ones, which tells whether it works, is measured by epoch: <c>frechet_distance</c> in <see cref="TrainingOptions.Progress"/> and in the
        /// history. It needs classes, or square images. Null for none. Default as <see cref="FrechetDistanceOptions"/> says.
        /// </summary>
        public FrechetDistanceOptions? FrechetDistance = new();

        /// <summary>
        /// For how many times as many generated rows as there are training rows the encoder behind <c>Latent</c> learns. 0 for no encoder and no such column. Default 1.
        /// </summary>
        public int LatentEpochs = 1;

        /// <summary>
        /// The encoder: gives a row (and, if it has a second input, its class) a latent vector. Default null: the discriminator with as many outputs in the place of its score, where it ends
        /// with a dense layer; else there is no such column.
        /// </summary>
        public Network? Encoder;

        /// <summary>Is given rows made of the same latent vectors each time, on the data's scale; <c>GeneratedSheets.SaveTo(folder)</c> of MLNetDeep.Images makes pictures of them. Default nobody.</summary>
        public Action<GeneratedSamples>? OnSamples;

        /// <summary>Epochs from one call of <see cref="OnSamples"/> to the next. Default 1.</summary>
        public int SampleEveryEpochs = 1;

        /// <summary>Rows for <see cref="OnSamples"/>. Default 64.</summary>
        public int SampleCount = 64;
    }
}
