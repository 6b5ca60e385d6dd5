using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Interop;
using MLNetDeep.Persistence;
using MLNetDeep.Serialization;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Generation;

/// <summary>A trained variational autoencoder; see <see cref="VaeTrainer"/>.</summary>
public sealed class VaeTransformer : GeneratingTransformer, IScoresOnEngine
{
    private const string ReconstructionColumn = "Reconstruction", PredictedLabelColumn = "PredictedLabel", ScoreColumn = "Score";

    private const string EncoderText = "encoder", DecoderText = "decoder", SettingsText = "settings", HistoryText = "history", Kind = "AnomalyDetection";

    private readonly TrainedNetwork _decoder;

    internal VaeTransformer(TrainedNetwork encoder, TrainedNetwork decoder, TrainingColumns columns, float threshold, IEngine engine)
        : base(columns)
    {
        (Encoder, _decoder, Threshold) = (encoder, decoder, threshold);
        EncoderScorer = NetworkParts.CreateScorer(encoder, engine);
        Decoder = NetworkParts.CreateScorer(decoder, engine);
        int inputs = columns.Label is null ? 1 : 2, size = columns.Features.Size;
        RowIndex = encoder.Network.InputLayers.ToList().FindIndex(i => i.Name == VaeTrainer.RowInput);
        if (RowIndex < 0 || EncoderScorer.Inputs.Count > inputs || Decoder.Inputs.Count != inputs || EncoderScorer.Inputs[RowIndex].Shape.UnitSize != size || Decoder.Output.Shape.UnitSize != size
            || EncoderScorer.Output.Shape.UnitSize != LatentSize || columns.Counts.Length != (int)(columns.Label?.Count ?? 0) || float.IsNaN(threshold))
            throw new InvalidDataException("the networks and the columns do not fit together.");
        if (EncoderScorer.Inputs.Count > 1)
            CheckClasses(encoder, EncoderScorer.Inputs[1 - RowIndex]);
        if (Decoder.Inputs.Count > 1)
            CheckClasses(decoder, Decoder.Inputs[1]);
    }

    ITransformer IScoresOnEngine.On(IEngine engine) => WithThreshold(Threshold, engine);

    /// <summary>Gives a row the mean of its latent vectors.</summary>
    public TrainedNetwork Encoder { get; }

    /// <summary>What happened in training, by epoch: <c>loss</c>, and its parts <c>reconstruction_loss</c> and <c>kl_divergence</c> (before its weight); and <c>rmse</c>. Of validation rows, which are made of latent means, <c>val_loss</c> is the reconstruction's alone.</summary>
    public History History => Encoder.History;

    /// <summary>The score above which a row is an anomaly.</summary>
    public float Threshold { get; }

    internal override Scorer Decoder { get; }

    internal override TrainedNetwork Maker => _decoder;

    private Scorer EncoderScorer { get; }

    private int RowIndex { get; }

    internal VaeTransformer WithThreshold(float threshold, IEngine engine) => new(Encoder, _decoder, Columns, threshold, engine);

    internal static VaeTransformer Load(Stream stream) => NeuralNetworkFile.Guarded(() =>
    {
        TensorArchive archive = TensorArchive.Read(stream);
        using JsonDocument document = JsonDocument.Parse(archive.Text(SettingsText));
        History history = NeuralNetworkFile.ReadHistory(archive.Text(HistoryText));
        return new VaeTransformer(
            NetworkParts.Read(archive, EncoderText, history),
            NetworkParts.Read(archive, DecoderText, history),
            TrainingColumns.Read(document.RootElement),
            document.RootElement.GetProperty("threshold").GetSingle(),
            DefaultEngine.Instance);
    });

    private protected override void Save(ModelSaveContext ctx) => Internals.Save(ctx, VaeLoader.VersionInfo, stream =>
    {
        TensorArchive archive = new();
        archive.AddText(SettingsText, JsonText.Object(json =>
        {
            Columns.Write(json);
            json.WriteNumber("threshold", Threshold);
        }));
        archive.AddText(HistoryText, NeuralNetworkFile.Write(History));
        NetworkParts.Add(archive, EncoderText, Encoder);
        NetworkParts.Add(archive, DecoderText, _decoder);
        archive.Write(stream);
    });

    internal static IEnumerable<SchemaShape.Column> OutputShape() =>
    [
        Internals.Column(LatentName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, PredictionTask.AnnotationShapes()),
        Internals.Column(ReconstructionColumn, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, PredictionTask.AnnotationShapes()),
        Internals.Column(PredictedLabelColumn, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false, PredictionTask.AnnotationShapes()),
        Internals.Column(ScoreColumn, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false, PredictionTask.AnnotationShapes()),
    ];

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema)
    {
        return
        [
            new(LatentName, new VectorDataViewType(NumberDataViewType.Single, LatentSize), Annotations(LatentName)),
            new(ReconstructionColumn, Columns.Features.Type, Annotations(ReconstructionColumn)),
            new(PredictedLabelColumn, BooleanDataViewType.Instance, Annotations(PredictedLabelColumn)),
            new(ScoreColumn, NumberDataViewType.Single, Annotations(ScoreColumn)),
        ];

        DataViewSchema.Annotations Annotations(string value) => PredictionTask.Annotate(schema, Kind, value);
    }

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Judging(this, row, inputs);

    /// <summary>Looks at rows one by one.</summary>
    internal sealed class Judge(VaeTransformer model) : IDisposable
    {
        private readonly IExecutable _encode = model.EncoderScorer.Rent(), _decode = model.Decoder.Rent();

        /// <summary>The mean of the last row's latent vectors.</summary>
        public float[] Latent { get; } = new float[model.LatentSize];

        /// <summary>The last row as it was made of <see cref="Latent"/>, on the network's scale.</summary>
        public float[] Reconstruction { get; } = new float[model.Columns.Features.Size];

        /// <summary>The mean squared difference of a row, on the network's scale, and what is made of its latent vector.</summary>
        public float Look(ReadOnlySpan<float> row, int known)
        {
            Scorer encoder = model.EncoderScorer, decoder = model.Decoder;
            row.CopyTo(_encode.Feed<float>(encoder.Inputs[model.RowIndex], 1));
            if (encoder.Inputs.Count > 1)
                FeedClasses(_encode, encoder.Inputs[1 - model.RowIndex], [known]);
            _encode.Run(1);
            _encode.Fetch<float>(encoder.Output).CopyTo(Latent);
            Latent.CopyTo(_decode.Feed<float>(decoder.Inputs[0], 1));
            if (decoder.Inputs.Count > 1)
                FeedClasses(_decode, decoder.Inputs[1], [known]);
            _decode.Run(1);
            _decode.Fetch<float>(decoder.Output).CopyTo(Reconstruction);
            double sum = 0;
            for (int i = 0; i < row.Length; i++)
                sum += ((double)row[i] - Reconstruction[i]) * ((double)row[i] - Reconstruction[i]);
            return (float)(sum / row.Length);
        }

        public void Dispose()
        {
            model.EncoderScorer.Return(_encode);
            model.Decoder.Return(_decode);
        }
    }

    private sealed class Judging : Scoring
    {
        private readonly VaeTransformer _owner;
        private readonly Judge _judge;
        private float _score;

        public Judging(VaeTransformer owner, DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs)
            : base(owner, row, inputs)
        {
            _owner = owner;
            _judge = new(owner);
        }

        public override Delegate CreateGetter(string column) => column switch
        {
            PredictedLabelColumn => (ValueGetter<bool>)((ref bool value) =>
            {
                Prepare();
                value = _score > _owner.Threshold;
            }),
            ScoreColumn => (ValueGetter<float>)((ref float value) =>
            {
                Prepare();
                value = _score;
            }),
            _ => Vector(column == LatentName ? _judge.Latent : _judge.Reconstruction),
        };

        public override void Dispose() => _judge.Dispose();

        protected override void Compute()
        {
            int known = Read();
            if (known < 0)
            {
                _score = float.NaN;
                Array.Fill(_judge.Latent, float.NaN);
                Array.Fill(_judge.Reconstruction, float.NaN);
                return;
            }

            _score = _judge.Look(Values, known);
            _owner.Columns.Range.Stretch(_judge.Reconstruction);
        }
    }
}
