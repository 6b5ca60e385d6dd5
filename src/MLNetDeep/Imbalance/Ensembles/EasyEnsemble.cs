using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>Draws several balanced samples without replacement, boosts the trainer on each (AdaBoost.M2), and takes the mean over all models (EasyEnsemble, Liu, Wu and Zhou 2009).</summary>
/// <remarks>With one round it is a mean over models of balanced samples, which is often enough for trainers that are strong by themselves, such as networks.</remarks>
public sealed class EasyEnsemble : EnsembleMethod
{
    private readonly Options _options;

    internal EasyEnsemble(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Subsets >= 1, nameof(Options.Subsets), options.Subsets, "at least 1");
        Require(options.Rounds >= 1, nameof(Options.Rounds), options.Rounds, "at least 1");
    }

    private protected override string Name => "EasyEnsemble";

    private protected override List<(ITransformer Model, double Weight)> Fit(SamplingTask task, IEstimator<ITransformer> trainer)
    {
        List<(ITransformer, double)> members = [];
        for (int i = 0; i < _options.Subsets; i++)
        {
            int[] subset = Balanced(task);
            members.AddRange(_options.Rounds == 1
                ? [(trainer.Fit(ResampledView.Drawn(task, subset)), 1)]
                : Boosting.Run(task, trainer, subset, _options.Rounds, () => subset));
        }

        return members;
    }

    /// <summary>The ensemble's options. <see cref="SamplerOptions.FeatureColumnName"/> is not looked at.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>Number of balanced samples. Default 4.</summary>
        public int Subsets = 4;

        /// <summary>Boosting rounds on each sample, and so models of each. Default 10.</summary>
        public int Rounds = 10;
    }
}
