using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance;

/// <summary>
/// Changes how many rows of each class a trainer sees. <see cref="Around"/> puts it around any ML.NET trainer; rows are changed in <c>Fit</c> only, so that
/// <c>Transform</c>, <c>Evaluate</c> and <c>CrossValidate</c> see the rows as they are.
/// </summary>
/// <remarks>
/// All columns are carried. A row that is made up has its features from the sampler and all else (label, weight, ...) from the row that it was made from.
/// Rows that are added come at random places among the others. Samplers that measure distances want features of like scale: normalize them before.
/// Where fewer than a quarter of the features are other than zero they are kept, compared and made up as sparse vectors: memory and time then go by what is not zero
/// and by the number of rows, not by the length of the vectors.
/// </remarks>
public abstract class ImbalanceSampler
{
    private readonly IHost _host;
    private readonly SamplerOptions _options;
    private readonly int _seed;

    private protected ImbalanceSampler(IHostEnvironment env, SamplerOptions? options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(GetType().Name);
        _options = options;
        _seed = options.Seed ?? _host.Rand.Next();
    }

    /// <summary>An estimator that fits a trainer, or a chain of estimators, to resampled rows and gives the trainer's own transformer, which knows nothing of sampling.</summary>
    /// <typeparam name="TTransformer">What the trainer gives.</typeparam>
    /// <param name="trainer">The trainer: of ML.NET, of this library, or any other.</param>
    /// <example>
    /// <code>
    /// var pipeline = ml.Transforms.NormalizeMinMax("Features")
    ///     .Append(ml.Transforms.Imbalance.Smote().Around(ml.BinaryClassification.Trainers.LbfgsLogisticRegression()));
    /// </code>
    /// </example>
    public IEstimator<TTransformer> Around<TTransformer>(IEstimator<TTransformer> trainer)
        where TTransformer : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return new ResamplingEstimator<TTransformer>(this, trainer);
    }

    /// <summary>The rows that a trainer would see. Meant for looking at, and for trainers outside ML.NET: never evaluate on them.</summary>
    /// <param name="input">The training rows. They are read at once to decide, and again by each cursor over the result; both times must give the same rows in the same order.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, a class has too few rows, or the strategy does not fit the classes; the message says what to do.</exception>
    /// <exception cref="InvalidOperationException">A feature is missing or infinite; the row and slot are named.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IDataView Resample(IDataView input) => Resample(input, _seed);

    internal IDataView Resample(IDataView input, int seed)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Resampling");
        LabelledRows rows = LabelledRows.Read(input, _options.LabelColumnName, NeedsFeatures ? _options.FeatureColumnName : null, Name, _options.CancellationToken);
        if (rows.Missing > 0)
            channel.Warning(MessageSensitivity.None, $"{rows.Missing} rows without a label in column '{_options.LabelColumnName}' were left out.");
        SamplingTask task = new(rows, input, new Random(seed), line => channel.Warning(MessageSensitivity.None, line), _options.CancellationToken);
        Sample(task);
        ResampledView view = new(input, task, NeedsFeatures ? _options.FeatureColumnName : null);
        int[] after = view.CountClasses();
        channel.Info(MessageSensitivity.None, $"{Name}: {string.Join(", ", rows.ClassNames.Select((n, i) => $"'{n}' {rows.Counts[i]} to {after[i]}").Take(20))}.");
        return view;
    }

    internal void Check(SchemaShape schema)
    {
        LabelledRows.Check(schema, _options.LabelColumnName, NeedsFeatures ? _options.FeatureColumnName : null, Name);
    }

    internal string LabelColumnName => _options.LabelColumnName;

    // As people know the method, for messages.
    private protected abstract string Name { get; }

    // Whether the method looks at features. Where it does not, they may be anything.
    private protected virtual bool NeedsFeatures => true;

    private protected abstract void Sample(SamplingTask task);

    private protected static void Require(bool holds, string option, object value, string expected)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"{option} is {value}, expected {expected}."), option);
    }

    private sealed class ResamplingEstimator<TTransformer>(ImbalanceSampler sampler, IEstimator<TTransformer> trainer) : IEstimator<TTransformer>
        where TTransformer : class, ITransformer
    {
        public TTransformer Fit(IDataView input) => trainer.Fit(sampler.Resample(input));

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            ArgumentNullException.ThrowIfNull(inputSchema);
            sampler.Check(inputSchema);
            return trainer.GetOutputSchema(inputSchema);
        }
    }
}
