using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Serialization;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Training.Adversarial;
using MLNetDeep.Transformers;

namespace MLNetDeep.Generation;

/// <summary>A trained generator and discriminator; see <see cref="GanTrainer"/>.</summary>
public sealed class GanTransformer : RowTransformer, IScoresOnEngine
{
    internal const string ScoreColumn = "Score";

    /// <summary>The name of the latent vector in exported generators.</summary>
    internal const string LatentInput = "Latent";

    private const string GeneratorText = "generator", DiscriminatorText = "discriminator", SettingsText = "settings", HistoryText = "history";

    private readonly KeyDataViewType? _label;
    private readonly long[] _counts;
    private readonly ValueRange _range;

    internal GanTransformer(TrainedGenerator model, GanColumns columns, KeyDataViewType? label, KeyNames? names, long[] counts, ValueRange range, IEngine engine)
    {
        (Model, Columns, _label, Names, _counts, _range) = (model, columns, label, names, counts, range);
        Generator = CreateScorer(model.Generator, engine);
        Discriminator = CreateScorer(model.Discriminator, engine);
        int inputs = label is null ? 1 : 2;
        if (Generator.Inputs.Count != inputs || Discriminator.Inputs.Count != inputs || Generator.Output.Shape.UnitSize != columns.Features.Size
            || Discriminator.Inputs[0].Shape.UnitSize != columns.Features.Size || Discriminator.Output.Shape.UnitSize != 1 || counts.Length != (int)(label?.Count ?? 0))
            throw new InvalidDataException("the networks and the columns do not fit together.");
    }

    ITransformer IScoresOnEngine.On(IEngine engine) => new GanTransformer(Model, Columns, _label, Names, _counts, _range, engine);

    /// <summary>The networks with what they have learned.</summary>
    public TrainedGenerator Model { get; }

    /// <summary>What happened in training; see <see cref="TrainedGenerator"/>.</summary>
    public History History => Model.History;

    /// <summary>The names of the classes, in the order of their keys; empty without classes.</summary>
    public IReadOnlyList<string> ClassNames => _label is null ? [] : Names?.Names ?? [.. Enumerable.Range(1, (int)_label.Count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Length of a latent vector.</summary>
    public int LatentSize => Generator.Inputs[0].Shape.UnitSize;

    internal GanColumns Columns { get; }

    internal KeyNames? Names { get; }

    internal KeyDataViewType? Label => _label;

    internal ValueRange Range => _range;

    internal Scorer Generator { get; }

    internal Scorer Discriminator { get; }

    /// <summary>
    /// Makes rows: the training data's column of features and, with classes, of labels, of the same types. They are made while they are read, a few hundred at a time, so that any number needs
    /// little memory; reading them again gives the same rows.
    /// </summary>
    /// <param name="count">Number of rows; at least 1.</param>
    /// <param name="seed">Seed of latent vectors and classes.</param>
    /// <param name="condition">The class that all rows are to be of, by its name; null for classes as frequent as in training.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is 0 or negative.</exception>
    /// <exception cref="ArgumentException">There is no such class, or the model knows none.</exception>
    public IDataView Generate(long count, int seed = 0, string? condition = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new GeneratedView(this, count, seed, ClassShares(condition));
    }

    /// <summary>Rows on the way from one latent vector to another, made of the numbers between; with features as in the training data.</summary>
    /// <param name="paths">Number of pairs of latent vectors; at least 1.</param>
    /// <param name="steps">Rows from the first vector of a pair to the second, both included; at least 2.</param>
    /// <param name="seed">Seed of the vectors and classes.</param>
    /// <param name="condition">As for <see cref="Generate"/>; the rows of a path are of one class.</param>
    /// <returns>The rows path by path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    /// <exception cref="ArgumentException">There is no such class, or the model knows none.</exception>
    public IDataView Interpolate(int paths, int steps, int seed = 0, string? condition = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(paths, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        return new GeneratedView(this, (long)paths * steps, seed, ClassShares(condition), steps);
    }

    internal static GanTransformer Load(Stream stream) => NeuralNetworkFile.Guarded(() =>
    {
        TensorArchive archive = TensorArchive.Read(stream);
        using JsonDocument document = JsonDocument.Parse(archive.Text(SettingsText));
        JsonElement json = document.RootElement;
        FeatureColumn features = FeatureColumn.Read(json.GetProperty("features"));
        string? name = json.TryGetProperty("label", out JsonElement given) ? given.GetString() : null;
        long[] counts = [.. json.GetProperty("counts").EnumerateArray().Select(c => c.GetInt64())];
        if (features.Type is not VectorDataViewType || features.DType != DType.Float32 || counts.Any(c => c < 0) || (name is null) != (counts.Length == 0))
            throw new InvalidDataException("the columns are not such as are generated.");
        KeyDataViewType? label = name is null ? null : new(json.GetProperty("keyBytes").GetInt32() switch
        {
            1 => typeof(byte),
            2 => typeof(ushort),
            4 => typeof(uint),
            8 => typeof(ulong),
            var bytes => throw new InvalidDataException($"keys have {bytes} bytes."),
        }, (ulong)counts.Length);
        KeyNames? names = json.TryGetProperty("names", out JsonElement texts) ? KeyNames.Read(texts) : null;
        if (names is not null && names.Count != counts.Length)
            throw new InvalidDataException("the number of class names is wrong.");
        ValueRange range = new(json.GetProperty("minimum").GetSingle(), json.GetProperty("maximum").GetSingle());
        if (!range.IsUsable)
            throw new InvalidDataException("the range of values is empty.");
        History history = NeuralNetworkFile.ReadHistory(archive.Text(HistoryText));
        TrainedNetwork Network(string text) => new(
            NetworkJson.Read(archive.Text(text)),
            archive.TensorNames.Where(n => n.StartsWith(text + "/", StringComparison.Ordinal)).ToDictionary(n => n[(text.Length + 1)..], n => archive.Tensor(n), StringComparer.Ordinal),
            history);
        return new GanTransformer(new(Network(GeneratorText), Network(DiscriminatorText), history), new(features, name), label, names, counts, range, DefaultEngine.Instance);
    });

    private protected override void Save(ModelSaveContext ctx) => Internals.Save(ctx, GanLoader.VersionInfo, stream =>
    {
        TensorArchive archive = new();
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            json.WritePropertyName("features");
            Columns.Features.Write(json);
            if (_label is not null)
            {
                json.WriteString("label", Columns.Label);
                json.WriteNumber("keyBytes", _label.RawType == typeof(byte) ? 1 : _label.RawType == typeof(ushort) ? 2 : _label.RawType == typeof(uint) ? 4 : 8);
            }

            json.WriteStartArray("counts");
            foreach (long count in _counts)
                json.WriteNumberValue(count);
            json.WriteEndArray();
            if (Names is not null)
            {
                json.WritePropertyName("names");
                Names.Write(json);
            }

            json.WriteNumber("minimum", _range.Minimum);
            json.WriteNumber("maximum", _range.Maximum);
            json.WriteEndObject();
        }

        archive.AddText(SettingsText, System.Text.Encoding.UTF8.GetString(text.ToArray()));
        archive.AddText(HistoryText, NeuralNetworkFile.Write(History));
        foreach ((string name, TrainedNetwork network) in ((string, TrainedNetwork)[])[(GeneratorText, Model.Generator), (DiscriminatorText, Model.Discriminator)])
        {
            archive.AddText(name, NetworkJson.Write(network.Network));
            foreach ((string weight, float[] values) in network.Weights)
                archive.AddTensor($"{name}/{weight}", [values.Length], values);
        }

        archive.Write(stream);
    });

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema)
    {
        FeatureColumn features = Columns.Features.In(schema).OfSize(Columns.Features.Size);
        if (_label is null)
            return [schema[features.Name]];
        DataViewSchema.Column label = ColumnRef.Find(schema, Columns.Label!, "label");
        if (label.Type is not KeyDataViewType { Count: var classes } || classes != _label.Count)
            throw new ArgumentException($"The label column '{label.Name}' has type {label.Type}; the model was trained on a key of {_label.Count} classes.");
        return [schema[features.Name], label];
    }

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema) => [new(ScoreColumn, NumberDataViewType.Single, new DataViewSchema.Annotations.Builder().ToAnnotations())];

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Scoring(this, row, inputs);

    /// <summary>Feeds classes to a network as it takes them: ids or one-hot numbers.</summary>
    internal static void FeedClasses(IExecutable executable, Tensor input, ReadOnlySpan<int> classes)
    {
        if (!executable.Feeds.Contains(input))
            return;
        if (input.DType == DType.Int32)
        {
            classes.CopyTo(executable.Feed<int>(input, classes.Length));
            return;
        }

        Span<float> target = executable.Feed<float>(input, classes.Length);
        target.Clear();
        int size = input.Shape.UnitSize;
        for (int i = 0; i < classes.Length; i++)
            target[(i * size) + classes[i]] = 1;
    }

    private static Scorer CreateScorer(TrainedNetwork model, IEngine engine)
    {
        Graph graph = new();
        Network network = model.Network.WithLayerNames();
        Tensor output = network.Build(new BuildContext(graph)).Value;
        NeuralNetworkFile.CheckSize(graph);
        return new(engine, graph, [.. network.InputLayers.Select(i => $"{i.Name}/input")], output.Node.Name, model.Weights);
    }

    // What share of the rows are of each class; empty without classes.
    private double[] ClassShares(string? condition)
    {
        if (condition is not null)
        {
            int index = ClassNames.ToList().IndexOf(condition);
            if (index < 0)
            {
                throw new ArgumentException(_label is null
                    ? $"The rows are to be of class '{condition}', but the model was trained without a label column and knows no classes."
                    : $"There is no class '{condition}'; the model knows {string.Join(", ", ClassNames.Take(20).Select(n => $"'{n}'"))}{(ClassNames.Count > 20 ? ", ..." : "")}.", nameof(condition));
            }

            return [.. Enumerable.Range(0, ClassNames.Count).Select(i => i == index ? 1.0 : 0)];
        }

        double all = Math.Max(_counts.Sum(), 1);
        return [.. _counts.Select(c => c / all)];
    }

    private sealed class Scoring : RowComputation
    {
        private readonly GanTransformer _owner;
        private readonly Action<Span<float>> _features;
        private readonly Func<int>? _class;
        private readonly IExecutable _executable;
        private float _score;
        private bool _returned;

        public Scoring(GanTransformer owner, DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs)
            : base(row)
        {
            _owner = owner;
            _features = owner.Columns.Bind(row, inputs[0]);
            _class = inputs.Count > 1 ? GanColumns.BindClass(row, inputs[1]) : null;
            _executable = owner.Discriminator.Rent();
        }

        public override Delegate CreateGetter(string column) => (ValueGetter<float>)((ref float value) =>
        {
            Prepare();
            value = _score;
        });

        public override void Dispose()
        {
            if (_returned)
                return;
            _returned = true;
            _owner.Discriminator.Return(_executable);
        }

        protected override void Compute()
        {
            int known = _class?.Invoke() ?? 0;
            if (known < 0)
            {
                _score = float.NaN;
                return;
            }

            Scorer scorer = _owner.Discriminator;
            Span<float> values = _executable.Feed<float>(scorer.Inputs[0], 1);
            _features(values);
            _owner._range.Shrink(values);
            if (_class is not null)
                FeedClasses(_executable, scorer.Inputs[1], [known]);
            _executable.Run(1);
            _score = _executable.Fetch<float>(scorer.Output)[0];
        }
    }
}
