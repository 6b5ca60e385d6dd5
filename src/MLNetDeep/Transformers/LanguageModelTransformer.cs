using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Estimators;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Sequences;
using MLNetDeep.Serialization;
using MLNetDeep.Tasks;
using MLNetDeep.Training;

namespace MLNetDeep.Transformers;

/// <summary>A trained network that says how likely sequences are, and writes new ones; see <see cref="LanguageModelTrainer"/>. It can be used from any number of threads at once.</summary>
public sealed class LanguageModelTransformer : RowTransformer, IScoresOnEngine
{
    internal const string ScoreColumn = "Score", PerplexityColumn = "Perplexity";

    // Pieces of a sequence that are scored at once.
    private const int MostPieces = 16;

    private readonly Content _content;
    private readonly Scorer _scorer;

    internal LanguageModelTransformer(Content content, IEngine engine)
    {
        _content = content;
        _scorer = content.CreateScorer(engine);
    }

    /// <summary>The network and its weights.</summary>
    public TrainedNetwork Model => _content.Model;

    /// <summary>What happened in training: loss, accuracy and perplexity of single tokens by epoch.</summary>
    public History History => Model.History;

    internal Content File => _content;

    ITransformer IScoresOnEngine.On(IEngine engine) => new LanguageModelTransformer(_content, engine);

    /// <summary>The tokens that there are, as text; empty where the keys of the training rows had no names.</summary>
    public IReadOnlyList<string> Vocabulary => _content.Names?.Names ?? [];

    /// <summary>Writes on from a beginning.</summary>
    /// <param name="prompt">The first tokens, as they stood before they became keys; none for a new sequence. What is not in <see cref="Vocabulary"/> is an unknown token.</param>
    /// <param name="count">Most tokens to write; fewer if the network ends the sequence.</param>
    /// <param name="temperature">Probabilities are taken to the power of one over this, 0 to 1000: below 1 the likely become likelier; 0 always takes the likeliest. Default 1.</param>
    /// <param name="topK">Only so many of the likeliest tokens are drawn from, at least 1. Default null: all.</param>
    /// <param name="topP">
    /// Only the fewest of the likeliest tokens are drawn from that together have this share of the probability, which is that after <paramref name="temperature"/> and
    /// <paramref name="topK"/>; more than 0, at most 1 (Holtzman et al. 2020). Default null: all.
    /// </param>
    /// <param name="seed">The same seed writes the same. Default 0.</param>
    /// <returns>The tokens that follow the prompt.</returns>
    /// <exception cref="InvalidOperationException">The keys of the training rows had no names: use <see cref="GenerateKeys"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public IReadOnlyList<string> Generate(IEnumerable<string> prompt, int count, double temperature = 1, int? topK = null, double? topP = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        IReadOnlyList<string> names = _content.Names?.Names ?? throw new InvalidOperationException("The keys of the training rows had no names, so there are no tokens to write: use GenerateKeys.");
        IReadOnlyDictionary<string, uint> keys = _content.KeysByName;
        return [.. GenerateKeys(prompt.Select(p => keys.GetValueOrDefault(p)), count, temperature, topK, topP, seed).Select(k => names[(int)k - 1])];
    }

    /// <summary>As <see cref="Generate"/>, with keys instead of tokens.</summary>
    /// <param name="prompt">The first keys, from 1; 0 is an unknown token.</param>
    /// <param name="count">Most keys to write; fewer if the network ends the sequence.</param>
    /// <param name="temperature">As in <see cref="Generate"/>.</param>
    /// <param name="topK">As in <see cref="Generate"/>.</param>
    /// <param name="topP">As in <see cref="Generate"/>.</param>
    /// <param name="seed">The same seed writes the same. Default 0.</param>
    /// <returns>The keys that follow the prompt.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number or key is out of range.</exception>
    public IReadOnlyList<uint> GenerateKeys(IEnumerable<uint> prompt, int count, double temperature = 1, int? topK = null, double? topP = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        TokenSampler sampler = new(temperature, topK, topP, seed);
        (int steps, int classes) = (_content.Steps, _content.Keys + 1);
        List<int> ids = [LanguageModelRows.Start(_content.Keys)];
        foreach (uint key in prompt)
            ids.Add(key <= (uint)_content.Keys ? (int)key + 1 : throw new ArgumentOutOfRangeException(nameof(prompt), key, $"The model knows the keys 1 to {_content.Keys}."));
        List<uint> written = [];
        IExecutable executable = _scorer.Rent();
        while (written.Count < count)
        {
            // As much of what stands there as the network sees at once.
            int seen = Math.Min(ids.Count, steps);
            Span<int> input = executable.Feed<int>(_scorer.Inputs[0], 1);
            input.Clear();
            for (int i = 0; i < seen; i++)
                input[i] = ids[ids.Count - seen + i];
            executable.Run(1);
            int next = sampler.Draw(executable.Fetch<float>(_scorer.Output).Slice((seen - 1) * classes, classes));
            if (next == LanguageModelRows.End)
                break;
            written.Add((uint)next);
            ids.Add(next + 1);
        }

        _scorer.Return(executable);
        return written;
    }

    /// <summary>
    /// The perplexity of all rows together: e to minus the mean of the logarithms of the tokens' probabilities, the ends of sequences included and unknown tokens not.
    /// </summary>
    /// <param name="data">The rows, with the column that the model was trained on.</param>
    /// <returns>1 for a model that always knew; NaN if there are no rows.</returns>
    /// <exception cref="ArgumentException">The column is missing or of another type than in training.</exception>
    public double Perplexity(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<DataViewSchema.Column> inputs = Inputs(data.Schema);
        using DataViewRowCursor cursor = data.GetRowCursor(inputs);
        using Scoring scoring = new(this, cursor, inputs[0]);
        double sum = 0;
        long count = 0;
        while (cursor.MoveNext())
        {
            (double row, int tokens) = scoring.Score();
            sum += row;
            count += tokens;
        }

        return Math.Exp(-sum / count);
    }

    internal static LanguageModelTransformer Load(Stream stream) => new(Content.Read(stream), DefaultEngine.Instance);

    private protected override void Save(ModelSaveContext ctx) => Internals.Save(ctx, LanguageModelLoader.VersionInfo, _content.Write);

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema)
    {
        DataViewSchema.Column tokens = LanguageModelTrainer.FindTokens(schema, _content.Column);
        if (LanguageModelTrainer.Keys(tokens) is var keys && keys != _content.Keys)
            throw new ArgumentException($"The tokens column '{tokens.Name}' has {keys} keys, the model was trained on {_content.Keys}. Transform the rows by the same fitted estimators.");
        return [tokens];
    }

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema)
    {
        DataViewSchema.Annotations none = new DataViewSchema.Annotations.Builder().ToAnnotations();
        return [new(ScoreColumn, NumberDataViewType.Single, none), new(PerplexityColumn, NumberDataViewType.Single, none)];
    }

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Scoring(this, row, inputs[0]);

    /// <summary>What a model file keeps: the network (to train it further), the graph that scores (so that a model means the same in every later version), and the rest.</summary>
    internal sealed record Content(TrainedNetwork Model, string Column, int Steps, int Keys, KeyNames? Names, string GraphJson, string Input, string Output)
    {
        private const string NetworkText = "network", GraphText = "graph", SettingsText = "settings", HistoryText = "history";

        private readonly Lazy<IReadOnlyDictionary<string, uint>> _keysByName = new(() =>
        {
            Dictionary<string, uint> keys = new(StringComparer.Ordinal);
            foreach ((int index, string name) in (Names?.Names ?? []).Index())
                keys.TryAdd(name, (uint)index + 1);
            return keys;
        });

        public IReadOnlyDictionary<string, uint> KeysByName => _keysByName.Value;

        public static Content Of(TrainedNetwork model, string column, int steps, int keys, KeyNames? names)
        {
            Graph graph = new();
            MaskedTensor output = model.Network.Build(new BuildContext(graph));
            return new(model, column, steps, keys, names, Serialization.GraphJson.Write(graph), graph.Nodes.Single(n => n.Op.Name == "Placeholder").Name, output.Value.Node.Name);
        }

        /// <exception cref="InvalidDataException">The file is damaged, of a later version, or not such a file.</exception>
        public static Content Read(Stream stream) => NeuralNetworkFile.Guarded(() =>
        {
            TensorArchive archive = TensorArchive.Read(stream);
            using JsonDocument document = JsonDocument.Parse(archive.Text(SettingsText));
            JsonElement json = document.RootElement;
            Content content = new(
                NeuralNetworkFile.ReadModel(archive, archive.Text(NetworkText), archive.Text(HistoryText)),
                json.GetProperty("column").GetString() ?? "",
                json.GetProperty("steps").GetInt32(),
                json.GetProperty("keys").GetInt32(),
                json.TryGetProperty("names", out JsonElement names) ? KeyNames.Read(names) : null,
                archive.Text(GraphText),
                json.GetProperty("input").GetString() ?? "",
                json.GetProperty("output").GetString() ?? "");
            if (content.Column.Length == 0 || content.Steps is < 1 or > SequenceShape.MostTokens || content.Keys is < 1 or > LanguageModelTrainer.MostKeys)
                throw new InvalidDataException("a setting is out of range.");
            if (content.Names is { } given && given.Count != content.Keys)
                throw new InvalidDataException("the number of keys is wrong.");
            return content;
        });

        public void Write(Stream stream)
        {
            TensorArchive archive = new();
            archive.AddText(NetworkText, NetworkJson.Write(Model.Network));
            archive.AddText(GraphText, GraphJson);
            archive.AddText(SettingsText, JsonText.Object(json =>
            {
                json.WriteString("column", Column);
                json.WriteNumber("steps", Steps);
                json.WriteNumber("keys", Keys);
                if (Names is not null)
                {
                    json.WritePropertyName("names");
                    Names.Write(json);
                }

                json.WriteString("input", Input);
                json.WriteString("output", Output);
            }));
            archive.AddText(HistoryText, NeuralNetworkFile.Write(Model.History));
            foreach (Variable variable in Serialization.GraphJson.Read(GraphJson, keepInitializers: false).Variables)
                archive.AddTensor(variable.Name, variable.Shape.Dims, Model.Weights[variable.Name]);
            archive.Write(stream);
        }

        /// <exception cref="InvalidDataException">Graph, weights and settings do not fit together, or the graph asks for more memory than a network plausibly does.</exception>
        public Scorer CreateScorer(IEngine engine) => NeuralNetworkFile.Guarded(() =>
        {
            Graph graph = Serialization.GraphJson.Read(GraphJson, keepInitializers: false);
            NeuralNetworkFile.CheckSize(graph);
            Scorer scorer = new(engine, graph, [Input], Output, Model.Weights);
            if (scorer.Inputs[0].DType != DType.Int32 || !scorer.Inputs[0].Shape.Equals(Shape.Batched(Steps)) || scorer.Output.DType != DType.Float32 || !scorer.Output.Shape.Equals(Shape.Batched(Steps, Keys + 1)))
                throw new InvalidDataException($"the network's input {scorer.Inputs[0].Shape} or output {scorer.Output.Shape} does not fit {Steps} steps of {Keys} keys.");
            return scorer;
        });
    }

    private sealed class Scoring : RowComputation
    {
        private readonly LanguageModelTransformer _owner;
        private readonly TokenColumn.Reader _read;
        private readonly IExecutable _executable;
        private readonly int[] _pairs;
        private double _score;
        private int _count;

        public Scoring(LanguageModelTransformer owner, DataViewRow row, DataViewSchema.Column tokens)
            : base(row)
        {
            _owner = owner;
            _read = TokenColumn.Bind(row, tokens);
            _executable = owner._scorer.Rent();
            _pairs = new int[MostPieces * 2 * owner._content.Steps];
        }

        public override Delegate CreateGetter(string column) => column == ScoreColumn
            ? (ValueGetter<float>)((ref float value) =>
            {
                Prepare();
                value = (float)_score;
            })
            : (ValueGetter<float>)((ref float value) =>
            {
                Prepare();
                value = (float)Math.Exp(-_score / _count);
            });

        public override void Dispose() => _owner._scorer.Return(_executable);

        /// <summary>The logarithm of the present row's probability, and of how many tokens it is.</summary>
        public (double Sum, int Tokens) Score()
        {
            (int steps, int keys) = (_owner._content.Steps, _owner._content.Keys);
            (Tensor before, Tensor output) = (_owner._scorer.Inputs[0], _owner._scorer.Output);
            ReadOnlySpan<int> tokens = _read();
            int pieces = LanguageModelRows.Pieces(tokens.Length, steps), counted = 0;
            double sum = 0;
            for (int first = 0; first < pieces; first += MostPieces)
            {
                int rows = Math.Min(MostPieces, pieces - first);
                Span<int> input = _executable.Feed<int>(before, rows);
                for (int i = 0; i < rows; i++)
                    LanguageModelRows.Fill(tokens, first + i, keys, input.Slice(i * steps, steps), _pairs.AsSpan(i * 2 * steps, 2 * steps));
                _executable.Run(rows);
                ReadOnlySpan<float> probabilities = _executable.Fetch<float>(output);
                for (int step = 0; step < rows * steps; step++)
                {
                    if (_pairs[2 * step + 1] == 0)
                        continue;
                    sum += Math.Log(Math.Max(probabilities[step * (keys + 1) + _pairs[2 * step]], Training.Metrics.Perplexity.Least));
                    counted++;
                }
            }

            return (sum, counted);
        }

        protected override void Compute() => (_score, _count) = Score();
    }
}
