using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Interop;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Serialization;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Training.Adversarial;
using MLNetDeep.Transformers;

namespace MLNetDeep.Generation;

/// <summary>A trained generator and discriminator; see <see cref="GanTrainer"/>.</summary>
public sealed class GanTransformer : GeneratingTransformer, IScoresOnEngine
{
    internal const string ScoreColumn = "Score";

    private const string GeneratorText = "generator", DiscriminatorText = "discriminator", EncoderText = "encoder", SettingsText = "settings", HistoryText = "history";

    internal GanTransformer(TrainedGenerator model, TrainedNetwork? encoder, TrainingColumns columns, IEngine engine)
        : base(columns)
    {
        (Model, Encoder) = (model, encoder);
        Decoder = NetworkParts.CreateScorer(model.Generator, engine);
        Discriminator = NetworkParts.CreateScorer(model.Discriminator, engine);
        EncoderScorer = encoder is null ? null : NetworkParts.CreateScorer(encoder, engine);
        int inputs = columns.Label is null ? 1 : 2, size = columns.Features.Size;
        if (Decoder.Inputs.Count != inputs || Discriminator.Inputs.Count != inputs || Decoder.Output.Shape.UnitSize != size
            || Discriminator.Inputs[0].Shape.UnitSize != size || Discriminator.Output.Shape.UnitSize != 1 || columns.Counts.Length != (int)(columns.Label?.Count ?? 0)
            || (EncoderScorer is { } coder && (coder.Inputs.Count > inputs || coder.Inputs[0].Shape.UnitSize != size || coder.Output.Shape.UnitSize != LatentSize)))
            throw new InvalidDataException("the networks and the columns do not fit together.");
        foreach ((TrainedNetwork network, Scorer scorer) in ((TrainedNetwork, Scorer)[])[(model.Generator, Decoder), (model.Discriminator, Discriminator), .. EncoderScorer is null ? [] : ((TrainedNetwork, Scorer)[])[(encoder!, EncoderScorer)]])
        {
            if (scorer.Inputs.Count > 1)
                CheckClasses(network, scorer.Inputs[1]);
        }
    }

    ITransformer IScoresOnEngine.On(IEngine engine) => new GanTransformer(Model, Encoder, Columns, engine);

    /// <summary>The networks with what they have learned.</summary>
    public TrainedGenerator Model { get; }

    /// <summary>What gives a row its latent vector; null where none was trained (see <see cref="GanTrainer.Options.LatentEpochs"/>).</summary>
    public TrainedNetwork? Encoder { get; }

    /// <summary>What happened in training; see <see cref="TrainedGenerator"/>.</summary>
    public History History => Model.History;

    internal override Scorer Decoder { get; }

    internal override TrainedNetwork Maker => Model.Generator;

    internal Scorer Discriminator { get; }

    private Scorer? EncoderScorer { get; }

    internal static GanTransformer Load(Stream stream) => NeuralNetworkFile.Guarded(() =>
    {
        TensorArchive archive = TensorArchive.Read(stream);
        using JsonDocument document = JsonDocument.Parse(archive.Text(SettingsText));
        JsonElement json = document.RootElement;
        TrainingColumns columns = TrainingColumns.Read(json);
        History history = NeuralNetworkFile.ReadHistory(archive.Text(HistoryText));
        bool hasEncoder = json.TryGetProperty("encoder", out JsonElement encoder) && encoder.GetBoolean();
        return new GanTransformer(
            new(NetworkParts.Read(archive, GeneratorText, history), NetworkParts.Read(archive, DiscriminatorText, history), history),
            hasEncoder ? NetworkParts.Read(archive, EncoderText, history) : null,
            columns,
            DefaultEngine.Instance);
    });

    private protected override void Save(ModelSaveContext ctx) => Internals.Save(ctx, GanLoader.VersionInfo, stream =>
    {
        TensorArchive archive = new();
        archive.AddText(SettingsText, JsonText.Object(json =>
        {
            Columns.Write(json);
            json.WriteBoolean("encoder", Encoder is not null);
        }));
        archive.AddText(HistoryText, NeuralNetworkFile.Write(History));
        NetworkParts.Add(archive, GeneratorText, Model.Generator);
        NetworkParts.Add(archive, DiscriminatorText, Model.Discriminator);
        if (Encoder is not null)
            NetworkParts.Add(archive, EncoderText, Encoder);
        archive.Write(stream);
    });

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema)
    {
        DataViewSchema.Annotations none = new DataViewSchema.Annotations.Builder().ToAnnotations();
        OutputColumn score = new(ScoreColumn, NumberDataViewType.Single, none);
        return Encoder is null ? [score] : [score, new(LatentName, new VectorDataViewType(NumberDataViewType.Single, LatentSize), none)];
    }

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Judging(this, row, inputs);

    // Each network runs for a row only when its column is asked for.
    private sealed class Judging : Scoring
    {
        private readonly GanTransformer _owner;
        private readonly IExecutable _discriminate;
        private readonly IExecutable? _encode;
        private readonly float[] _latent;
        private int _known;
        private float _score;
        private bool _isScored, _isEncoded;

        public Judging(GanTransformer owner, DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs)
            : base(owner, row, inputs)
        {
            _owner = owner;
            _latent = new float[owner.LatentSize];
            _discriminate = owner.Discriminator.Rent();
            _encode = owner.EncoderScorer?.Rent();
        }

        public override Delegate CreateGetter(string column) => column == ScoreColumn
            ? (ValueGetter<float>)((ref float value) => value = Score())
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                Encode();
                Vectors.Set(ref value, _latent);
            });

        public override void Dispose()
        {
            _owner.Discriminator.Return(_discriminate);
            if (_encode is not null)
                _owner.EncoderScorer!.Return(_encode);
        }

        protected override void Compute()
        {
            _isScored = _isEncoded = false;
            _known = Read();
        }

        private float Score()
        {
            Prepare();
            if (!_isScored)
                _score = _known < 0 ? float.NaN : Run(_discriminate, _owner.Discriminator)[0];
            _isScored = true;
            return _score;
        }

        private void Encode()
        {
            Prepare();
            if (_isEncoded)
                return;
            if (_known < 0)
                Array.Fill(_latent, float.NaN);
            else
                Run(_encode!, _owner.EncoderScorer!).CopyTo(_latent);
            _isEncoded = true;
        }

        private ReadOnlySpan<float> Run(IExecutable executable, Scorer scorer)
        {
            Values.CopyTo(executable.Feed<float>(scorer.Inputs[0], 1));
            if (scorer.Inputs.Count > 1)
                FeedClasses(executable, scorer.Inputs[1], [_known]);
            executable.Run(1);
            return executable.Fetch<float>(scorer.Output);
        }
    }
}
