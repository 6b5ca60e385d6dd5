using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Estimators;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Schedules;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Generation;

/// <summary>
/// Trains a variational autoencoder (Kingma and Welling 2014): an encoder gives each row a normal distribution of latent vectors, a decoder makes the row of one of them, and all these
/// distributions together are to be the standard normal one. The model makes more rows (<see cref="GeneratingTransformer.Generate"/>), which are smoother than a GAN's and trained more steadily,
/// and as a transformer it gives a row its latent vector and says how unlike the training rows it is.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Features (in)</term><description>vector of Single of known size, channels beside one another where it is an image</description></item>
/// <item><term>Label (in, with classes only)</term><description>key; in training rows with a missing one are left out</description></item>
/// <item><term>Latent (out)</term><description>vector of Single: the mean of the row's latent vectors</description></item>
/// <item><term>Reconstruction (out)</term><description>vector of Single: the row made of that mean</description></item>
/// <item><term>PredictedLabel (out)</term><description>Boolean: whether the row is an anomaly, its score more than nearly all training rows have; see <see cref="Options.Contamination"/></description></item>
/// <item><term>Score (out)</term><description>Single: the mean squared difference of row and reconstruction, on the scale that the network works on; NaN where the class is missing</description></item>
/// </list>
/// The network works on numbers from -1 to 1 (Bernoulli: 0 to 1), to which the column's are brought from the least and the most of the training rows, all by the same rule: features of very
/// different sizes are to be normalised first. <c>ml.AnomalyDetection.Evaluate</c> judges the last two columns.
/// </remarks>
/// <example>
/// <code>
/// var vae = ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(30), "Features").Fit(ordinary);
/// var metrics = ml.AnomalyDetection.Evaluate(vae.Transform(test), labelColumnName: "IsFraud");
/// </code>
/// </example>
public sealed class VaeTrainer : IEstimator<VaeTransformer>
{
    internal const string RowInput = "row", ClassInput = "class", ReconstructionLoss = "reconstruction_loss";

    private const string MeanLayer = "latent_mean", VarianceLayer = "latent_log_variance", LatentLayer = "latent";

    private readonly IHost _host;
    private readonly Options _options;
    private readonly int _seed;

    internal VaeTrainer(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Encoder is null || options.Decoder is null)
            throw new ArgumentException("A variational autoencoder needs an Encoder and a Decoder, such as Networks.VaeEncoder(28) and Networks.VaeDecoder(28).", nameof(options));
        AnomalyThreshold.Check(options.Contamination);
        if (!(options.KlWeight >= 0 && double.IsFinite(options.KlWeight)))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"KlWeight is {options.KlWeight}, expected at least 0."), nameof(options));
        if (!Enum.IsDefined(options.Likelihood))
            throw new ArgumentException($"There is no Likelihood {(int)options.Likelihood}.", nameof(options));
        if (options.Deviation is { } deviation && !(deviation > 0 && float.IsFinite(deviation) && options.Likelihood == VaeLikelihood.Gaussian))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Deviation is {deviation} and Likelihood {options.Likelihood}; a deviation is more than 0 and for VaeLikelihood.Gaussian."), nameof(options));
        _host = env.Register(nameof(VaeTrainer));
        _options = options;
        _seed = options.Seed ?? _host.Rand.Next();
    }

    /// <summary>Trains the networks.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option is out of range, the networks do not fit each other or the data, or there are no rows.</exception>
    /// <exception cref="InvalidOperationException">A value is missing or infinite; column and row are named.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public VaeTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        InputLayer row = _options.Encoder!.InputLayers[0];
        GanColumns columns = GanColumns.Find(input.Schema, _options.FeatureColumnName, _options.LabelColumnName, row);
        int classes = columns.Label is { } label ? (int)((KeyDataViewType)ColumnRef.Find(input.Schema, label, "label").Type).Count : 0;
        (Network whole, Network decoder) = Compose(columns, classes);
        (ValueRange range, long[] counts, long missing, long total) = GanRows.Survey(input, columns, classes, _options.CancellationToken);
        if (missing > 0)
            channel.Warning(MessageSensitivity.None, $"{missing} rows with a missing class in the label column '{columns.Label}' were left out.");
        if (total == 0)
            throw new ArgumentException("There are no rows to train on: the data is empty.");
        range = RangeOf(range, columns);
        GanRows rows = new(input, columns, range);
        IEngine engine = DefaultEngine.Choose(_options.Engine, _host);
        TrainedNetwork trained = new Trainer(whole, TrainerOptions(channel), engine).Train(new VaeRows(rows, whole));
        VaeTransformer model = new(trained.UpTo(MeanLayer), NetworkParts.Of(trained, decoder), TrainingColumns.Of(input.Schema, columns, counts, range), float.MaxValue, engine);
        return model.WithThreshold(Threshold(model, rows), engine);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        GanColumns.Check(inputSchema, _options.FeatureColumnName, _options.LabelColumnName);
        return inputSchema.WithColumns(VaeTransformer.OutputShape());
    }

    // Encoder, sample and decoder as one network, and the decoder alone, its layers called as in it.
    private (Network Whole, Network Decoder) Compose(GanColumns columns, int classes)
    {
        InputLayer[] encoded = [.. _options.Encoder!.InputLayers], decoded = [.. _options.Decoder!.InputLayers];
        if (encoded.Length > (classes > 0 ? 2 : 1) || decoded.Length != (classes > 0 ? 2 : 1))
        {
            throw new ArgumentException(classes > 0
                ? $"There is a label column '{columns.Label}', but the encoder has {encoded.Length} input(s) and the decoder {decoded.Length}; expected the row, and the class if need be; and the latent vector and the class."
                : $"The encoder has {encoded.Length} input(s) and the decoder {decoded.Length}; expected one each, the row and the latent vector. For rows of a class give a LabelColumnName.");
        }

        if (decoded[0] is not { DType: DType.Float32, Shape: { } latent })
            throw new ArgumentException("The decoder's latent vector must be an input of numbers whose size is known.");
        Network row = Network.Input(RowInput, [.. encoded[0].Shape ?? columns.Features.Shape]).WithInputShapes([columns.Features.Size]);
        Network? kind = classes == 0 ? null : ClassNetwork(decoded[1], classes);
        if (encoded.Length > 1)
            _ = ClassNetwork(encoded[1], classes);
        if (encoded.Length > 1 && encoded[1].DType != decoded[1].DType)
            throw new ArgumentException("Encoder and decoder take the class in different ways; expected one-hot numbers for both, or an id for both.");
        Network encoder = _options.Encoder.WithNamePrefix("encoder/").Onto(encoded.Length > 1 ? [row, kind!] : [row]).Flatten(), decoder = _options.Decoder.WithNamePrefix("decoder/");
        if (_options.Likelihood == VaeLikelihood.Bernoulli)
            decoder = EndsWithSigmoid(decoder) ? decoder : decoder.Append(new Sigmoid { Name = "decoder/probability" });
        int size = latent.Aggregate(1, (a, b) => a * b);
        Network sample = encoder.Dense(size, name: MeanLayer).LatentSample(encoder.Dense(size, name: VarianceLayer), _options.KlWeight, LatentLayer);
        if (latent.Count > 1)
            sample = sample.Reshape([.. latent]);
        Network whole = decoder.Onto(kind is null ? [sample] : [sample, kind]);
        Shape output = whole.Build(new BuildContext(new Graph())).Value.Shape;
        return output.BatchAxis == 0 && output.UnitSize == columns.Features.Size
            ? (whole, decoder)
            : throw new ArgumentException($"The decoder makes rows of shape {output}, but the feature column '{columns.Features.Name}' has {columns.Features.Size} numbers.");
    }

    private static Network ClassNetwork(InputLayer input, int classes)
    {
        if (input.DType == DType.Int32 ? input.Shape is not [1] : input.Shape is not [var size] || size != classes)
            throw new ArgumentException($"A network's class input has the shape ({string.Join(", ", input.Shape ?? [])}); the label column has {classes} classes: expected as many one-hot numbers, or one id (TokenInput(1)).");
        return input.DType == DType.Int32 ? Network.TokenInput(1, ClassInput) : Network.Input(ClassInput, classes);
    }

    private static bool EndsWithSigmoid(Network network)
    {
        while (network.Layer is Flatten or Reshape)
            network = network.Inputs[0];
        return network.Layer is Sigmoid;
    }

    private ValueRange RangeOf(ValueRange range, GanColumns columns)
    {
        if (_options.Likelihood == VaeLikelihood.Gaussian)
            return range.OrRound;
        if (range.IsUsable)
            return range.FromZero;
        return range.Minimum is >= 0 and <= 1
            ? ValueRange.None
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"All numbers of the feature column '{columns.Features.Name}' are {range.Minimum}, which is no share between black and white: use VaeLikelihood.Gaussian."));
    }

    private TrainerOptions TrainerOptions(IChannel channel)
    {
        Loss loss = _options.Likelihood == VaeLikelihood.Bernoulli ? new BernoulliReconstruction() : new GaussianReconstruction { Deviation = _options.Deviation };
        return _options.ForTrainer(loss, _host, channel, _seed) with
        {
            OutputLossName = ReconstructionLoss,
            Metrics = [new RootMeanSquaredError()],
            Optimizer = _options.Optimizer,
            LearningRateSchedule = _options.LearningRateSchedule,
            Epochs = _options.Epochs,
            BatchSize = _options.BatchSize,
            ValidationFraction = _options.ValidationFraction,
            EarlyStopping = _options.EarlyStopping,
            ShuffleBufferSize = _options.ShuffleBufferSize,
        };
    }

    private float Threshold(VaeTransformer model, GanRows rows)
    {
        List<float> errors = [];
        RowBuffer next = new(rows.Columns, 1);
        using IRowReader reader = rows.Read();
        using VaeTransformer.Judge judge = new(model);
        while (reader.Read(next, 0))
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            errors.Add(judge.Look(next.Rows<float>(0, 0), rows.Columns.Count > 1 ? next.Rows<int>(1, 0)[0] : 0));
        }

        return AnomalyThreshold.Of(errors, _options.Contamination);
    }

    /// <summary>The trainer's options. A line of progress has the loss, divergence included, and the root of the mean squared error.</summary>
    public sealed class Options : TrainingOptions
    {
        /// <summary>Gives a row, and its class where it has a second input, features of any shape; mean and variance of the latent vector are added. Must be given.</summary>
        public Network? Encoder;

        /// <summary>Makes a row of a latent vector and, with a label column, of a class: as one-hot numbers or as an id. Its last layer is linear. Must be given.</summary>
        public Network? Decoder;

        /// <summary>Name of the column of numbers or pixels. Default <c>Features</c>.</summary>
        public string FeatureColumnName = "Features";

        /// <summary>Name of the column (a key) of the rows' classes. Default null: rows of no class in particular.</summary>
        public string? LabelColumnName;

        /// <summary>What the numbers are taken for. Default <see cref="VaeLikelihood.Gaussian"/>.</summary>
        public VaeLikelihood Likelihood = VaeLikelihood.Gaussian;

        /// <summary>For <see cref="VaeLikelihood.Gaussian"/> the standard deviation round the decoder's numbers, on the scale of -1 to 1. Default null: the one that fits best; see <see cref="GaussianReconstruction.Deviation"/>.</summary>
        public float? Deviation;

        /// <summary>What the divergence of latent vectors from standard normal ones counts, β: more makes latent vectors more orderly and rows less sharp; at least 0. Default 1.</summary>
        public double KlWeight = 1;

        /// <summary>The share of the training rows that are taken for anomalies, from which the threshold of <c>PredictedLabel</c> comes: at least 0 and less than 0.5. Default 0.01.</summary>
        public double Contamination = 0.01;

        /// <summary>How weights follow their gradients. Default Adam with a rate of 0.001.</summary>
        public Optimizer Optimizer = new Adam();

        /// <summary>The learning rate over time. Default null: the optimizer's.</summary>
        public LearningRateSchedule? LearningRateSchedule;

        /// <summary>How many times each row is learned from. Default 20.</summary>
        public int Epochs = 20;

        /// <summary>Rows in a training step. Default 64.</summary>
        public int BatchSize = 64;

        /// <summary>Share of the training rows, drawn at random, that are not learned from but validate. Default 0.</summary>
        public double ValidationFraction;

        /// <summary>When to end early, with the weights of the best epoch. Default null: never.</summary>
        public EarlyStopping? EarlyStopping;

        /// <summary>Most rows to keep in memory, within which they are shuffled. Default null: as many as fit into 256 MiB.</summary>
        public int? ShuffleBufferSize;
    }
}
