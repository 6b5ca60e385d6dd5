using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Generation.Tabular;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;

namespace MLNetDeep.Tests.Generation.Tabular;

public sealed class TabularTests : IDisposable
{
    private static readonly Lazy<Dictionary<string, TabularTransformer>> Models = new(() => new()
    {
        ["gan"] = Trainer(new MLContext(1), "gan", epochs: 60).Fit(Mixed.Data(new MLContext(1))),
        ["vae"] = Trainer(new MLContext(1), "vae", epochs: 120).Fit(Mixed.Data(new MLContext(1))),
    });

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-table-").FullName;

    public static TheoryData<string> Kinds => ["gan", "vae"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_come_back_with_the_types_ranges_categories_and_decimals_of_the_data(string kind)
    {
        MLContext ml = new(1);
        IDataView data = Mixed.Data(ml), made = Models.Value[kind].Generate(800, seed: 3);
        Assert.Equal(data.Schema.Select(c => (c.Name, c.Type)), made.Schema.Select(c => (c.Name, c.Type)));
        Assert.Equal(KeyValues(data), KeyValues(made));
        List<Mixed> real = Mixed.Rows(600), rows = Unkeyed(ml, made);
        Assert.Equal(800, rows.Count);
        Assert.All(rows, r =>
        {
            Assert.Contains(r.Kind, (string[])["a", "b", "c"]);
            Assert.Contains(r.Word, (string[])["", "left", "right"]);
            Assert.True(float.IsNaN(r.Amount) || r.Amount == MathF.Round(r.Amount, 2));
            Assert.Equal(TimeSpan.Zero, r.Day.TimeOfDay);
            Assert.Equal(0, r.Moment.UtcTicks % TimeSpan.TicksPerMinute);
            Assert.Equal(0, r.Length.Ticks % TimeSpan.TicksPerSecond);
            Assert.Contains(r.Small, (byte[])[0, 3, 6]);
            Assert.Equal(r.Pair[0], MathF.Round(r.Pair[0], 1));
            Assert.Contains(r.Pair[1], (float[])[0, 1, 2]);
            Assert.InRange(r.Ratio, real.Min(x => x.Ratio), real.Max(x => x.Ratio));
            Assert.InRange(r.Count, real.Min(x => x.Count), real.Max(x => x.Count));
            Assert.InRange(r.Large, real.Min(x => x.Large), real.Max(x => x.Large));
            Assert.InRange(r.Day, real.Min(x => x.Day), real.Max(x => x.Day));
        });
        Assert.InRange(rows.Count(r => float.IsNaN(r.Amount)), 1, 300);
        Assert.InRange(rows.Count(r => r.Flag), 1, 799);
        Assert.True(rows.Select(r => r.Ratio).Distinct().Count() > 700);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void All_rows_are_as_asked_for(string kind)
    {
        MLContext ml = new(1);
        TabularTransformer model = Models.Value[kind];
        Assert.All(Unkeyed(ml, model.Generate(300, seed: 1, condition: ("Kind", "c"))), r => Assert.Equal("c", r.Kind));
        Assert.All(Unkeyed(ml, model.Generate(300, seed: 1, condition: ("Flag", "True"))), r => Assert.True(r.Flag));
        Assert.All(Unkeyed(ml, model.Generate(30, condition: ("Word", null))), r => Assert.Equal("", r.Word));
        Assert.All(Unkeyed(ml, model.Generate(30, condition: ("Pair[1]", "2"))), r => Assert.Equal(2, r.Pair[1]));
        Assert.All(Unkeyed(ml, model.Generate(30, condition: ("Small", "6"))), r => Assert.Equal(6, r.Small));
    }

    [Fact]
    public void What_is_asked_for_decides_what_depends_on_it()
    {
        // Kinds are ten apart in all quantities.
        MLContext ml = new(1);
        foreach ((string kind, double expected) in ((string, double)[])[("a", 0), ("c", 20)])
        {
            List<Mixed> rows = Unkeyed(ml, Models.Value["vae"].Generate(300, seed: 1, condition: ("Kind", kind)));
            double Median(Func<Mixed, double> size) => rows.Select(size).Order().ElementAt(150);
            Assert.InRange(Median(r => r.Ratio / Math.PI), expected - 2, expected + 2);
            Assert.InRange(Median(r => (r.Day - new DateTime(2024, 1, 1)).TotalDays / 10), expected - 2, expected + 2);
            Assert.InRange(Median(r => r.Small), expected * 0.3, expected * 0.3);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_seed_alone_decides_what_is_made(string kind)
    {
        MLContext ml = new(1);
        TabularTransformer model = Trainer(ml, kind, epochs: 2).Fit(Mixed.Data(ml)), again = Trainer(ml, kind, epochs: 2).Fit(Mixed.Data(ml));
        string[] rows = Lines(model.Generate(700, seed: 3));
        Assert.Equal(rows, Lines(model.Generate(700, seed: 3)));
        Assert.Equal(rows, Lines(again.Generate(700, seed: 3)));
        Assert.Equal(rows[..300], Lines(model.Generate(300, seed: 3)));
        Assert.NotEqual(rows, Lines(model.Generate(700, seed: 4)));
        Assert.NotEqual(rows, Lines(Trainer(ml, kind, epochs: 2, seed: 8).Fit(Mixed.Data(ml)).Generate(700, seed: 3)));

        // A cursor may skip rows and read some columns only.
        IDataView view = model.Generate(700, seed: 3);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Ratio"]]);
        ValueGetter<double> getter = cursor.GetGetter<double>(view.Schema["Ratio"]);
        double value = 0;
        for (int i = 0; i <= 600; i++)
            Assert.True(cursor.MoveNext());
        getter(ref value);
        Assert.Equal(view.GetColumn<double>("Ratio").ElementAt(600), value);
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Ratio"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<bool>(view.Schema["Flag"]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_model_makes_and_scores_the_same(string kind)
    {
        MLContext ml = new(1);
        TabularTransformer model = Models.Value[kind];
        IDataView data = Mixed.Data(ml);
        string file = Path.Combine(_folder, "table.zip");
        ml.Model.Save(model, data.Schema, file);
        TabularTransformer loaded = (TabularTransformer)new MLContext(9).Model.Load(file, out _);
        Assert.Equal(Lines(model.Generate(300, seed: 3)), Lines(loaded.Generate(300, seed: 3)));
        Assert.Equal(Lines(model.Generate(40, seed: 3, condition: ("Kind", "b"))), Lines(loaded.Generate(40, seed: 3, condition: ("Kind", "b"))));
        Assert.Equal(model.Generate(1).Schema.Select(c => (c.Name, c.Type)), loaded.Generate(1).Schema.Select(c => (c.Name, c.Type)));
        Assert.Equal(KeyValues(model.Generate(1)), KeyValues(loaded.Generate(1)));
        Assert.Equal(model.Transform(data).GetColumn<float>("Score"), loaded.Transform(data).GetColumn<float>("Score"));
        Assert.Equal(model.History["column_shapes"], loaded.History["column_shapes"]);
        if (kind == "vae")
            Assert.Equal(model.Transform(data).GetColumn<float[]>("Latent").First(), loaded.Transform(data).GetColumn<float[]>("Latent").First());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_process_that_knows_ML_NET_only_loads_it(string kind)
    {
        MLContext ml = new(seed: 1);
        List<Sample> samples = Samples.List(40);
        IDataView data = ml.Data.LoadFromEnumerable(samples);
        TabularTransformer model = Trainer(ml, kind, epochs: 1, batchSize: 20, columns: ["Features"]).Fit(data);
        string file = Path.Combine(_folder, "table.zip");
        ml.Model.Save(model, ml.Data.LoadFromEnumerable(new List<Point>()).Schema, file);
        Assert.Equal(
            model.Transform(data).GetColumn<float>("Score").Select(BitConverter.SingleToInt32Bits),
            FreshProcess.Score(file, _folder, samples.Select(s => s.Features)).Scores.Select(s => s[0]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Real_rows_score_higher_than_such_as_do_not_belong_together(string kind)
    {
        MLContext ml = new(1);
        List<Mixed> real = Mixed.Rows(300, seed: 2), mixed = Mixed.Rows(300, seed: 2);
        for (int i = 0; i < mixed.Count; i++)
            (mixed[i].Ratio, mixed[i].Flag, mixed[i].Pair) = (real[(i + 5) % 300].Ratio, real[(i + 3) % 300].Flag, real[(i + 1) % 300].Pair);
        double Mean(List<Mixed> rows) => Models.Value[kind].Transform(Keyed(ml, rows)).GetColumn<float>("Score").Average();
        Assert.True(Mean(real) > Mean(mixed), $"{Mean(real)} against {Mean(mixed)}");

        // A word that training did not have.
        mixed[1].Word = "middle";
        Assert.Equal([false, true, false], Models.Value[kind].Transform(Keyed(ml, mixed[..3])).GetColumn<float>("Score").Select(float.IsNaN));
        SchemaShape.Column[] promised = [.. Trainer(ml, kind).GetOutputSchema(Schemas.Shape(Mixed.Data(ml).Schema))];
        DataViewSchema schema = Models.Value[kind].GetOutputSchema(Mixed.Data(ml).Schema);
        Assert.Equal(schema.Select(c => c.Name).Distinct().Order(), promised.Select(c => c.Name).Order());
        Assert.Equal(kind == "vae", schema.GetColumnOrNull("Latent") is not null);
    }

    [Fact]
    public void A_million_rows_take_no_more_memory_than_a_few()
    {
        MLContext ml = new(seed: 1);
        TabularVaeTrainer.Options options = new() { ColumnNames = ["Amount", "Flag"], Epochs = 1, BatchSize = 64, LatentSize = 2, EncoderUnits = [2], DecoderUnits = [2] };
        IDataView view = ml.Generation.Trainers.TabularVae(options).Fit(Mixed.Data(ml, 100)).Generate(1_000_000);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<float> getter = cursor.GetGetter<float>(view.Schema["Amount"]);
        float value = 0;
        long rows = 0, before = 0;
        while (cursor.MoveNext())
        {
            getter(ref value);
            if (++rows == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
        }

        Assert.Equal(1_000_000, rows);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_that_was_stopped_goes_on_with_the_same_bits(string kind)
    {
        MLContext ml = new(1);
        IDataView data = Mixed.Data(ml);
        string[] whole = Lines(Trainer(ml, kind, epochs: 4).Fit(data).Generate(50));
        CheckpointOptions checkpoint = new(Path.Combine(_folder, "run"));
        Assert.Throws<OperationCanceledException>(() => Trainer(ml, kind, epochs: 4, checkpoint: checkpoint, callback: new Stop()).Fit(data));
        Assert.Equal(whole, Lines(Trainer(ml, kind, epochs: 4, checkpoint: checkpoint).Fit(data).Generate(50)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Columns_that_do_not_vary_and_categories_seen_once_come_back(string kind)
    {
        MLContext ml = new(1);
        Odd[] rows = [.. Enumerable.Range(0, 60).Select(i => new Odd { Same = 7, Nothing = float.NaN, Word = i == 30 ? "once" : i % 2 == 0 ? "even" : "odd", Number = i * 0.5f, Perhaps = i % 3 == 0 ? float.NaN : 4 })];
        TabularTransformer model = Trainer(ml, kind, epochs: 3, batchSize: 20).Fit(ml.Data.LoadFromEnumerable(rows));
        Odd[] made = [.. ml.Data.CreateEnumerable<Odd>(model.Generate(400), reuseRowObject: false)];
        Assert.All(made, r => Assert.True(r.Same == 7 && float.IsNaN(r.Nothing) && r.Number is >= 0 and <= 29.5f && (float.IsNaN(r.Perhaps) || r.Perhaps == 4)));
        Assert.Equal((string[])["even", "odd", "once"], made.Select(r => r.Word).Distinct().Order());
        Assert.All(ml.Data.CreateEnumerable<Odd>(model.Generate(20, condition: ("Word", "once")), reuseRowObject: false), r => Assert.Equal("once", r.Word));
        Assert.All(model.Transform(ml.Data.LoadFromEnumerable(rows)).GetColumn<float>("Score"), s => Assert.True(float.IsFinite(s)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_table_without_categories_can_be_learned(string kind)
    {
        MLContext ml = new(1);
        TabularTransformer model = Trainer(ml, kind, epochs: 2, columns: ["Ratio", "Large"]).Fit(Mixed.Data(ml));
        Assert.Equal(["Ratio", "Large"], model.ColumnNames);
        Assert.True(model.Generate(300).GetColumn<double>("Ratio").Distinct().Count() > 200);
        Assert.Contains("has no columns of categories", Assert.Throws<ArgumentException>(() => model.Generate(3, condition: ("Ratio", "1"))).Message, StringComparison.Ordinal);
        Assert.All(model.Transform(Mixed.Data(ml, 20)).GetColumn<float>("Score"), s => Assert.True(float.IsFinite(s)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_happens_is_told(string kind)
    {
        MLContext ml = new(1);
        List<string> lines = [], log = [];
        ml.Log += (_, e) => log.Add(e.Message);
        TabularTransformer model = Trainer(ml, kind, epochs: 3, progress: lines.Add).Fit(Mixed.Data(ml));
        Assert.Equal(3, lines.Count(l => l.Contains("column_shapes", StringComparison.Ordinal) && l.Contains("loss", StringComparison.Ordinal)));
        Assert.Contains(log, l => l.Contains("Epoch 3: loss", StringComparison.Ordinal));
        Assert.All(model.History["column_shapes"], s => Assert.InRange(s, 0.1, 1));
        string[] figures = kind == "gan"
            ? ["loss", "generator_loss", "gradient_penalty", "condition_loss", "real_score", "fake_score", "diversity", "column_shapes"]
            : ["loss", "reconstruction_loss", "kl_divergence", "diversity", "column_shapes"];
        Assert.All(figures, f => Assert.Equal(3, model.History[f].Count(double.IsFinite)));
        Assert.All(lines, l => Assert.All(figures, f => Assert.Contains($"{f} ", l, StringComparison.Ordinal)));

        // The parts of the loss; what is left are the weights' penalties. And of a GAN: of what rows were asked to be less is missed in the end.
        if (kind == "vae")
            Assert.All(model.History.Epochs, e => Assert.InRange(e.Loss - e.Metrics["reconstruction_loss"] - (0.5 * e.Metrics["kl_divergence"]), 0, 0.01));
        else
            Assert.True(model.History["condition_loss"][^1] < model.History["condition_loss"][0]);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer(ml, kind, cancellation: cancelled.Token).Fit(Mixed.Data(ml)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bad_input_is_named(string kind)
    {
        MLContext ml = new(1);
        TabularTransformer model = Models.Value[kind];
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate(-5));
        Assert.Contains("never was 'z' in training; it was 'a', 'b', 'c'", Fails(() => model.Generate(5, condition: ("Kind", "z"))), StringComparison.Ordinal);
        Assert.Contains("no column 'Colour' in the table. Columns that rows can be asked for by are 'Kind', 'Flag'", Fails(() => model.Generate(5, condition: ("Colour", "z"))), StringComparison.Ordinal);
        Assert.Contains("'Ratio' is one of quantities", Fails(() => model.Generate(5, condition: ("Ratio", "1"))), StringComparison.Ordinal);
        IDataView data = Mixed.Data(ml);
        Assert.Contains("There are 600 rows to learn from, fewer than the 5000 of a batch", Fails(() => Trainer(ml, kind, batchSize: 5000).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'Nothing' is not in the data", Fails(() => Trainer(ml, kind, columns: ["Nothing"]).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'Kind' is named twice", Fails(() => Trainer(ml, kind, columns: ["Kind", "Kind"]).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("data is empty", Fails(() => Trainer(ml, kind).Fit(Mixed.Data(ml, 0))), StringComparison.Ordinal);
        Odd[] same = [.. Enumerable.Range(0, 60).Select(_ => new Odd { Same = 7, Nothing = float.NaN, Word = "w" })];
        Assert.Contains("There is nothing to learn: all 5 columns are the same in all 60 rows", Fails(() => Trainer(ml, kind, batchSize: 20).Fit(ml.Data.LoadFromEnumerable(same))), StringComparison.Ordinal);
        Odd[] named = [.. Enumerable.Range(0, 600).Select(i => new Odd { Word = $"name {i}" })];
        Assert.Contains("'Word' has more than 500 different texts (MaxCategories)", Fails(() => Trainer(ml, kind).Fit(ml.Data.LoadFromEnumerable(named))), StringComparison.Ordinal);
        Odd[] infinite = [.. Enumerable.Range(0, 60).Select(i => new Odd { Number = i == 17 ? float.PositiveInfinity : i })];
        Assert.Contains("'Number' is", Assert.Throws<InvalidOperationException>(() => Trainer(ml, kind, batchSize: 20).Fit(ml.Data.LoadFromEnumerable(infinite))).Message, StringComparison.Ordinal);
        Assert.Contains("in data row 18", Assert.Throws<InvalidOperationException>(() => Trainer(ml, kind, batchSize: 20).Fit(ml.Data.LoadFromEnumerable(infinite))).Message, StringComparison.Ordinal);
        IDataView open = ml.Transforms.Text.TokenizeIntoWords("Words", "Word").Fit(data).Transform(data);
        Assert.Contains("'Words' has type", Fails(() => Trainer(ml, kind).Fit(open)), StringComparison.Ordinal);
        Assert.Contains("'Words' has type", Fails(() => Trainer(ml, kind).GetOutputSchema(Schemas.Shape(open.Schema))), StringComparison.Ordinal);
        Assert.Contains("column 'Kind' is not in the data", Fails(() => model.Transform(ml.Data.LoadFromEnumerable(same))), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        MLContext ml = new(1);
        Assert.Contains("BatchSize is 55, expected a multiple of Pack (10)", Fails(() => ml.Generation.Trainers.TabularGan(new TabularGanTrainer.Options { Pack = 10, BatchSize = 55 })), StringComparison.Ordinal);
        Assert.Contains("Epochs is 0", Fails(() => ml.Generation.Trainers.TabularVae(epochs: 0)), StringComparison.Ordinal);
        Assert.Contains("Temperature is 0", Fails(() => ml.Generation.Trainers.TabularGan(new TabularGanTrainer.Options { Temperature = 0 })), StringComparison.Ordinal);
        Assert.Contains("Dropout is 1", Fails(() => ml.Generation.Trainers.TabularGan(new TabularGanTrainer.Options { Dropout = 1 })), StringComparison.Ordinal);
        Assert.Contains("KlWeight is -1", Fails(() => ml.Generation.Trainers.TabularVae(new TabularVaeTrainer.Options { KlWeight = -1 })), StringComparison.Ordinal);
        Assert.Contains("DecoderUnits is 0", Fails(() => ml.Generation.Trainers.TabularVae(new TabularVaeTrainer.Options { DecoderUnits = [0] })), StringComparison.Ordinal);
        Assert.Contains("Modes is 0", Fails(() => ml.Generation.Trainers.TabularVae(new TabularVaeTrainer.Options { Modes = 0 })), StringComparison.Ordinal);
        Assert.Contains("MaxCategories is 1", Fails(() => ml.Generation.Trainers.TabularVae(new TabularVaeTrainer.Options { MaxCategories = 1 })), StringComparison.Ordinal);
    }

    private static string Fails(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    // Small networks that learn fast.
    private static IEstimator<TabularTransformer> Trainer(
        MLContext ml,
        string kind,
        int epochs = 1,
        int batchSize = 100,
        int seed = 7,
        IReadOnlyList<string>? columns = null,
        CheckpointOptions? checkpoint = null,
        Callback? callback = null,
        Action<string>? progress = null,
        CancellationToken cancellation = default)
    {
        TabularOptions options = kind == "gan"
            ? new TabularGanTrainer.Options
            {
                LatentSize = 8,
                GeneratorUnits = [32],
                DiscriminatorUnits = [32],
                Pack = 10,
                GeneratorOptimizer = new Adam { LearningRate = 2e-3f, Beta1 = 0.5f, Beta2 = 0.9f },
                DiscriminatorOptimizer = new Adam { LearningRate = 2e-3f, Beta1 = 0.5f, Beta2 = 0.9f },
                AverageDecay = 0.9f,
            }
            : new TabularVaeTrainer.Options { LatentSize = 8, EncoderUnits = [32], DecoderUnits = [32], Optimizer = new Adam { LearningRate = 3e-3f } };
        options.Epochs = epochs;
        options.BatchSize = batchSize;
        options.Seed = seed;
        options.ColumnNames = columns;
        options.Checkpoint = checkpoint;
        options.Callbacks = callback is null ? [] : [callback];
        options.Progress = progress;
        options.QualityRows = 100;
        options.CancellationToken = cancellation;
        return options is TabularGanTrainer.Options gan ? ml.Generation.Trainers.TabularGan(gan) : ml.Generation.Trainers.TabularVae((TabularVaeTrainer.Options)options);
    }

    private static List<Mixed> Unkeyed(MLContext ml, IDataView view) =>
        [.. ml.Data.CreateEnumerable<Mixed>(ml.Transforms.Conversion.MapKeyToValue("Kind").Fit(view).Transform(view), reuseRowObject: false)];

    private static IDataView Keyed(MLContext ml, List<Mixed> rows) => ml.Transforms.Conversion.MapValueToKey("Kind").Fit(ml.Data.LoadFromEnumerable(Mixed.Rows(60))).Transform(ml.Data.LoadFromEnumerable(rows));

    // Each row as text.
    private static string[] Lines(IDataView view) => [.. Unkeyed(new MLContext(1), view).Select(r => JsonSerializer.Serialize(r, Json))];

    private static string[] KeyValues(IDataView view)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Kind"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private sealed class Stop : Callback
    {
        public override void OnEpochEnd(TrainingContext context, Training.EpochResult result)
        {
            if (result.Epoch == 3)
                throw new OperationCanceledException();
        }
    }

    private sealed class Odd
    {
        public int Same { get; set; }

        public float Nothing { get; set; }

        public string Word { get; set; } = "";

        public float Number { get; set; }

        public float Perhaps { get; set; }
    }
}
