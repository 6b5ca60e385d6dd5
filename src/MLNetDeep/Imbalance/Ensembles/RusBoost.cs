using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>Boosting in which each round's model is fitted to a sample with the frequent classes undersampled (RUSBoost, Seiffert et al. 2010, on AdaBoost.M2).</summary>
/// <remarks>The sample's rows are drawn by the weights that boosting gives them, as the paper has it for trainers without weights, so that any trainer will do.</remarks>
public sealed class RusBoost : EnsembleMethod
{
    private readonly Options _options;

    internal RusBoost(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Rounds >= 1, nameof(Options.Rounds), options.Rounds, "at least 1");
    }

    private protected override string Name => "RUSBoost";

    private protected override List<(ITransformer Model, double Weight)> Fit(SamplingTask task, IEstimator<ITransformer> trainer) =>
        Boosting.Run(task, trainer, task.Rows.All, _options.Rounds, () => Balanced(task));

    /// <summary>The ensemble's options. <see cref="SamplerOptions.FeatureColumnName"/> is not looked at.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>Number of rounds, and so of models, at most: a round whose model is no better than chance ends it. Default 10.</summary>
        public int Rounds = 10;
    }
}
