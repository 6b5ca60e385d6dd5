using MLNetDeep;
using MLNetDeep.Generation;

#pragma warning disable IDE0130 // Beside ML.NET's own catalogs, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Models that make more rows like those that they were trained on: <c>ml.Generation</c>.</summary>
public sealed class GenerationCatalog
{
    internal GenerationCatalog(MLContext context) => Trainers = new(context);

    /// <summary>What trains such models.</summary>
    public GenerationTrainers Trainers { get; }

    /// <summary>Trainers of models that generate.</summary>
    public sealed class GenerationTrainers
    {
        private readonly MLContext _context;

        internal GenerationTrainers(MLContext context) => _context = context;

        /// <summary>Trains a generator and a discriminator against each other; see <see cref="GanTrainer"/>.</summary>
        /// <param name="generator">Makes a row of a latent vector and, with a label column, of a class: <c>Networks.DcGanGenerator(28, classes: 10)</c>.</param>
        /// <param name="discriminator">Scores a row, and its class with a label column: <c>Networks.DcGanDiscriminator(28, classes: 10)</c>.</param>
        /// <param name="featureColumnName">Name of the column of numbers or pixels.</param>
        /// <param name="labelColumnName">Name of the column (a key) of the rows' classes; null for rows of no class in particular.</param>
        /// <param name="epochs">How many times each row is learned from.</param>
        /// <param name="batchSize">Rows in a training step.</param>
        public GanTrainer Gan(Network generator, Network discriminator, string featureColumnName = "Features", string? labelColumnName = null, int epochs = 20, int batchSize = 64) => new(_context, new()
        {
            Generator = generator,
            Discriminator = discriminator,
            FeatureColumnName = featureColumnName,
            LabelColumnName = labelColumnName,
            Epochs = epochs,
            BatchSize = batchSize,
        });

        /// <summary>Trains a generator and a discriminator against each other, with options; see <see cref="GanTrainer"/>.</summary>
        /// <param name="options">The networks, the columns and how to train.</param>
        public GanTrainer Gan(GanTrainer.Options options) => new(_context, options);

        /// <summary>Trains a variational autoencoder; see <see cref="VaeTrainer"/>.</summary>
        /// <param name="encoder">Gives a row features: <c>Networks.VaeEncoder(28)</c>.</param>
        /// <param name="decoder">Makes a row of a latent vector and, with a label column, of a class: <c>Networks.VaeDecoder(28, latent: 16)</c>.</param>
        /// <param name="featureColumnName">Name of the column of numbers or pixels.</param>
        /// <param name="labelColumnName">Name of the column (a key) of the rows' classes; null for rows of no class in particular.</param>
        /// <param name="epochs">How many times each row is learned from.</param>
        /// <param name="batchSize">Rows in a training step.</param>
        public VaeTrainer Vae(Network encoder, Network decoder, string featureColumnName = "Features", string? labelColumnName = null, int epochs = 20, int batchSize = 64) => new(_context, new()
        {
            Encoder = encoder,
            Decoder = decoder,
            FeatureColumnName = featureColumnName,
            LabelColumnName = labelColumnName,
            Epochs = epochs,
            BatchSize = batchSize,
        });

        /// <summary>Trains a variational autoencoder, with options; see <see cref="VaeTrainer"/>.</summary>
        /// <param name="options">The networks, the columns and how to train.</param>
        public VaeTrainer Vae(VaeTrainer.Options options) => new(_context, options);
    }
}
