using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Explanations;
using MLNetDeep.Tests.Support;
using MLNetDeep.Training.Adversarial;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;

namespace MLNetDeep.Tests.Generation;

public sealed class GanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-gan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rows_have_the_training_columns_types_and_range()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Data(ml);
        GanTransformer model = Conditional(ml).Fit(data);
        IDataView made = model.Generate(300, seed: 4);

        Assert.Equal(300, made.GetRowCount());
        Assert.Equal(["Features", "Label"], made.Schema.Select(c => c.Name));
        foreach (string name in (string[])["Features", "Label"])
            Assert.Equal(data.Schema[name].Type, made.Schema[name].Type);
        Assert.Equal(["blue", "green", "red"], Names(made.Schema["Label"]).Order());

        // The data's range is -3 to 7, the generator's -1 to 1.
        float[][] rows = [.. made.GetColumn<float[]>("Features")];
        Assert.Equal(300, rows.Length);
        Assert.All(rows, r => Assert.All(r, v => Assert.InRange(v, -3.001f, 7.001f)));
        Assert.Contains(rows, r => r.Any(v => v is < -1.01f or > 1.01f));
        Assert.True(rows.Select(r => r[0]).Distinct().Count() > 250);

        // As frequent as in training: 1/2, 1/3, 1/6.
        Dictionary<string, int> counts = Classes(ml, model.Generate(3000, seed: 2)).CountBy(c => c).ToDictionary();
        Assert.InRange(counts["red"], 1380, 1620);
        Assert.InRange(counts["green"], 890, 1110);
        Assert.InRange(counts["blue"], 420, 580);
        Assert.All(Classes(ml, model.Generate(20, condition: "green")), c => Assert.Equal("green", c));
    }

    [Fact]
    public void It_keeps_the_contract_of_an_estimator() => EstimatorContract<Coded>.Check(
        (ml, token) => ml.Generation.Trainers.Gan(new GanTrainer.Options
        {
            Generator = Network.Input(2).Dense(4).Relu().Dense(Samples.Size),
            Discriminator = Network.Input(Samples.Size).Dense(4).LeakyRelu(0.2).Dense(1),
            Epochs = 2,
            BatchSize = 32,
            CancellationToken = token,
        }),
        null,
        ["Score", "Latent"],
        p => p.Latent,
        "Latent");

    [Fact]
    public void Generated_rows_have_the_annotations_and_the_order_of_the_training_data()
    {
        MLContext ml = new(seed: 1);
        IDataView raw = Samples.View(ml, 64);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Whole")
            .Append(ml.Transforms.Concatenate("Features", "Single", "Number"))
            .Append(ml.Transforms.NormalizeMinMax("Features"))
            .Append(ml.Transforms.SelectColumns("Label", "Features"));
        IDataView data = pipeline.Fit(raw).Transform(raw);
        GanTransformer model = ml.Generation.Trainers.Gan(
            Network.Input(2).Concatenate(Network.Input(3)).Dense(2), Network.Input(2).Concatenate(Network.Input(3)).Dense(1), labelColumnName: "Label", epochs: 1, batchSize: 16).Fit(data);
        string[] columns = Schemas.Describe(data.Schema);
        Assert.Contains("Single|Number", columns[1], StringComparison.Ordinal);
        Assert.Contains("IsNormalized", columns[1], StringComparison.Ordinal);
        Assert.Equal(columns, Schemas.Describe(model.Generate(5).Schema));
        Assert.All(ml.Transforms.Conversion.MapKeyToValue("Label").Fit(model.Generate(20, condition: "30")).Transform(model.Generate(20, condition: "30")).GetColumn<int>("Label"), v => Assert.Equal(30, v));

        string file = Path.Combine(_folder, "gan.zip");
        ml.Model.Save(model, data.Schema, file);
        Assert.Equal(columns, Schemas.Describe(((GanTransformer)ml.Model.Load(file, out _)).Generate(5).Schema));

        // Features first.
        IDataView turned = ml.Transforms.SelectColumns("Features", "Label").Fit(data).Transform(data);
        Assert.Equal(["Features", "Label"], ml.Generation.Trainers.Gan(
            Network.Input(2).Concatenate(Network.Input(3)).Dense(2), Network.Input(2).Concatenate(Network.Input(3)).Dense(1), labelColumnName: "Label", epochs: 1, batchSize: 16).Fit(turned).Generate(1).Schema.Select(c => c.Name));
    }

    [Fact]
    public void Latent_vectors_of_generated_rows_are_found_again()
    {
        MLContext ml = new(seed: 1);
        GanTrainer.Options options = Options(conditional: false);
        (options.Generator, options.Discriminator) = (Network.Input(2).Dense(4), Network.Input(4).Dense(16).LeakyRelu(0.2).Dense(1));
        options.LatentEpochs = 100;
        GanTransformer model = ml.Generation.Trainers.Gan(options).Fit(Data(ml));
        float[][] found = [.. model.Transform(model.Generate(200, seed: 6)).GetColumn<float[]>("Latent")];
        using RowMaker maker = new(model.Decoder, 6, []);
        maker.Make(0, 200);
        for (int i = 0; i < 2; i++)
        {
            double[] given = [.. Enumerable.Range(0, 200).Select(r => (double)maker.Latent(r)[i])];
            double error = given.Zip(found, (g, f) => (g - f[i]) * (g - f[i])).Average(), variance = given.Average(g => g * g);
            Assert.True(error < 0.15 * variance, $"{error} of {variance}");
        }

        // Not asked for, not there; and of an own network.
        options.LatentEpochs = 0;
        Assert.Equal(["Score"], ml.Generation.Trainers.Gan(options).Fit(Data(ml)).Transform(Data(ml)).Schema.Select(c => c.Name).Except(Data(ml).Schema.Select(c => c.Name)));
        (options.LatentEpochs, options.Encoder) = (1, Network.Input(4).Dense(3).Tanh().Dense(2));
        Assert.Equal(2, ml.Generation.Trainers.Gan(options).Fit(Data(ml)).Transform(Data(ml)).GetColumn<float[]>("Latent").First().Length);
        options.LatentEpochs = -1;
        Assert.Contains("LatentEpochs is -1", Fails(() => ml.Generation.Trainers.Gan(options)), StringComparison.Ordinal);
        (options.LatentEpochs, options.Encoder) = (1, Network.Input(4).Dense(3));
        Assert.Contains("a latent vector of 2 numbers", Fails(() => ml.Generation.Trainers.Gan(options).Fit(Data(ml))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_distance_from_real_rows_is_told_where_there_are_classes()
    {
        MLContext ml = new(seed: 1);
        List<string> lines = [], log = [];
        ml.Log += (_, e) => log.Add(e.Message);
        GanTrainer.Options options = Options(conditional: true);
        (options.Progress, options.Epochs) = (lines.Add, 3);
        GanTransformer model = ml.Generation.Trainers.Gan(options).Fit(Data(ml));
        Assert.Equal(3, lines.Count(l => l.Contains("frechet_distance", StringComparison.Ordinal)));
        Assert.Equal(3, log.Count(l => l.Contains("frechet_distance", StringComparison.Ordinal)));
        Assert.All(model.History["frechet_distance"], d => Assert.True(d > 0 && double.IsFinite(d)));

        // Another classifier, of a column that the GAN itself is not told.
        GanTrainer.Options plain = Options(conditional: false);
        (plain.Generator, plain.Discriminator) = (Network.Input(2).Dense(4), Network.Input(4).Dense(1));
        Assert.False(ml.Generation.Trainers.Gan(plain).Fit(Data(ml)).History.Epochs[0].Metrics.ContainsKey("frechet_distance"));
        plain.FrechetDistance = new() { LabelColumnName = "Label", Classifier = Network.Input(4).Dense(6, name: "features").Relu().ClassOutput(), RowCount = 50 };
        Assert.True(ml.Generation.Trainers.Gan(plain).Fit(Data(ml)).History.Epochs[0].Metrics.ContainsKey("frechet_distance"));
        options.FrechetDistance = null;
        options.CoverageRowCount = 0;
        Assert.Equal(["loss", "generator_loss", "real_score", "fake_score", "diversity"], ml.Generation.Trainers.Gan(options).Fit(Data(ml)).History.Epochs[0].Metrics.Keys);
        plain.FrechetDistance.Classifier = Network.Input(4).Dense(6).ClassOutput();
        Assert.Contains("no layer called 'features'", Fails(() => ml.Generation.Trainers.Gan(plain).Fit(Data(ml))), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_images_without_classes_it_is_told_by_a_classifier_of_turns()
    {
        MLContext ml = new(seed: 1);
        IDataView bars = Bars.View(ml, 128, 1);
        List<string> lines = [];
        GanTrainer.Options options = new()
        {
            Generator = Network.Input(8).Dense(64).Relu().Dense(Bars.Side * Bars.Side).Tanh().Reshape(Bars.Side, Bars.Side, 1),
            Discriminator = Networks.DcGanDiscriminator(Bars.Side, filters: 4),
            FeatureColumnName = "Pixels",
            Epochs = 12,
            BatchSize = 16,
            GeneratorOptimizer = new Adam { LearningRate = 2e-3f, Beta1 = 0.5f },
            LatentEpochs = 0,
            FrechetDistance = new() { ClassifierEpochs = 4 },
            Progress = lines.Add,
            Seed = 1,
        };
        double[] distances = [.. ml.Generation.Trainers.Gan(options).Fit(bars).History["frechet_distance"]];
        Assert.Contains(lines, l => l.StartsWith("Classifier for the Fréchet distance: Epoch 4", StringComparison.Ordinal));
        Assert.True(distances[^1] < 0.7 * distances[0], string.Join(' ', distances));

        // A quarter counterclockwise takes the right column to the top row; twice a quarter is a half.
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8], once = new float[8], twice = new float[8], half = new float[8], all = new float[8];
        TurnedRows.Turn(image, once, 2, 2, 1);
        Assert.Equal([3, 4, 7, 8, 1, 2, 5, 6], once);
        TurnedRows.Turn(once, twice, 2, 2, 1);
        TurnedRows.Turn(image, half, 2, 2, 2);
        Assert.Equal(half, twice);
        TurnedRows.Turn(once, all, 2, 2, 3);
        Assert.Equal(image, all);
    }

    [Fact]
    public void A_generator_that_collapses_is_reported_to_both()
    {
        MLContext ml = new(seed: 1);
        List<string> lines = [], log = [];
        ml.Log += (_, e) => log.Add(e.Message);

        // A discriminator that does not learn can be fooled by one row, which the generator finds.
        GanTrainer.Options options = Options(conditional: false);
        options.Generator = Network.Input(4).Dense(16).Relu().Dense(4).Tanh();
        options.Discriminator = Network.Input(4).Dense(16).LeakyRelu(0.2).Dense(1);
        options.DiscriminatorOptimizer = new Sgd { LearningRate = 0 };
        options.GeneratorOptimizer = new Adam { LearningRate = 0.05f };
        (options.Epochs, options.Progress) = (20, lines.Add);
        GanTransformer model = ml.Generation.Trainers.Gan(options).Fit(Data(ml));
        double[] diversity = [.. model.History["diversity"]];
        Assert.True(diversity[0] > 0.1 && diversity[^1] < 0.1, string.Join(' ', diversity));
        Assert.Single(lines, l => l.Contains("the generator has collapsed", StringComparison.Ordinal));
        Assert.Contains(log, l => l.Contains("the generator has collapsed", StringComparison.Ordinal));

        // It says what is wrong in this case: not that the discriminator is too good.
        Assert.Contains("The discriminator takes them for real: a higher learning rate", lines.Single(l => l.Contains("collapsed", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(lines, l => l.Contains("it learns too slowly to teach the generator", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_that_are_all_the_same_and_columns_that_never_change_can_be_learned_from()
    {
        MLContext ml = new(seed: 1);
        List<string> lines = [];
        foreach (bool all in (bool[])[true, false])
        {
            GanTrainer.Options options = Options(conditional: true);
            options.Progress = lines.Add;
            GanTransformer model = ml.Generation.Trainers.Gan(options).Fit(Keyed(ml, Rows(96, (random, i) => all || i % 4 == 0 ? 7 : random.NextSingle())));
            Assert.All(Flat(model.Generate(100)), v => Assert.True(float.IsFinite(v)));
            Assert.All(model.History["frechet_distance"], d => Assert.True(double.IsFinite(d)));
        }

        Assert.DoesNotContain(lines, l => l.Contains("NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stopped_run_ends_with_the_same_bits()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Data(ml);
        Dictionary<string, Action<GanTrainer.Options>> games = new()
        {
            ["R1, averaged"] = o => (o.Penalty, o.AverageDecay, o.InstanceNoise, o.Loss) = (new R1Penalty(), 0.9f, 0.2f, new NonSaturatingLoss { LabelSmoothing = 0.1f }),
            ["WGAN-GP, two rates"] = o => (o.Loss, o.Penalty, o.DiscriminatorSteps, o.DiscriminatorOptimizer) = (new WassersteinLoss(), new InterpolationPenalty(), 4, new Adam { LearningRate = 4e-3f, Beta1 = 0 }),
            ["hinge, spectral"] = o => (o.Loss, o.Discriminator) = (new HingeLoss(), Discriminator.WithSpectralNormalization()),
        };
        foreach ((string name, Action<GanTrainer.Options> change) in games)
        {
            GanTransformer whole = Fit(null, []);
            CheckpointOptions checkpoint = new(Path.Combine(_folder, name));
            Assert.Throws<OperationCanceledException>(() => Fit(checkpoint, [new StopAt(4)]));
            List<string> lines = [];
            GanTransformer resumed = Fit(checkpoint, [], lines);
            Assert.Contains(lines, l => l.StartsWith("Going on after epoch 3", StringComparison.Ordinal));
            Assert.Equal(Bits.Of(whole.Generate(300, seed: 2), "Features"), Bits.Of(resumed.Generate(300, seed: 2), "Features"));
            foreach (string column in (string[])["Score", "Latent"])
                Assert.Equal(Bits.Of(whole.Transform(data), column), Bits.Of(resumed.Transform(data), column));
            foreach (string figure in (string[])["loss", "generator_loss", "diversity", "density", "coverage", "frechet_distance"])
                Assert.Equal(whole.History[figure], resumed.History[figure]);

            GanTransformer Fit(CheckpointOptions? checkpoint, IReadOnlyList<Callback> callbacks, List<string>? lines = null)
            {
                GanTrainer.Options options = Options(conditional: true);
                (options.Epochs, options.Checkpoint, options.Callbacks) = (6, checkpoint, callbacks);
                options.Progress = lines is null ? null : lines.Add;
                change(options);
                return ml.Generation.Trainers.Gan(options).Fit(data);
            }
        }
    }

    [Fact]
    public void Networks_may_take_the_class_as_an_id()
    {
        MLContext ml = new(seed: 1);
        static Network Kind() => Network.TokenInput(1).Embedding(3, 4).Flatten();
        GanTransformer model = ml.Generation.Trainers.Gan(With(o =>
        {
            o.Generator = Network.Input(4).Concatenate(Kind()).Dense(16).Relu().Dense(4).Tanh();
            o.Discriminator = Network.Input(4).Concatenate(Kind()).Dense(16).LeakyRelu(0.2).Dense(1);
        })).Fit(Data(ml));
        Assert.NotEqual(Flat(model.Generate(20, seed: 1, condition: "green")), Flat(model.Generate(20, seed: 1, condition: "red")));
        string file = Path.Combine(_folder, "ids.zip");
        ml.Model.Save(model, Data(ml).Schema, file);
        GanTransformer loaded = (GanTransformer)ml.Model.Load(file, out _);
        Assert.Equal(Flat(model.Generate(50, seed: 3)), Flat(loaded.Generate(50, seed: 3)));
        foreach (string column in (string[])["Score", "Latent"])
            Assert.Equal(Bits.Of(model.Transform(Data(ml)), column), Bits.Of(loaded.Transform(Data(ml)), column));
        Assert.Contains("has 3 classes, but the networks know 2", Fails(() => ml.Generation.Trainers.Gan(With(o =>
        {
            o.Generator = Network.Input(4).Concatenate(Network.TokenInput(1).Embedding(2, 4).Flatten()).Dense(4).Tanh();
            o.Discriminator = Network.Input(4).Concatenate(Network.TokenInput(1).Embedding(2, 4).Flatten()).Dense(1);
        })).Fit(Data(ml))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_seen_once_is_made_and_one_never_seen_is_not()
    {
        MLContext ml = new(seed: 1);
        List<Made> rows = Rows(97);
        foreach (Made row in rows.Where(r => r.Color == "blue"))
            row.Color = "red";
        rows[90].Color = "blue";
        GanTransformer model = Conditional(ml).Fit(KeyedLikeData(rows));
        Assert.All(Classes(ml, model.Generate(20, condition: "blue")), c => Assert.Equal("blue", c));
        Assert.All(Flat(model.Generate(20, condition: "blue")), v => Assert.True(float.IsFinite(v)));

        rows[90].Color = "red";
        model = Conditional(ml).Fit(KeyedLikeData(rows));
        Assert.Equal(["red", "green", "blue"], model.ClassNames);
        Assert.Contains("none of the training rows was of it", Fails(() => model.Generate(5, condition: "blue")), StringComparison.Ordinal);
        Assert.DoesNotContain("blue", Classes(ml, model.Generate(2000)));

        IDataView KeyedLikeData(List<Made> rows) => ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(Plain(ml)).Transform(ml.Data.LoadFromEnumerable(rows));
    }

    [Fact]
    public void The_seed_alone_decides_what_is_made()
    {
        MLContext ml = new(seed: 1);
        GanTransformer model = Conditional(ml).Fit(Data(ml)), again = Conditional(ml).Fit(Data(ml));
        float[] rows = Flat(model.Generate(700, seed: 3));
        Assert.Equal(rows, Flat(model.Generate(700, seed: 3)));
        Assert.Equal(rows[..(256 * 4)], Flat(model.Generate(256, seed: 3)));
        Assert.NotEqual(rows, Flat(model.Generate(700, seed: 5)));
        Assert.Equal(rows, Flat(again.Generate(700, seed: 3)));

        // Where the trainer has no seed, it is the context's.
        float[][] byContext = [.. ((int[])[1, 1, 2]).Select(seed =>
        {
            MLContext own = new(seed);
            return Flat(own.Generation.Trainers.Gan(With(o => o.Seed = null)).Fit(Data(own)).Generate(20));
        })];
        Assert.Equal(byContext[0], byContext[1]);
        Assert.NotEqual(byContext[0], byContext[2]);

        // A cursor may skip rows, or be asked for labels alone.
        IDataView view = model.Generate(700, seed: 3);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Features"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        VBuffer<float> value = default;
        for (int i = 0; i <= 600; i++)
            Assert.True(cursor.MoveNext());
        getter(ref value);
        Assert.Equal(rows[2400..2404], value.DenseValues());
        Assert.Equal(view.GetColumn<uint>("Label"), model.Generate(700, seed: 3).GetColumn<uint>("Label"));
    }

    [Fact]
    public void A_million_rows_take_no_more_memory_than_a_few()
    {
        MLContext ml = new(seed: 1);
        GanTransformer model = Conditional(ml).Fit(Data(ml));
        IDataView view = model.Generate(1_000_000);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        ValueGetter<uint> label = cursor.GetGetter<uint>(view.Schema["Label"]);
        VBuffer<float> value = default;
        uint kind = 0;
        long rows = 0, before = 0;
        while (cursor.MoveNext())
        {
            getter(ref value);
            label(ref kind);
            if (++rows == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
        }

        Assert.Equal(1_000_000, rows);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Real_rows_score_higher_than_noise_and_a_missing_class_scores_NaN()
    {
        MLContext ml = new(seed: 1);
        GanTrainer.Options options = Options(conditional: true);
        options.Epochs = 40;
        GanTransformer model = ml.Generation.Trainers.Gan(options).Fit(Data(ml));
        IDataView noise = Keyed(ml, Rows(200, (random, _) => (float)((random.NextDouble() * 10) - 3)));
        Assert.Equal(NumberDataViewType.Single, model.Transform(noise).Schema["Score"].Type);
        Assert.True(model.Transform(Data(ml)).GetColumn<float>("Score").Average() > model.Transform(noise).GetColumn<float>("Score").Average());

        List<Made> strange = Rows(3);
        strange[1].Color = "black";
        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(Plain(ml)).Transform(ml.Data.LoadFromEnumerable(strange));
        Assert.Equal([false, true, false], model.Transform(keyed).GetColumn<float>("Score").Select(float.IsNaN));
    }

    [Fact]
    public void A_saved_model_makes_and_scores_the_same()
    {
        MLContext ml = new(seed: 1);
        GanTransformer model = Conditional(ml).Fit(Data(ml));
        string file = Path.Combine(_folder, "gan.zip");
        ml.Model.Save(model, Data(ml).Schema, file);
        GanTransformer loaded = (GanTransformer)new MLContext(seed: 9).Model.Load(file, out _);
        Assert.Equal(Flat(model.Generate(50, seed: 3, condition: "red")), Flat(loaded.Generate(50, seed: 3, condition: "red")));
        Assert.Equal(Classes(ml, model.Generate(50)), Classes(ml, loaded.Generate(50)));
        Assert.Equal(model.Transform(Data(ml)).GetColumn<float>("Score"), loaded.Transform(Data(ml)).GetColumn<float>("Score"));
        Assert.Equal(model.History["generator_loss"], loaded.History["generator_loss"]);
        Assert.Equal(["red", "green", "blue"], loaded.ClassNames);
    }

    [Fact]
    public void A_process_that_knows_ML_NET_only_loads_it()
    {
        MLContext ml = new(seed: 1);
        List<Sample> samples = Samples.List(40);
        IDataView data = ml.Data.LoadFromEnumerable(samples);
        GanTransformer model = ml.Generation.Trainers.Gan(Network.Input(2).Dense(Samples.Size), Network.Input(Samples.Size).Dense(1), epochs: 1, batchSize: 8).Fit(data);
        string file = Path.Combine(_folder, "gan.zip");
        ml.Model.Save(model, ml.Data.LoadFromEnumerable(new List<Point>()).Schema, file);
        Assert.Equal(
            model.Transform(data).GetColumn<float>("Score").Select(BitConverter.SingleToInt32Bits),
            FreshProcess.Score(file, _folder, samples.Select(s => s.Features)).Scores.Select(s => s[0]));
    }

    [Fact]
    public void The_way_between_two_vectors_is_one_of_small_steps()
    {
        MLContext ml = new(seed: 1);
        GanTransformer model = Conditional(ml).Fit(Data(ml));
        IDataView path = model.Interpolate(paths: 3, steps: 20, seed: 2, condition: "red");
        float[][] rows = [.. path.GetColumn<float[]>("Features")];
        Assert.Equal(60, rows.Length);
        double Distance(int a, int b) => Math.Sqrt(rows[a].Zip(rows[b]).Sum(p => (p.First - p.Second) * (p.First - p.Second)));
        Assert.All(Enumerable.Range(0, 59).Where(i => i % 20 != 19), i => Assert.True(Distance(i, i + 1) <= 1.5));
        Assert.True(Distance(0, 19) > 0 && Distance(19, 20) > 0);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Data(ml);
        GanTransformer model = Conditional(ml).Fit(data), plain = ml.Generation.Trainers.Gan(Network.Input(2).Dense(4), Network.Input(4).Dense(1), epochs: 1, batchSize: 16).Fit(data);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate(-5));
        Assert.Contains("no class 'purple'; the model knows 'red', 'green', 'blue'", Fails(() => model.Generate(5, condition: "purple")), StringComparison.Ordinal);
        Assert.Contains("without a label column", Fails(() => plain.Generate(5, condition: "red")), StringComparison.Ordinal);
        Assert.Contains("give a LabelColumnName", Fails(() => ml.Generation.Trainers.Gan(Generator, Discriminator).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'Color'", Fails(() => ml.Generation.Trainers.Gan(Generator, Discriminator, labelColumnName: "Color").Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'Nothing' is not in the data", Fails(() => ml.Generation.Trainers.Gan(Generator, Discriminator, "Nothing", "Label").Fit(data)), StringComparison.Ordinal);
        Assert.Contains("would never learn", Fails(() => ml.Generation.Trainers.Gan(With(o => o.DiscriminatorSteps = 100)).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("data is empty", Fails(() => ml.Generation.Trainers.Gan(Network.Input(2).Dense(4), Network.Input(4).Dense(1)).Fit(ml.Data.LoadFromEnumerable(new List<Made>()))), StringComparison.Ordinal);
        Assert.Contains("InstanceNoise is -1", Fails(() => ml.Generation.Trainers.Gan(With(o => o.InstanceNoise = -1)).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("CoverageRowCount is 1", Fails(() => ml.Generation.Trainers.Gan(With(o => o.CoverageRowCount = 1)).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'Number' has type Single; the network's input takes a vector of Single. Join columns", Fails(() => ml.Generation.Trainers.Gan(Generator, Discriminator, "Number", "Label").Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'Number' has type Single", Fails(() => ml.Generation.Trainers.Gan(Generator, Discriminator, "Number", "Label").GetOutputSchema(Schemas.Shape(data.Schema))), StringComparison.Ordinal);
        Assert.Contains("'Color' has type", Fails(() => ml.Generation.Trainers.Gan(Generator, Discriminator, labelColumnName: "Color").GetOutputSchema(Schemas.Shape(data.Schema))), StringComparison.Ordinal);
        Assert.Contains("fewer than the 5000 of a batch", Fails(() => ml.Generation.Trainers.Gan(Generator, Discriminator, labelColumnName: "Label", batchSize: 5000).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("has 3 classes, but the networks know 2", Fails(() => ml.Generation.Trainers.Gan(
            Network.Input(4).Concatenate(Network.Input(2)).Dense(4), Network.Input(4).Concatenate(Network.Input(2)).Dense(1), labelColumnName: "Label").Fit(data)), StringComparison.Ordinal);
        IDataView holes = Keyed(ml, Rows(64, (_, i) => i == 70 ? float.NaN : i));
        Assert.Contains("slot 2, is NaN in data row 18", Assert.Throws<InvalidOperationException>(() => Conditional(ml).Fit(holes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_happens_is_told()
    {
        MLContext ml = new(seed: 1);
        List<string> lines = [], log = [];
        List<GeneratedSamples> samples = [];
        ml.Log += (_, e) => log.Add(e.Message);
        GanTrainer.Options options = Options(conditional: true);
        (options.Progress, options.OnSamples, options.SampleEveryEpochs, options.SampleCount, options.Epochs) = (lines.Add, samples.Add, 2, 6, 3);
        (options.Loss, options.Penalty) = (new WassersteinLoss(), new InterpolationPenalty());
        ml.Generation.Trainers.Gan(options).Fit(Data(ml));
        Assert.Equal(3, lines.Count(l => l.Contains("generator_loss", StringComparison.Ordinal) && l.Contains("gradient_penalty", StringComparison.Ordinal) && l.Contains("diversity", StringComparison.Ordinal)));
        Assert.Contains(log, l => l.Contains("Epoch 3: loss", StringComparison.Ordinal));
        Assert.Equal([2, 3], samples.Select(s => s.Epoch));
        Assert.Equal([0, 1, 2, 0, 1, 2], samples[0].Classes);
        Assert.Equal(6, samples[0].Count);
        Assert.Contains(samples[0].Rows, v => v > 1.01f); // on the data's scale
    }

    private static Network Generator => Network.Input(4).Concatenate(Network.Input(3)).Dense(16).Relu().Dense(4).Tanh();

    private static Network Discriminator => Network.Input(4).Concatenate(Network.Input(3)).Dense(16).LeakyRelu(0.2).Dense(1);

    private static GanTrainer Conditional(MLContext ml) => ml.Generation.Trainers.Gan(Options(conditional: true));

    private static GanTrainer.Options Options(bool conditional) => new()
    {
        Generator = Generator,
        Discriminator = Discriminator,
        LabelColumnName = conditional ? "Label" : null,
        Epochs = 2,
        BatchSize = 32,
        Seed = 3,
        GeneratorOptimizer = new Adam { LearningRate = 2e-3f, Beta1 = 0.5f },
        DiscriminatorOptimizer = new Adam { LearningRate = 2e-3f, Beta1 = 0.5f },
    };

    private static GanTrainer.Options With(Action<GanTrainer.Options> change)
    {
        GanTrainer.Options options = Options(conditional: true);
        change(options);
        return options;
    }

    private static string Fails(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static float[] Flat(IDataView view) => [.. view.GetColumn<float[]>("Features").SelectMany(r => r)];

    private static string[] Classes(MLContext ml, IDataView view) => [.. ml.Transforms.Conversion.MapKeyToValue("Label").Fit(view).Transform(view).GetColumn<string>("Label")];

    private static string[] Names(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private static IDataView Data(MLContext ml) => Keyed(ml, Rows(192));

    private static IDataView Plain(MLContext ml) => ml.Data.LoadFromEnumerable(Rows(192));

    private static IDataView Keyed(MLContext ml, List<Made> rows)
    {
        IDataView plain = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(plain).Transform(plain);
    }

    // Half red, a third green, a sixth blue; numbers from -3 to 7 along a line.
    private static List<Made> Rows(int count, Func<Random, int, float>? value = null)
    {
        Random random = new(1);
        List<Made> rows = [];
        for (int i = 0; i < count; i++)
        {
            float at = i == 0 ? -3 : i == 1 ? 7 : (random.NextSingle() * 10) - 3;
            rows.Add(new()
            {
                Color = (i % 6) switch { 0 or 2 or 4 => "red", 1 or 3 => "green", _ => "blue" },
                Features = [.. Enumerable.Range(0, 4).Select(j => value is null ? at : value(random, (i * 4) + j))],
            });
        }

        return rows;
    }

    private sealed class StopAt(int epoch) : Callback
    {
        public override void OnEpochBegin(TrainingContext context, int number)
        {
            if (number == epoch)
                throw new OperationCanceledException();
        }
    }

    private sealed class Coded
    {
        public float[] Latent { get; set; } = [];
    }

    private sealed class Made
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public string Color { get; set; } = "";

        public float Number { get; set; }
    }
}
