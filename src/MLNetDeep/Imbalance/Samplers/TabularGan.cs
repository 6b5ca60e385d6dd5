using Microsoft.ML.Runtime;
using MLNetDeep.Generation;
using MLNetDeep.Generation.Tabular;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>Adds rows of rare classes that a GAN makes, which is trained on all rows and asked for rows of the class (CTGAN of Xu et al. 2019; see <see cref="TabularGanTrainer"/>).</summary>
/// <remarks>
/// Columns may be of all kinds: vectors of features, numbers (missing ones too), keys, texts, Booleans, dates. Columns that are not made are those of a row of the same class, drawn at random.
/// The GAN takes as long to train as it does anywhere: minutes for thousands of rows. It needs more rows of a class than a few to tell how they vary.
/// </remarks>
public sealed class TabularGan : TabularSampler
{
    private readonly Options _options;

    internal TabularGan(IHostEnvironment env, Options options)
        : base(env, options)
    {
        ArgumentNullException.ThrowIfNull(options.Training);
        options.Training.Check();
        _options = options;
    }

    private protected override string Name => "The tabular GAN";

    private protected override TabularOptions Training => _options.Training;

    private protected override TabularTransformer Fit(IHostEnvironment env, Microsoft.ML.IDataView rows, TabularOptions training) => new TabularGanTrainer(env, (TabularGanTrainer.Options)training).Fit(rows);

    /// <summary>The sampler's options.</summary>
    public sealed class Options : TabularSamplerOptions
    {
        /// <summary>
        /// How the GAN is trained. Its columns are the label and those that are made; its seed is drawn with the sampler's where it has none; its batch is made smaller where there are fewer rows.
        /// Default the trainer's defaults.
        /// </summary>
        public TabularGanTrainer.Options Training = new();
    }
}
