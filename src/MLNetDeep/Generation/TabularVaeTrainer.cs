using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Estimators;
using MLNetDeep.Generation.Tabular;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Persistence;
using MLNetDeep.Training;

namespace MLNetDeep.Generation;

/// <summary>
/// Trains a variational autoencoder on the rows of a table: TVAE (Xu, Skoularidou, Cuesta-Infante and Veeramachaneni 2019, "Modeling Tabular data using Conditional GAN"). The steady
/// alternative to <see cref="TabularGanTrainer"/>, with the same kind of model: it makes more rows (<see cref="TabularTransformer.Generate"/>), and as a transformer it adds how well a row
/// is reconstructed and what it is in the latent space.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>any (in)</term><description>numbers, Booleans, keys, texts, dates and times, and vectors of known size of them, which are learned slot by slot; numbers may be missing (NaN), keys too</description></item>
/// <item><term>Score (out)</term><description>Single: the logarithm of how likely the row is to be made of its latent mean; low for a row unlike the training rows; NaN for one with a category that training had not</description></item>
/// <item><term>Latent (out)</term><description>vector of Single: the latent mean; NaN likewise</description></item>
/// </list>
/// Rows are encoded as for the GAN. The paper's decoder knows latent vectors only; this one is also told one of the row's categories, any of them, so that it can be asked for rows of a category as the GAN can.
/// Sizes, rates and the weight of the divergence are those of the paper's code. The table is held in memory, with 8 bytes for each slot of each row.
/// </remarks>
public sealed class TabularVaeTrainer : IEstimator<TabularTransformer>
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly int _seed;

    internal TabularVaeTrainer(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _host = env.Register(nameof(TabularVaeTrainer));
        _options = options;
        _seed = options.Seed ?? _host.Rand.Next();
    }

    /// <summary>Trains the networks.</summary>
    /// <param name="input">The training rows. They are read once.</param>
    /// <exception cref="ArgumentException">A column is missing, of the wrong type or has too many categories, nothing varies, or there are fewer rows than a batch.</exception>
    /// <exception cref="InvalidOperationException">A number is infinite; column and row are named.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TabularTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        (TableEncoding encoding, EncodedTable table) = TableEncoding.Fit(input, _options, _seed);
        TabularTraining.CheckRows(table, _options);
        IEngine engine = DefaultEngine.Choose(_options.Engine, _host);
        Network decoder = TabularNetworks.Decoder(encoding, _options), encoder = TabularNetworks.Encoder(encoding, _options);
        float[] Deviations(Func<string, float[]> read) => encoding.Numbers > 0 ? LearnedDeviations.Of(read($"{TabularNetworks.Deviations}/raw")) : [];
        using TableQuality? quality = _options.QualityRows == 0 ? null : new(table, decoder, name => name, Deviations, engine, _options.QualityRows, _seed, 0, _ => { });
        TrainerOptions options = _options.ForTrainer(new TableLikelihood { Numbers = encoding.Numbers, Blocks = encoding.Blocks }, _host, channel, _seed) with
        {
            OutputLossName = VaeTrainer.ReconstructionLoss,
            Optimizer = _options.Optimizer,
            Epochs = _options.Epochs,
            BatchSize = _options.BatchSize,
            Callbacks = _options.CallbacksWith(_host, quality is null ? [] : [quality]),
        };
        TrainedNetwork trained = new Trainer(TabularNetworks.Autoencoder(encoding, _options), options, engine).Train(new ReconstructedRows(table, _seed));
        return new(TabularKind.Vae, encoding, NetworkParts.Of(trained, decoder), NetworkParts.Of(trained, encoder), 1, Deviations(name => trained.Weights[name]), engine);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => TabularTraining.OutputSchema(inputSchema, _options.ColumnNames, withLatent: true);

    /// <summary>The trainer's options.</summary>
    public sealed class Options : TabularOptions
    {
        /// <summary>Length of a latent vector. Default 128.</summary>
        public int LatentSize = 128;

        /// <summary>Units of the encoder's layers. Default 128, 128.</summary>
        public IReadOnlyList<int> EncoderUnits = [128, 128];

        /// <summary>Units of the decoder's layers. Default 128, 128.</summary>
        public IReadOnlyList<int> DecoderUnits = [128, 128];

        /// <summary>How the weights follow their gradients. Default Adam with a rate of 0.001.</summary>
        public Optimizer Optimizer = new Adam();

        /// <summary>The share of each kernel that is added to its gradient, as PyTorch's <c>weight_decay</c>; at least 0. Default 0.00001.</summary>
        public float WeightDecay = 1e-5f;

        /// <summary>What the divergence of latent vectors from the standard normal distribution weighs beside the reconstruction; at least 0. Default 0.5: the paper's code weighs the reconstruction by 2.</summary>
        public float KlWeight = 0.5f;

        internal override void Check()
        {
            base.Check();
            Require(LatentSize >= 1, nameof(LatentSize), LatentSize, "at least 1");
            RequireUnits(EncoderUnits, nameof(EncoderUnits));
            RequireUnits(DecoderUnits, nameof(DecoderUnits));
            Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "at least 0");
            Require(KlWeight >= 0 && float.IsFinite(KlWeight), nameof(KlWeight), KlWeight, "at least 0");
        }
    }
}
