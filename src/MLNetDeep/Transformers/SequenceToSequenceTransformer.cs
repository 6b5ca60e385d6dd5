using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Estimators;
using MLNetDeep.Interop;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Sequences;
using MLNetDeep.Serialization;
using MLNetDeep.Tasks;
using MLNetDeep.Training;

namespace MLNetDeep.Transformers;

/// <summary>A trained network that writes a sequence for each sequence it reads; see <see cref="SequenceToSequenceTrainer"/>.</summary>
public sealed class SequenceToSequenceTransformer : RowTransformer, IScoresOnEngine
{
    private const string SettingsText = "settings", GraphText = "graph", HistoryText = "history";

    // More ids, steps or units are taken for a damaged file.
    private const int MostOfAnything = 1 << 22;

    private readonly Settings _settings;
    private readonly Seq2SeqGraph _graph;
    private readonly KeyNames? _names;
    private readonly IReadOnlyDictionary<string, float[]> _weights;
    private readonly IEngine _engine;
    private readonly Seq2SeqModel _model;

    internal SequenceToSequenceTransformer(Settings settings, Seq2SeqGraph graph, KeyNames? names, IReadOnlyDictionary<string, float[]> weights, History history, IEngine engine)
    {
        _settings = settings;
        _graph = graph;
        _names = names;
        _weights = weights;
        _engine = engine;
        History = history;
        _model = new(engine, graph, settings.Sizes, settings.Network.Units, weights);
    }

    ITransformer IScoresOnEngine.On(IEngine engine) => new SequenceToSequenceTransformer(_settings, _graph, _names, _weights, History, engine);

    /// <summary>What happened in training: loss and accuracy of single tokens by epoch.</summary>
    public History History { get; }

    /// <summary>The network.</summary>
    public Seq2SeqNetwork Network => _settings.Network;

    /// <summary>How many beginnings are kept while writing; 1 is greedy.</summary>
    public int BeamWidth => _settings.BeamWidth;

    /// <summary>The same network, to write in another way.</summary>
    /// <param name="beamWidth">How many beginnings are kept while writing, 1 to 256; 1 is greedy.</param>
    /// <param name="lengthPenalty">As <see cref="SequenceToSequenceTrainer.Options.LengthPenalty"/>; null for as it is.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public SequenceToSequenceTransformer WithDecoding(int beamWidth, double? lengthPenalty = null)
    {
        SequenceToSequenceTrainer.CheckDecoding(beamWidth, lengthPenalty ?? _settings.LengthPenalty, _settings.MaximumOutputLength);
        return new(_settings with { BeamWidth = beamWidth, LengthPenalty = lengthPenalty ?? _settings.LengthPenalty }, _graph, _names, _weights, History, _engine);
    }

    internal static SequenceToSequenceTransformer Load(Stream stream) => NeuralNetworkFile.Guarded(() =>
    {
        TensorArchive archive = TensorArchive.Read(stream);
        using JsonDocument document = JsonDocument.Parse(archive.Text(SettingsText));
        JsonElement json = document.RootElement;
        Settings settings = json.GetProperty("model").Deserialize<Settings>() ?? throw new InvalidDataException("the settings are missing.");
        settings.Check(MostOfAnything);
        KeyNames? names = json.TryGetProperty("names", out JsonElement given) ? KeyNames.Read(given) : null;
        if (names is not null && names.Count != settings.Sizes.Classes - 1)
            throw new InvalidDataException("the number of target keys is wrong.");
        return new SequenceToSequenceTransformer(
            settings,
            json.GetProperty("places").Deserialize<Seq2SeqGraph>() is { } places ? places with { Json = archive.Text(GraphText) } : throw new InvalidDataException("the places are missing."),
            names,
            NeuralNetworkFile.ReadWeights(archive),
            NeuralNetworkFile.ReadHistory(archive.Text(HistoryText)),
            DefaultEngine.Instance);
    });

    private protected override void Save(ModelSaveContext ctx) => Internals.Save(ctx, SequenceToSequenceLoader.VersionInfo, stream =>
    {
        TensorArchive archive = new();
        archive.AddText(SettingsText, JsonText.Object(json =>
        {
            json.WritePropertyName("model");
            JsonSerializer.Serialize(json, _settings);
            json.WritePropertyName("places");
            JsonSerializer.Serialize(json, _graph with { Json = "" });
            if (_names is not null)
            {
                json.WritePropertyName("names");
                _names.Write(json);
            }
        }));
        archive.AddText(GraphText, _graph.Json);
        archive.AddText(HistoryText, NeuralNetworkFile.Write(History));
        foreach ((string name, float[] values) in _weights)
            archive.AddTensor(name, [values.Length], values);
        archive.Write(stream);
    });

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema)
    {
        DataViewSchema.Column source = SequenceToSequenceTrainer.FindTokens(schema, _settings.SourceColumn, "source");
        if (TokenColumn.Ids(((VectorDataViewType)source.Type).ItemType) is { } ids && ids > _settings.Sizes.SourceIds)
            throw new ArgumentException($"The source column '{source.Name}' has {ids - TokenColumn.Reserved} keys, the model was trained on {_settings.Sizes.SourceIds - TokenColumn.Reserved}.");
        return [source];
    }

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema)
    {
        DataViewSchema.Annotations.Builder annotations = new();
        _names?.AddTo(annotations, "KeyValues");
        return
        [
            new(_settings.OutputColumn, new VectorDataViewType(new KeyDataViewType(typeof(uint), _settings.Sizes.Classes - 1)), annotations.ToAnnotations()),
            new("Score", NumberDataViewType.Single, new DataViewSchema.Annotations.Builder().ToAnnotations()),
        ];
    }

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Writing(this, row, inputs[0]);

    /// <summary>All but weights.</summary>
    internal sealed record Settings(
        Seq2SeqNetwork Network,
        Seq2SeqSizes Sizes,
        string SourceColumn,
        string OutputColumn,
        SequenceTruncation Truncation,
        int BeamWidth,
        double LengthPenalty,
        int MaximumOutputLength)
    {
        /// <exception cref="InvalidDataException">A value is out of range.</exception>
        public void Check(int most)
        {
            if (Network is null || Sizes is null)
                throw new InvalidDataException("the network or its sizes are missing.");
            int[] all = [Sizes.SourceIds, Sizes.TargetIds, Sizes.Classes - 1, Sizes.SourceSteps, Sizes.TargetSteps, Network.Embedding, Network.Units, Network.EncoderLayers, MaximumOutputLength];
            if (all.Any(a => a < 1 || a > most) || (long)Sizes.SourceSteps * Network.Units > 1 << 26 || Network.EncoderLayers > 1000 || BeamWidth is < 1 or > SequenceToSequenceTrainer.MostBeams || !(LengthPenalty is >= 0 and <= 10) || MaximumOutputLength > SequenceShape.MostTokens || !Enum.IsDefined(Truncation) || SourceColumn is null || OutputColumn is null)
                throw new InvalidDataException("a setting is out of range.");
        }
    }

    private sealed class Writing : RowComputation
    {
        private readonly SequenceToSequenceTransformer _owner;
        private readonly DataViewRow _row;
        private readonly TokenColumn.Reader _read;
        private readonly BeamSearch _search;
        private readonly int[] _source;
        private BeamSearch.Written _best;

        public Writing(SequenceToSequenceTransformer owner, DataViewRow row, DataViewSchema.Column source)
            : base(row)
        {
            _owner = owner;
            _row = row;
            _read = TokenColumn.Bind(row, source);
            _source = new int[owner._settings.Sizes.SourceSteps];
            _search = new(owner._model, owner._settings.BeamWidth, owner._settings.MaximumOutputLength, owner._settings.LengthPenalty);
        }

        public override Delegate CreateGetter(string column) => column == "Score" && _owner._settings.OutputColumn != "Score"
            ? (ValueGetter<float>)((ref float value) =>
            {
                Prepare();
                value = (float)_best.Score;
            })
            : (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> target) =>
            {
                Prepare();
                VBufferEditor<uint> editor = VBufferEditor.Create(ref target, _best.Keys.Count);
                for (int i = 0; i < _best.Keys.Count; i++)
                    editor.Values[i] = (uint)_best.Keys[i];
                target = editor.Commit();
            });

        public override void Dispose() => _search.Dispose();

        protected override void Compute()
        {
            Settings settings = _owner._settings;
            new SequenceShape(settings.Sizes.SourceSteps, settings.Truncation).Fill(_read(), _source, settings.SourceColumn, _row.Position);
            if (_source.AsSpan().IndexOfAnyExceptInRange(0, settings.Sizes.SourceIds - 1) is var slot and >= 0)
                throw TokenColumn.OutOfRange(settings.SourceColumn, slot, _source[slot], _row.Position, settings.Sizes.SourceIds);
            _best = _search.Run(_source)[0];
        }
    }
}
