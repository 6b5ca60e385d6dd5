using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Estimators;
using MLNetDeep.Generation.Tabular;
using MLNetDeep.Optimizers;
using MLNetDeep.Training;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Generation;

/// <summary>
/// Trains a conditional GAN on the rows of a table: CTGAN (Xu, Skoularidou, Cuesta-Infante and Veeramachaneni 2019, "Modeling Tabular data using Conditional GAN"). The model makes more
/// rows like those (<see cref="TabularTransformer.Generate"/>), and as a transformer it adds the discriminator's score.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>any (in)</term><description>numbers, Booleans, keys, texts, dates and times, and vectors of known size of them, which are learned slot by slot; numbers may be missing (NaN), keys too</description></item>
/// <item><term>Score (out)</term><description>Single: the discriminator's score, higher for rows that look real to it; NaN for a row with a category that training had not</description></item>
/// </list>
/// Quantities are learned by mode-specific normalisation: the modes of a variational mixture of normal distributions, and where in its mode a value lies. Categories are drawn by
/// Gumbel-softmax. Each training row is drawn for a condition on one of its categories, so that rare ones are learned too; the discriminator is a Wasserstein critic with a gradient
/// penalty, which can be shown packs of rows (<see cref="Options.Pack"/>). Sizes and rates are the paper's; batches of 100 rows instead of 500, rows instead of packs of ten, and the mean of the generator's weights are for
/// tables of some thousands of rows, whose columns' dependence on one another the paper's settings learn too slowly. The table is held in memory, with 8 bytes for each slot of each row.
/// A score is that of the row in a pack of rows made by the model, mean over the conditions that the row fulfils; only comparisons of scores mean something.
/// </remarks>
/// <example>
/// <code>
/// TabularTransformer model = ml.Generation.Trainers.TabularGan().Fit(loans);
/// IDataView more = model.Generate(10_000, seed: 1, condition: ("Status", "bad"));
/// </code>
/// </example>
public sealed class TabularGanTrainer : IEstimator<TabularTransformer>
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly int _seed;

    internal TabularGanTrainer(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _host = env.Register(nameof(TabularGanTrainer));
        _options = options;
        _seed = options.Seed ?? _host.Rand.Next();
    }

    /// <summary>Trains the networks.</summary>
    /// <param name="input">The training rows. They are read once.</param>
    /// <exception cref="ArgumentException">A column is missing, of the wrong type or has too many categories, nothing varies, or there are fewer rows than a batch.</exception>
    /// <exception cref="InvalidOperationException">A number is infinite; column and row are named.</exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TabularTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        (TableEncoding encoding, EncodedTable table) = TableEncoding.Fit(input, _options, _seed);
        TabularTraining.CheckRows(table, _options);
        IEngine engine = DefaultEngine.Choose(_options.Engine, _host);
        Network generator = TabularNetworks.Generator(encoding, _options, null);
        string prefix = _options.AverageDecay is null ? "generator/" : "average/generator/";
        using TableQuality? quality = _options.QualityRows == 0 ? null : new(table, generator, name => prefix + name, _ => [], engine, _options.QualityRows, _seed, _options.CollapseThreshold, Warn);
        AdversarialOptions options = new()
        {
            Loss = new WassersteinLoss(),
            Penalty = new InterpolationPenalty { Weight = _options.PenaltyWeight },
            GeneratorOptimizer = _options.GeneratorOptimizer,
            DiscriminatorOptimizer = _options.DiscriminatorOptimizer,
            DiscriminatorSteps = _options.DiscriminatorSteps,
            AverageDecay = _options.AverageDecay,
            Epochs = _options.Epochs,
            BatchSize = _options.BatchSize / _options.Pack,

            // Of packs, whose conditions differ, no two are alike; what is made is looked at row by row.
            CollapseThreshold = quality is null ? _options.CollapseThreshold : 0,
            Checkpoint = _options.Checkpoint,
            Callbacks = _options.CallbacksWith(_host, quality is null ? [] : [quality]),
            Seed = _seed,
            CancellationToken = _options.CancellationToken,
            Log = line => _options.Tell(channel, line),
            Warn = Warn,
        };
        TrainedGenerator trained = new AdversarialTrainer(TabularNetworks.Generator(encoding, _options, _options.Pack), TabularNetworks.Discriminator(encoding, _options), options, engine)
            .Train(new PackedRows(table, _options.Pack, _seed));
        return new(TabularKind.Gan, encoding, trained.Generator with { Network = generator }, trained.Discriminator, _options.Pack, [], engine);

        void Warn(string line) => _options.Warn(channel, line);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => TabularTraining.OutputSchema(inputSchema, _options.ColumnNames, withLatent: false);

    /// <summary>The trainer's options.</summary>
    public sealed class Options : TabularOptions
    {
        /// <summary>Length of a latent vector. Default 128.</summary>
        public int LatentSize = 128;

        /// <summary>Units of the generator's layers, each of which passes its input on beside its output. Default 256, 256.</summary>
        public IReadOnlyList<int> GeneratorUnits = [256, 256];

        /// <summary>Units of the discriminator's layers. Default 256, 256.</summary>
        public IReadOnlyList<int> DiscriminatorUnits = [256, 256];

        /// <summary>Share of the discriminator's units that are left out in a step; at least 0 and less than 1. Default 0.5.</summary>
        public float Dropout = 0.5f;

        /// <summary>
        /// Rows that the discriminator sees at once, so that it notices where they are too much alike (PacGAN, Lin et al. 2018); <see cref="TabularOptions.BatchSize"/> is a multiple of it. A batch then
        /// has fewer things to judge, and each less to do with how one row's columns go together. Default 1: no packs. The paper has 10, with batches of 500.
        /// </summary>
        public int Pack = 1;

        /// <summary>How the generator's weights follow their gradients. Default Adam with a rate of 0.0002, Beta1 0.5 and Beta2 0.9.</summary>
        public Optimizer GeneratorOptimizer = new Adam { LearningRate = 2e-4f, Beta1 = 0.5f, Beta2 = 0.9f };

        /// <summary>How the discriminator's do. Default the same.</summary>
        public Optimizer DiscriminatorOptimizer = new Adam { LearningRate = 2e-4f, Beta1 = 0.5f, Beta2 = 0.9f };

        /// <summary>The share of each of the generator's kernels that is added to its gradient, as PyTorch's <c>weight_decay</c>; at least 0. Default 0.000001.</summary>
        public float WeightDecay = 1e-6f;

        /// <summary>Discriminator steps for one generator step. Default 1.</summary>
        public int DiscriminatorSteps = 1;

        /// <summary>What the gradient penalty is multiplied by. Default 10.</summary>
        public float PenaltyWeight = 10;

        /// <summary>How soft draws of categories are in training: more than 0. Default 0.2.</summary>
        public float Temperature = 0.2f;

        /// <summary>How slowly the mean of the generator's weights, which generates, forgets; see <see cref="AdversarialOptions.AverageDecay"/>. Default 0.99. Null: the last weights generate, as in the paper.</summary>
        public float? AverageDecay = 0.99f;

        /// <summary>
        /// A collapsed generator makes nearly the same row again and again. Where the mean distance from a generated row to the nearest other is less than this share of the same among real rows (the
        /// figure <c>diversity</c>), a warning says so. 0 for no warnings. Default 0.1.
        /// </summary>
        public double CollapseThreshold = 0.1;

        internal override void Check()
        {
            base.Check();
            Require(LatentSize >= 1, nameof(LatentSize), LatentSize, "at least 1");
            RequireUnits(GeneratorUnits, nameof(GeneratorUnits));
            RequireUnits(DiscriminatorUnits, nameof(DiscriminatorUnits));
            Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "at least 0 and less than 1");
            Require(Pack >= 1, nameof(Pack), Pack, "at least 1");
            Require(BatchSize % Pack == 0 && BatchSize >= 2 * Pack, nameof(BatchSize), BatchSize, $"a multiple of Pack ({Pack}), at least twice as much");
            Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "at least 0");
            Require(Temperature > 0 && float.IsFinite(Temperature), nameof(Temperature), Temperature, "more than 0");
        }
    }
}
