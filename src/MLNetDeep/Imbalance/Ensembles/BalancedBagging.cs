using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;
using MLNetDeep.Imbalance.Samplers;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>Fits the trainer to bootstrap samples, each balanced by a sampler, and takes the mean of the probabilities (bagging: Breiman 1996; with undersampling: Hido, Kashima and Takahashi 2009).</summary>
/// <remarks>Each class is drawn from by itself, as many rows as it has, so that none goes missing.</remarks>
public sealed class BalancedBagging : EnsembleMethod
{
    private readonly IHostEnvironment _env;
    private readonly Options _options;

    internal BalancedBagging(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _env = env;
        _options = options;
        Require(options.Members >= 1, nameof(Options.Members), options.Members, "at least 1");
        if (options.Sampler is { } sampler && sampler.LabelColumnName != options.LabelColumnName)
            throw new ArgumentException($"The sampler's label column is '{sampler.LabelColumnName}', the ensemble's is '{options.LabelColumnName}'; expected the same.", nameof(options));
    }

    private protected override string Name => "Balanced bagging";

    private protected override List<(ITransformer Model, double Weight)> Fit(SamplingTask task, IEstimator<ITransformer> trainer)
    {
        ImbalanceSampler sampler = _options.Sampler
            ?? new RandomUnderSampler(_env, new() { LabelColumnName = _options.LabelColumnName, Strategy = _options.Strategy, Seed = 0, CancellationToken = _options.CancellationToken });
        List<(ITransformer, double)> members = [];
        for (int i = 0; i < _options.Members; i++)
        {
            task.Cancellation.ThrowIfCancellationRequested();
            List<int> drawn = [];
            foreach (int[] rows in task.Rows.Of)
            {
                for (int row = 0; row < rows.Length; row++)
                    drawn.Add(rows[task.Random.Next(rows.Length)]);
            }

            members.Add((trainer.Fit(sampler.Resample(ResampledView.Drawn(task, drawn), task.Random.Next())), 1));
        }

        return members;
    }

    /// <summary>The ensemble's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>Number of models. Default 10.</summary>
        public int Members = 10;

        /// <summary>What balances the bootstrap samples; its own seed is not looked at. Default null: random undersampling by <see cref="SamplerOptions.Strategy"/>.</summary>
        public ImbalanceSampler? Sampler;
    }
}
