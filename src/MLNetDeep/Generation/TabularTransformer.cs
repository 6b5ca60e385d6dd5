using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Generation.Tabular;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Persistence;
using MLNetDeep.Serialization;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Generation;

/// <summary>A trained model that makes rows of a table; see <see cref="TabularGanTrainer"/> and <see cref="TabularVaeTrainer"/>.</summary>
public sealed class TabularTransformer : RowTransformer, IScoresOnEngine
{
    internal const string ScoreColumn = "Score", LatentColumn = "Latent";

    private const string GeneratorText = "generator", JudgeText = "judge", SettingsText = "settings", HistoryText = "history";

    private readonly TabularKind _kind;
    private readonly int _pack;
    private readonly float[] _deviations;
    private readonly Lazy<Companions> _companions;

    internal TabularTransformer(TabularKind kind, TableEncoding encoding, TrainedNetwork generator, TrainedNetwork judge, int pack, float[] deviations, IEngine engine)
    {
        (_kind, Encoding, GeneratorNetwork, JudgeNetwork, _pack, _deviations) = (kind, encoding, generator, judge, pack, deviations);
        Generator = NetworkParts.CreateScorer(generator, engine);
        Judge = NetworkParts.CreateScorer(judge, engine);
        _companions = new(() => new Companions(this));

        // What the networks take and give must be what the table is encoded as.
        int conditions = encoding.Conditions;
        bool fits = Generator.Inputs.Count == (conditions > 0 ? 2 : 1) && (conditions == 0 || Size(Generator.Inputs[1]) == conditions) && Size(Generator.Output) == encoding.Width
            && deviations.Length == (kind == TabularKind.Vae ? encoding.Numbers : 0) && deviations.All(d => d > 0 && float.IsFinite(d))
            && (kind == TabularKind.Gan
                ? pack >= 1 && Judge.Inputs.Count == (conditions > 0 ? 2 : 1) && Size(Judge.Inputs[0]) == (long)pack * encoding.Width && (conditions == 0 || Size(Judge.Inputs[1]) == (long)pack * conditions) && Size(Judge.Output) == 1
                : Judge.Inputs.Count == 1 && Size(Judge.Inputs[0]) == encoding.Width && Size(Judge.Output) == LatentSize);
        if (!fits || Generator.Inputs.Concat(Judge.Inputs).Any(i => i.DType != DType.Float32))
            throw new InvalidDataException("the networks and the table do not fit together.");

        static long Size(Tensor tensor) => tensor.Shape.BatchAxis == 0 && tensor.Shape[0] == -1 ? tensor.Shape.UnitSize : -1;
    }

    ITransformer IScoresOnEngine.On(IEngine engine) => new TabularTransformer(_kind, Encoding, GeneratorNetwork, JudgeNetwork, _pack, _deviations, engine);

    /// <summary>What happened in training, by epoch: <c>loss</c>; of a GAN, whose that is the discriminator's, <c>generator_loss</c>, <c>gradient_penalty</c>, <c>condition_loss</c> (how far rows are from what they were asked to be),
    /// <c>real_score</c> and <c>fake_score</c>; of an autoencoder the loss's parts, <c>reconstruction_loss</c> and <c>kl_divergence</c> (before its weight); of both <c>column_shapes</c>, how alike the columns of a
    /// few generated rows are to the training rows', and <c>diversity</c>.</summary>
    public History History => GeneratorNetwork.History;

    /// <summary>The names of the table's columns.</summary>
    public IReadOnlyList<string> ColumnNames => [.. Encoding.Columns.Select(c => c.Name)];

    /// <summary>Length of a latent vector.</summary>
    public int LatentSize => Generator.Inputs[0].Shape.UnitSize;

    /// <summary>The network that makes rows (as numbers) of latent vectors and conditions, with what it has learned.</summary>
    public TrainedNetwork GeneratorNetwork { get; }

    /// <summary>The network beside it: the discriminator of packs of rows, or the encoder, which gives a row's mean latent vector.</summary>
    public TrainedNetwork JudgeNetwork { get; }

    internal TableEncoding Encoding { get; }

    internal Scorer Generator { get; }

    internal Scorer Judge { get; }

    /// <summary>
    /// Makes rows with the training data's columns: types, key values and slot names, categories, ranges and decimals as there. They are made while they are read, a few hundred at a time, so
    /// that any number needs little memory; reading them again gives the same rows.
    /// </summary>
    /// <param name="count">Number of rows; at least 1.</param>
    /// <param name="seed">Seed of all that is drawn.</param>
    /// <param name="condition">
    /// What all rows are to be, such as <c>("Status", "bad")</c>; null for rows as in training. A row that comes out otherwise is made again, up to 50 times; after that the column is given the value.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The count is 0 or negative.</exception>
    /// <exception cref="ArgumentException">There is no such column of categories, or no such category; the message lists those there are.</exception>
    public IDataView Generate(long count, int seed = 0, TableCondition? condition = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new GeneratedTable(this, count, seed, condition is null ? null : Encoding.Find(condition));
    }

    internal TableMaker CreateMaker(IExecutable executable) => new(Encoding, executable, Generator.Inputs, Generator.Output, _deviations);

    internal static TabularTransformer Load(Stream stream) => NeuralNetworkFile.Guarded(() =>
    {
        TensorArchive archive = TensorArchive.Read(stream);
        using JsonDocument document = JsonDocument.Parse(archive.Text(SettingsText));
        JsonElement json = document.RootElement;
        TabularKind kind = json.GetProperty("kind").GetString() switch
        {
            "gan" => TabularKind.Gan,
            "vae" => TabularKind.Vae,
            var other => throw new InvalidDataException($"the model is of the unknown kind '{other}'."),
        };
        float[] deviations = [.. json.GetProperty("deviations").EnumerateArray().Select(d => d.GetSingle())];
        TableEncoding encoding = TableEncoding.Read(json.GetProperty("table"));
        History history = NeuralNetworkFile.ReadHistory(archive.Text(HistoryText));
        return new TabularTransformer(
            kind, encoding, NetworkParts.Read(archive, GeneratorText, history), NetworkParts.Read(archive, JudgeText, history), json.GetProperty("pack").GetInt32(), deviations, DefaultEngine.Instance);
    });

    private protected override void Save(ModelSaveContext ctx) => Internals.Save(ctx, TabularLoader.VersionInfo, stream =>
    {
        TensorArchive archive = new();
        archive.AddText(SettingsText, JsonText.Object(json =>
        {
            json.WriteString("kind", _kind == TabularKind.Gan ? "gan" : "vae");
            json.WriteNumber("pack", _pack);
            json.WriteStartArray("deviations");
            foreach (float deviation in _deviations)
                json.WriteNumberValue(deviation);
            json.WriteEndArray();
            json.WriteStartObject("table");
            Encoding.Write(json);
            json.WriteEndObject();
        }));
        archive.AddText(HistoryText, NeuralNetworkFile.Write(History));
        NetworkParts.Add(archive, GeneratorText, GeneratorNetwork);
        NetworkParts.Add(archive, JudgeText, JudgeNetwork);
        archive.Write(stream);
    });

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema) => [.. Encoding.Columns.Select(c => c.In(schema))];

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema)
    {
        OutputColumn score = new(ScoreColumn, NumberDataViewType.Single, new DataViewSchema.Annotations.Builder().ToAnnotations());
        return _kind == TabularKind.Gan ? [score] : [score, new(LatentColumn, new VectorDataViewType(NumberDataViewType.Single, LatentSize), new DataViewSchema.Annotations.Builder().ToAnnotations())];
    }

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => _kind == TabularKind.Gan ? new Judging(this, row) : new Reconstruction(this, row);

    // Generated rows that fill a pack beside the row that is scored, as encoded rows and conditions.
    private sealed class Companions
    {
        public Companions(TabularTransformer owner)
        {
            (TableEncoding encoding, int count) = (owner.Encoding, owner._pack - 1);
            Rows = new float[count * encoding.Width];
            Conditions = new int[count];
            if (count == 0)
                return;
            int fields = encoding.Fields.Length;
            int[] choices = new int[count * fields];
            float[] numbers = new float[count * fields];
            IExecutable executable = owner.Generator.Rent();
            owner.CreateMaker(executable).Make([.. Enumerable.Range(0, count).Select(i => (long)i)], 0, 0, null, choices, numbers, Conditions);
            owner.Generator.Return(executable);
            for (int i = 0; i < count; i++)
                encoding.Expand(choices.AsSpan(i * fields, fields), numbers.AsSpan(i * fields, fields), Rows.AsSpan(i * encoding.Width, encoding.Width));
        }

        public float[] Rows { get; }

        public int[] Conditions { get; }
    }

    // Reads and encodes a row.
    private abstract class Scoring : RowComputation
    {
        private readonly TableReader _reader;
        private readonly double[] _cells;
        private readonly float[] _numbers;

        protected Scoring(TabularTransformer owner, DataViewRow row)
            : base(row)
        {
            Owner = owner;
            _reader = new(row, owner.Encoding.Columns);
            _cells = new double[owner.Encoding.Fields.Length];
            _numbers = new float[_cells.Length];
            Choices = new int[_cells.Length];
        }

        protected TabularTransformer Owner { get; }

        protected int[] Choices { get; }

        // False where a category is one that training had not.
        protected bool Encode(Span<float> target)
        {
            _reader.Read(_cells);
            for (int f = 0; f < _cells.Length; f++)
            {
                (Choices[f], _numbers[f]) = Owner.Encoding.Fields[f].Encode(_cells[f], null);
                if (Choices[f] < 0)
                    return false;
            }

            Owner.Encoding.Expand(Choices, _numbers, target);
            return true;
        }

        // The conditions that the row fulfils: one for each column of categories.
        protected int Condition(int conditioned)
        {
            int field = Owner.Encoding.Conditioned[conditioned];
            return Owner.Encoding.ConditionOf(field, Choices[field]);
        }
    }

    private sealed class Judging : Scoring
    {
        private readonly IExecutable _executable;
        private readonly float[] _row;
        private float _score;

        public Judging(TabularTransformer owner, DataViewRow row)
            : base(owner, row)
        {
            _executable = owner.Judge.Rent();
            _row = new float[owner.Encoding.Width];
        }

        public override Delegate CreateGetter(string column) => (ValueGetter<float>)((ref float value) =>
        {
            Prepare();
            value = _score;
        });

        public override void Dispose() => Owner.Judge.Return(_executable);

        protected override void Compute()
        {
            if (!Encode(_row))
            {
                _score = float.NaN;
                return;
            }

            TableEncoding encoding = Owner.Encoding;
            Companions others = Owner._companions.Value;
            int packs = Math.Max(encoding.Conditioned.Count, 1), pack = Owner._pack;
            Span<float> rows = _executable.Feed<float>(Owner.Judge.Inputs[0], packs);
            for (int p = 0; p < packs; p++)
            {
                _row.CopyTo(rows[(p * pack * _row.Length)..]);
                others.Rows.CopyTo(rows[(((p * pack) + 1) * _row.Length)..]);
            }

            if (encoding.Conditions > 0)
            {
                Span<float> conditions = _executable.Feed<float>(Owner.Judge.Inputs[1], packs);
                conditions.Clear();
                for (int p = 0; p < packs; p++)
                {
                    conditions[(p * pack * encoding.Conditions) + Condition(p)] = 1;
                    for (int i = 0; i < others.Conditions.Length; i++)
                        conditions[(((p * pack) + i + 1) * encoding.Conditions) + others.Conditions[i]] = 1;
                }
            }

            _executable.Run(packs);
            double sum = 0;
            foreach (float score in _executable.Fetch<float>(Owner.Judge.Output)[..packs])
                sum += score;
            _score = (float)(sum / packs);
        }
    }

    private sealed class Reconstruction : Scoring
    {
        private readonly IExecutable _encoder, _decoder;
        private readonly float[] _row, _latent;
        private float _score;

        public Reconstruction(TabularTransformer owner, DataViewRow row)
            : base(owner, row)
        {
            (_encoder, _decoder) = (owner.Judge.Rent(), owner.Generator.Rent());
            (_row, _latent) = (new float[owner.Encoding.Width], new float[owner.LatentSize]);
        }

        public override Delegate CreateGetter(string column) => column == LatentColumn ? Vector(_latent) : (ValueGetter<float>)((ref float value) =>
        {
            Prepare();
            value = _score;
        });

        public override void Dispose()
        {
            Owner.Judge.Return(_encoder);
            Owner.Generator.Return(_decoder);
        }

        protected override void Compute()
        {
            if (!Encode(_row))
            {
                _score = float.NaN;
                Array.Fill(_latent, float.NaN);
                return;
            }

            TableEncoding encoding = Owner.Encoding;
            _row.CopyTo(_encoder.Feed<float>(Owner.Judge.Inputs[0], 1));
            _encoder.Run(1);
            _encoder.Fetch<float>(Owner.Judge.Output)[.._latent.Length].CopyTo(_latent);
            int conditions = Math.Max(encoding.Conditioned.Count, 1);
            Span<float> latents = _decoder.Feed<float>(Owner.Generator.Inputs[0], conditions);
            for (int c = 0; c < conditions; c++)
                _latent.CopyTo(latents[(c * _latent.Length)..]);
            if (encoding.Conditions > 0)
            {
                Span<float> feed = _decoder.Feed<float>(Owner.Generator.Inputs[1], conditions);
                feed.Clear();
                for (int c = 0; c < conditions; c++)
                    feed[(c * encoding.Conditions) + Condition(c)] = 1;
            }

            _decoder.Run(conditions);
            ReadOnlySpan<float> made = _decoder.Fetch<float>(Owner.Generator.Output);
            double sum = 0;
            for (int c = 0; c < conditions; c++)
                sum += LogLikelihood(made.Slice(c * _row.Length, _row.Length));
            _score = (float)(sum / conditions);
        }

        private double LogLikelihood(ReadOnlySpan<float> made)
        {
            TableEncoding encoding = Owner.Encoding;
            double sum = 0;
            for (int f = 0; f < Choices.Length; f++)
            {
                if (encoding.NumberAt(f) is >= 0 and var number)
                {
                    double error = (_row[number] - made[number]) / (double)Owner._deviations[number];
                    sum -= (0.5 * error * error) + Math.Log(Owner._deviations[number]) + (0.5 * Math.Log(2 * Math.PI));
                }

                if (encoding.BlockAt(f) is >= 0 and var block)
                    sum += Math.Log(Math.Max(made[block + Choices[f]], 1e-12));
            }

            return sum;
        }
    }
}
