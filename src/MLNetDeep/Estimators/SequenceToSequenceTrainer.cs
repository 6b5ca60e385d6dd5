using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Interop;
using MLNetDeep.Losses;
using MLNetDeep.Rows;
using MLNetDeep.Sequences;
using MLNetDeep.Training;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Transformers;

namespace MLNetDeep.Estimators;

/// <summary>
/// Trains a network to write a sequence for each sequence it reads: translation, spelling to sound, questions to answers.
/// In training each token of the target is predicted from the true ones before it (teacher forcing); the model writes with a beam search from its own.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Source (in)</term><description>vector of keys or Int32 of unknown size; keys may be missing: unknown tokens</description></item>
/// <item><term>Target (in, training only)</term><description>vector of keys of unknown size; rows with missing keys are left out</description></item>
/// <item><term>PredictedLabel (out)</term><description>vector of keys of unknown size, as the target's</description></item>
/// <item><term>Score (out)</term><description>Single: the logarithm of the sequence's probability over its length penalty; nearer to 0 is surer</description></item>
/// </list>
/// </remarks>
public sealed class SequenceToSequenceTrainer : IEstimator<SequenceToSequenceTransformer>
{
    internal const int MostBeams = 256;

    private readonly IHost _host;
    private readonly Options _options;
    private readonly int _seed;

    internal SequenceToSequenceTrainer(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(nameof(SequenceToSequenceTrainer));
        _options = options;
        _seed = options.Seed ?? _host.Rand.Next();
        CheckDecoding(options.BeamWidth, options.LengthPenalty, options.MaximumOutputLength ?? 1);
        foreach ((string name, int value) in ((string, int)[])[(nameof(options.MaximumSourceLength), options.MaximumSourceLength), (nameof(options.MaximumTargetLength), options.MaximumTargetLength)])
        {
            if (value is < 1 or > SequenceShape.MostTokens)
                throw new ArgumentException($"{name} is {value}, expected 1 to {SequenceShape.MostTokens}.", nameof(options));
        }
    }

    /// <summary>Trains the network.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option is out of range, or there is nothing to learn from.</exception>
    /// <exception cref="InvalidOperationException">A source token id is out of range, or a source too long that is not to be truncated.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public SequenceToSequenceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        DataViewSchema.Column source = FindTokens(input.Schema, _options.SourceColumnName, "source"), target = FindTarget(input.Schema);
        DataViewType sourceItem = ((VectorDataViewType)source.Type).ItemType;
        int keys = (int)((KeyDataViewType)((VectorDataViewType)target.Type).ItemType).Count;
        int sourceIds = TokenColumn.Ids(sourceItem) ?? _options.SourceIds ?? throw new ArgumentException(
            $"The source column '{source.Name}' has type {source.Type}, which does not say how many ids there are: set SourceIds, or make keys with Conversion.MapValueToKey.");
        int sourceSteps = Length(input, source.Name, _options.MaximumSourceLength, channel, _options.SourceTruncation), targetSteps = Length(input, target.Name, _options.MaximumTargetLength, channel, SequenceTruncation.End) + 1;
        Seq2SeqSizes sizes = new(sourceIds, keys + TokenColumn.Reserved, keys + 1, sourceSteps, targetSteps);

        SequenceShape shape = new(sourceSteps, _options.SourceTruncation);
        Seq2SeqRows rows = new(input, source.Name, target.Name, shape, targetSteps, sourceIds);
        (long good, long bad) = rows.Count(_options.CancellationToken);
        if (good == 0)
            throw new ArgumentException(bad == 0 ? "There are no rows to train on: the data is empty." : $"There are no rows to train on: the target column '{target.Name}' has missing keys in all {bad} rows.");
        if (bad > 0)
            channel.Warning(MessageSensitivity.None, $"{bad} rows with missing keys in the target column '{target.Name}' were left out.");
        Seq2SeqRows? validation = null;
        if (_options.ValidationSet is { } set)
        {
            _ = FindTokens(set.Schema, source.Name, "validation set's source");
            if (!FindTarget(set.Schema).Type.Equals(target.Type))
                throw new ArgumentException($"The validation set's target column '{target.Name}' has another type than the training rows'. Transform the validation rows by the same fitted estimators.");
            validation = new(set, source.Name, target.Name, shape, targetSteps, sourceIds);
        }

        IEngine engine = DefaultEngine.Choose(_options.Engine, _host);
        TrainedNetwork model = new Trainer(_options.Network.Training(sizes), TrainerOptions(channel), engine).Train(rows, validation);
        SequenceToSequenceTransformer.Settings settings = new(
            _options.Network, sizes, source.Name, _options.OutputColumnName, _options.SourceTruncation, _options.BeamWidth, _options.LengthPenalty, _options.MaximumOutputLength ?? targetSteps);
        return new(settings, Seq2SeqGraph.Of(_options.Network, sizes), KeyNames.Of(target) is { } names && names.Count == keys ? names : null, model.Weights, model.History, engine);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column source = ColumnRef.Find(inputSchema, _options.SourceColumnName, "source"), target = ColumnRef.Find(inputSchema, _options.TargetColumnName, "target");
        if (source.Kind != SchemaShape.Column.VectorKind.VariableVector || !source.IsKey && source.ItemType != NumberDataViewType.Int32)
            throw WrongSource(source.Name, "source", source.ItemType.ToString()!);
        if (target.Kind != SchemaShape.Column.VectorKind.VariableVector || !target.IsKey)
            throw WrongTarget(target.Name, target.ItemType.ToString()!);
        return inputSchema.WithColumns(
            Internals.Column(_options.OutputColumnName, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.UInt32, true, target.Annotations.Where(NeuralNetworkTrainer.IsKept)),
            Internals.Column("Score", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false));
    }

    internal static void CheckDecoding(int beamWidth, double lengthPenalty, int maximum)
    {
        if (beamWidth is < 1 or > MostBeams)
            throw new ArgumentException($"BeamWidth is {beamWidth}, expected 1 to {MostBeams}.");
        if (!(lengthPenalty is >= 0 and <= 10))
            throw new ArgumentException($"LengthPenalty is {lengthPenalty}, expected 0 to 10.");
        if (maximum is < 1 or > SequenceShape.MostTokens)
            throw new ArgumentException($"MaximumOutputLength is {maximum}, expected 1 to {SequenceShape.MostTokens}.");
    }

    internal static DataViewSchema.Column FindTokens(DataViewSchema schema, string name, string role)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, name, role);
        return TokenColumn.Is(column.Type) ? column : throw WrongSource(name, role, column.Type.ToString()!);
    }

    private static ArgumentException WrongSource(string name, string role, string type) =>
        new($"The {role} column '{name}' has type {type}, expected a vector of keys or Int32 of unknown size. Make tokens with Text.TokenizeIntoWords or Text.TokenizeIntoCharactersAsKeys and keys of them with Conversion.MapValueToKey.");

    private static ArgumentException WrongTarget(string name, string type) =>
        new($"The target column '{name}' has type {type}, expected a vector of keys of unknown size. Make keys of tokens with Conversion.MapValueToKey.");

    private DataViewSchema.Column FindTarget(DataViewSchema schema)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, _options.TargetColumnName, "target");
        return TokenColumn.Is(column.Type) && ((VectorDataViewType)column.Type).ItemType is KeyDataViewType { Count: > 0 and < 1 << 20 } ? column : throw WrongTarget(column.Name, column.Type.ToString()!);
    }

    private int Length(IDataView input, string name, int maximum, IChannel channel, SequenceTruncation truncation)
    {
        (int longest, SortedDictionary<int, long> rows) = TokenColumn.Measure(input, name, _options.CancellationToken);
        if (longest > maximum && truncation != SequenceTruncation.None)
            channel.Warning(MessageSensitivity.None, $"{rows.Where(r => r.Key > maximum).Sum(r => r.Value)} of {rows.Values.Sum()} rows have more than {maximum} tokens in column '{name}' (the longest has {longest}): the rest is left out.");
        return Math.Clamp(longest, 1, maximum);
    }

    private TrainerOptions TrainerOptions(IChannel channel) => _options.ForTrainer(new StepCrossentropy { LabelSmoothing = _options.LabelSmoothing }, _host, channel, _seed) with
    {
        Metrics = [new StepAccuracy()],
        BatchSize = _options.BatchSize,
    };

    /// <summary>The trainer's options.</summary>
    public sealed class Options : SupervisedOptions
    {
        /// <summary>The network. Default <see cref="Networks.Seq2Seq"/>.</summary>
        public Seq2SeqNetwork Network = Networks.Seq2Seq();

        /// <summary>Name of the column to read. Default <c>Source</c>.</summary>
        public string SourceColumnName = "Source";

        /// <summary>Name of the column to learn to write. Default <c>Target</c>.</summary>
        public string TargetColumnName = "Target";

        /// <summary>Name of the column that is written. Default <c>PredictedLabel</c>.</summary>
        public string OutputColumnName = "PredictedLabel";

        /// <summary>Number of source ids where they are Int32, which do not say: 0 is padding. Default null: source tokens are keys.</summary>
        public int? SourceIds;

        /// <summary>Most tokens of a source; see <see cref="SourceTruncation"/>. Default 512.</summary>
        public int MaximumSourceLength = 512;

        /// <summary>What becomes of sources with more tokens than the longest in training or <see cref="MaximumSourceLength"/>, in training and in scoring. Default <see cref="SequenceTruncation.End"/>.</summary>
        public SequenceTruncation SourceTruncation = SequenceTruncation.End;

        /// <summary>Most tokens of a target in training. Of longer ones the beginning is learned, and not that it ends. Default 512.</summary>
        public int MaximumTargetLength = 512;

        /// <summary>Most tokens to write. Default null: one more than the longest target in training.</summary>
        public int? MaximumOutputLength;

        /// <summary>How many beginnings are kept while writing, 1 to 256; 1 is greedy. Default 4.</summary>
        public int BeamWidth = 4;

        /// <summary>
        /// How much long sequences are made up for being less likely than short ones, 0 to 10: the logarithm of a probability is divided by ((5 + length) / 6) to this power
        /// (Wu et al. 2016). Default 0.6.
        /// </summary>
        public double LengthPenalty = 0.6;

        /// <summary>The share of the truth that is spread evenly over all tokens; 0 to 1. Default 0.</summary>
        public float LabelSmoothing;

        /// <summary>Rows in a training step. Default 64.</summary>
        public int BatchSize = 64;
    }
}
