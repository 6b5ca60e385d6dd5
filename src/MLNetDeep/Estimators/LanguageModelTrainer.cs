using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Rows;
using MLNetDeep.Sequences;
using MLNetDeep.Training;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Transformers;

namespace MLNetDeep.Estimators;

/// <summary>
/// Trains a network to say at each token of a sequence which comes next: words, characters or any other keys. The model says how likely sequences are, and writes
/// new ones: <see cref="LanguageModelTransformer.Generate"/>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Tokens (in)</term><description>vector of keys of unknown size; keys may be missing: unknown tokens, which are seen but never written</description></item>
/// <item><term>Score (out)</term><description>Single: the logarithm of the sequence's probability, its end included and its unknown tokens not</description></item>
/// <item><term>Perplexity (out)</term><description>Single: e to minus the mean of that by token</description></item>
/// </list>
/// Each sequence begins with a start and ends with an end of its own. One that is longer than <see cref="Options.SequenceLength"/> is learned and scored in pieces,
/// each of which begins with the last token of the piece before and sees nothing else of it.
/// </remarks>
public sealed class LanguageModelTrainer : IEstimator<LanguageModelTransformer>
{
    internal const int MostKeys = 1 << 20;

    private readonly IHost _host;
    private readonly Options _options;
    private readonly Network _network;
    private readonly int _seed;

    internal LanguageModelTrainer(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(nameof(LanguageModelTrainer));
        _options = options;
        _network = options.Network ?? throw new ArgumentException("Options.Network is not set: give the trainer a network, for instance Networks.LanguageModel().", nameof(options));
        _seed = options.Seed ?? _host.Rand.Next();
        if (options.SequenceLength is < 1 or > SequenceShape.MostTokens)
            throw new ArgumentException($"SequenceLength is {options.SequenceLength}, expected 1 to {SequenceShape.MostTokens}.", nameof(options));
        if (_network.InputLayers.Count != 1)
            throw new ArgumentException($"The network has {_network.InputLayers.Count} inputs, but a language model has one: tokens.", nameof(options));
    }

    /// <summary>Trains the network.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentException">The column is missing or of the wrong type, the network does not fit it or looks ahead, an option is out of range, or there is nothing to learn from.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The checkpoint folder cannot be written.</exception>
    public LanguageModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        DataViewSchema.Column tokens = FindTokens(input.Schema, _options.TokensColumnName);
        int keys = Keys(tokens);
        (int longest, SortedDictionary<int, long> lengths) = TokenColumn.Measure(input, tokens.Name, _options.CancellationToken);
        if (lengths.Count == 0)
            throw new ArgumentException("There are no rows to train on: the data is empty.");
        if (longest == 0)
            throw new ArgumentException($"There is nothing to learn: all {lengths.Values.Sum()} rows of column '{tokens.Name}' are empty.");
        int steps = Math.Min(longest + 1, _options.SequenceLength);
        LanguageModelRows rows = new(input, tokens.Name, steps, keys);
        LanguageModelRows? validation = null;
        if (_options.ValidationSet is { } set)
        {
            if (!FindTokens(set.Schema, tokens.Name).Type.Equals(tokens.Type))
                throw new ArgumentException($"The validation set's column '{tokens.Name}' has another type than the training rows'. Transform the validation rows by the same fitted estimators.");
            validation = new(set, tokens.Name, steps, keys);
        }

        IEngine engine = DefaultEngine.Choose(_options.Engine, _host);
        Network network = Fitted(steps, keys);
        CheckLooksBack(network, engine, steps, keys);
        TrainedNetwork model = new Trainer(network, TrainerOptions(channel), engine).Train(rows, validation);
        return new(LanguageModelTransformer.Content.Of(model, tokens.Name, steps, keys, KeyNames.Of(tokens) is { } names && names.Count == keys ? names : null), engine);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column tokens = ColumnRef.Find(inputSchema, _options.TokensColumnName, "tokens");
        if (tokens.Kind != SchemaShape.Column.VectorKind.VariableVector || !tokens.IsKey)
            throw WrongType(tokens.Name, tokens.ItemType.ToString()!);
        return inputSchema.WithColumns(
            Internals.Column(LanguageModelTransformer.ScoreColumn, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false),
            Internals.Column(LanguageModelTransformer.PerplexityColumn, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false));
    }

    internal static DataViewSchema.Column FindTokens(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, name, "tokens");
        return TokenColumn.Is(column.Type) && ((VectorDataViewType)column.Type).ItemType is KeyDataViewType { Count: > 0 and <= MostKeys } ? column : throw WrongType(name, column.Type.ToString()!);
    }

    internal static int Keys(DataViewSchema.Column tokens) => (int)((KeyDataViewType)((VectorDataViewType)tokens.Type).ItemType).Count;

    private static ArgumentException WrongType(string name, string type) =>
        new($"The tokens column '{name}' has type {type}, expected a vector of keys of unknown size. Make tokens with Text.TokenizeIntoWords or Text.TokenizeIntoCharactersAsKeys and keys of them with Conversion.MapValueToKey.");

    // The network for this data, nothing left open.
    private Network Fitted(int steps, int keys)
    {
        int ids = LanguageModelRows.Ids(keys);
        Network network;
        try
        {
            network = _network.WithInputShapes([steps]).WithTokenCounts(ids).WithOutputUnits(keys + 1, new Softmax());
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The network cannot take the tokens column '{_options.TokensColumnName}': {e.Message}", e);
        }

        if (network.TokenCounts[0] is { } known && known < ids)
            throw new ArgumentException($"The tokens column '{_options.TokensColumnName}' has {keys} keys, which with padding, unknown tokens and the start are {ids} ids, but the network's embedding knows {known} ids: leave its number to the data (null).");
        Shape wanted = Shape.Batched(steps, keys + 1);
        if (network.Build(new BuildContext(new Graph())).Value.Shape is var shape && !shape.Equals(wanted))
            throw new ArgumentException($"The network's output has shape {shape}, but one of {keys} tokens or the end comes after each of {steps} steps: expected {wanted}. Let recurrent layers return sequences, and end the network with TaskOutput().");
        return network;
    }

    // A network that sees what it is to say learns nothing but to copy: what it gives at a step must not change with the tokens after it.
    private void CheckLooksBack(Network network, IEngine engine, int steps, int keys)
    {
        if (steps == 1)
            return;
        Graph graph = new();
        Tensor output = network.Build(new BuildContext(graph)).Value, input = graph.Nodes.Single(n => n.Op.Name == "Placeholder").Outputs[0];
        IExecutable executable = engine.CreateSession(graph, _seed).Compile([output]);
        Random random = new(_seed);
        int changed = steps / 2, classes = keys + 1;
        int[] first = [.. Enumerable.Range(0, steps).Select(_ => random.Next(TokenColumn.Unknown, LanguageModelRows.Ids(keys)))];
        int[] other = [.. first.Select((id, i) => i < changed ? id : id == TokenColumn.Unknown ? id + 1 : id - 1)];
        float[] before = Run(first), after = Run(other);
        for (int i = 0; i < changed * classes; i++)
        {
            if (Math.Abs(before[i] - after[i]) > 1e-5f * before[i])
                throw new ArgumentException("The network looks ahead: what it gives at a token depends on the tokens after it, which it is to say. Use layers that look back only: recurrent ones in one direction, Conv1D with causal padding, TransformerEncoder with UseCausalMask.");
        }

        float[] Run(int[] ids)
        {
            ids.CopyTo(executable.Feed<int>(input, 1));
            executable.Run(1);
            return executable.Fetch<float>(output).ToArray();
        }
    }

    private TrainerOptions TrainerOptions(IChannel channel) => _options.ForTrainer(new StepCrossentropy { LabelSmoothing = _options.LabelSmoothing }, _host, channel, _seed) with
    {
        Metrics = [new StepAccuracy(), new Perplexity()],
        BatchSize = _options.BatchSize,
    };

    /// <summary>The trainer's options.</summary>
    public sealed class Options : SupervisedOptions
    {
        /// <summary>The network: tokens (batch, steps) to probabilities (batch, steps, classes), looking back only. Default <see cref="Networks.LanguageModel"/>.</summary>
        public Network Network = Networks.LanguageModel();

        /// <summary>Name of the column to learn to write. Default <c>Tokens</c>.</summary>
        public string TokensColumnName = "Tokens";

        /// <summary>Most tokens that the network sees at once, the start included: how far it looks back. Default 128.</summary>
        public int SequenceLength = 128;

        /// <summary>The share of the truth that is spread evenly over all tokens; 0 to 1. Default 0.</summary>
        public float LabelSmoothing;

        /// <summary>Sequences, or pieces of longer ones, in a training step. Default 32.</summary>
        public int BatchSize = 32;
    }
}
