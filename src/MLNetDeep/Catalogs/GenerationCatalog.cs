using MLNetDeep;
using MLNetDeep.Generation;
using MLNetDeep.Generation.Tabular;

#pragma warning disable IDE0130 // Beside ML.NET's own catalogs, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Models that make more rows like those that they were trained on: <c>ml.Generation</c>.</summary>
public sealed class GenerationCatalog
{
    internal GenerationCatalog(MLContext context) => Trainers = new(context);

    /// <summary>What trains such models.</summary>
    public GenerationTrainers Trainers { get; }

    /// <summary>
    /// Compares made-up rows of a table with real ones: columns, pairs of columns, what models trained on them are worth, and whether they are copies. The definitions are SDMetrics'
    /// (Patki, Wedge and Veeramachaneni 2016) and stand with the results.
    /// </summary>
    /// <param name="real">The real rows that a model was trained on.</param>
    /// <param name="synthetic">The rows that it made; any number of them.</param>
    /// <param name="holdout">Real rows that the model has not seen, for the comparison of distances and of models; null for neither.</param>
    /// <param name="labelColumnName">The column that models are trained to predict, which needs held-out rows; null for no models.</param>
    /// <exception cref="System.ArgumentException">A column is missing or has another type than in the real rows, there are no rows, or a label is given without held-out rows.</exception>
    public TabularMetrics EvaluateTabular(IDataView real, IDataView synthetic, IDataView? holdout = null, string? labelColumnName = null) =>
        EvaluateTabular(real, synthetic, holdout, new TabularEvaluationOptions { LabelColumnName = labelColumnName });

    /// <summary>Compares made-up rows of a table with real ones, with options.</summary>
    /// <param name="real">The real rows that a model was trained on.</param>
    /// <param name="synthetic">The rows that it made; any number of them.</param>
    /// <param name="holdout">Real rows that the model has not seen; null for none.</param>
    /// <param name="options">Columns and settings.</param>
    /// <exception cref="System.ArgumentException">As for the other overload, or an option is out of range.</exception>
    public TabularMetrics EvaluateTabular(IDataView real, IDataView synthetic, IDataView? holdout, TabularEvaluationOptions options)
    {
        System.ArgumentNullException.ThrowIfNull(real);
        System.ArgumentNullException.ThrowIfNull(synthetic);
        System.ArgumentNullException.ThrowIfNull(options);
        return new TabularEvaluator(real, synthetic, holdout, options).Evaluate();
    }

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

        /// <summary>Trains a GAN on the rows of a table; see <see cref="TabularGanTrainer"/>.</summary>
        /// <param name="columnNames">Names of the table's columns; null for all.</param>
        /// <param name="epochs">How many times, about, each row is learned from.</param>
        /// <param name="batchSize">Rows in a training step.</param>
        public TabularGanTrainer TabularGan(IReadOnlyList<string>? columnNames = null, int epochs = 300, int batchSize = 100) =>
            new(_context, new() { ColumnNames = columnNames, Epochs = epochs, BatchSize = batchSize });

        /// <summary>Trains a GAN on the rows of a table, with options; see <see cref="TabularGanTrainer"/>.</summary>
        /// <param name="options">The columns and how to train.</param>
        public TabularGanTrainer TabularGan(TabularGanTrainer.Options options) => new(_context, options);

        /// <summary>Trains a variational autoencoder on the rows of a table; see <see cref="TabularVaeTrainer"/>.</summary>
        /// <param name="columnNames">Names of the table's columns; null for all.</param>
        /// <param name="epochs">How many times each row is learned from.</param>
        /// <param name="batchSize">Rows in a training step.</param>
        public TabularVaeTrainer TabularVae(IReadOnlyList<string>? columnNames = null, int epochs = 300, int batchSize = 100) =>
            new(_context, new() { ColumnNames = columnNames, Epochs = epochs, BatchSize = batchSize });

        /// <summary>Trains a variational autoencoder on the rows of a table, with options; see <see cref="TabularVaeTrainer"/>.</summary>
        /// <param name="options">The columns and how to train.</param>
        public TabularVaeTrainer TabularVae(TabularVaeTrainer.Options options) => new(_context, options);
    }
}
