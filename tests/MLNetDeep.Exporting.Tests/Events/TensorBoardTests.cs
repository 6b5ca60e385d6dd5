using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Cpu;
using MLNetDeep.Exporting.Callbacks;
using MLNetDeep.Exporting.Events;
using MLNetDeep.Generation;
using MLNetDeep.Graphs;
using MLNetDeep.Losses;
using MLNetDeep.Training;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Exporting.Tests.Events;

/// <summary>Event files, read by a reader that shares no code with the writer.</summary>
public sealed class TensorBoardTests : IDisposable
{
    // 2 by 1 pixels, grey.
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgaAAAAIQAgdWLSwgAAAAASUVORK5CYII=");

    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-board-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // RFC 3720, B.4, and the check value of the catalogue of CRCs.
    [Theory]
    [InlineData("00000000000000000000000000000000 00000000000000000000000000000000", 0x8a9136aau)]
    [InlineData("ffffffffffffffffffffffffffffffff ffffffffffffffffffffffffffffffff", 0x62a8ab43u)]
    [InlineData("000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f", 0x46dd794eu)]
    [InlineData("1f1e1d1c1b1a19181716151413121110 0f0e0d0c0b0a09080706050403020100", 0x113fdb5cu)]
    [InlineData("313233343536373839", 0xe3069283u)]
    [InlineData("", 0u)]
    public void Checksums_are_the_published_ones(string hex, uint expected)
    {
        byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(expected, RecordWriter.Crc32C(data));
        Assert.Equal(expected, EventReader.Crc(data));
    }

    [Fact]
    public void Losses_and_metrics_are_in_two_runs_under_the_same_tags()
    {
        TrainedNetwork trained = Train(new TensorBoard(_folder) { UpdateFrequency = 2 });
        Assert.Equal(["train", "validation"], Directory.GetDirectories(_folder).Select(Path.GetFileName).Order());
        foreach (string run in (string[])["train", "validation"])
        {
            List<EventReader.Field> first = EventReader.Events(Path.Combine(_folder, run))[0];
            Assert.Equal("brain.Event:2", first.Single(f => f.Number == 3).Text);
            List<EventReader.Entry> values = EventReader.Values(Path.Combine(_folder, run));
            foreach (string metric in (string[])["loss", "accuracy"])
            {
                EventReader.Entry[] found = [.. values.Where(v => v.Tag == $"epoch_{metric}")];
                Assert.Equal([1, 2, 3], found.Select(f => f.Step));
                Assert.All(found, f => Assert.Equal(2, f.Value.Number));
                Assert.Equal(trained.History[run == "train" ? metric : $"val_{metric}"].Select(v => (float)v), found.Select(f => f.Value.Single));
            }
        }

        List<EventReader.Entry> train = EventReader.Values(Path.Combine(_folder, "train"));
        Assert.Equal(3, train.Count(v => v.Tag == "epoch_learning_rate" && v.Value.Single == 0.001f));
        Assert.Equal([2, 4, 6, 8, 10, 12], train.Where(v => v.Tag == "batch_loss").Select(v => v.Step));
        Assert.All(train, v => Assert.InRange(v.Time, 1.7e9, 1e11));
        Assert.DoesNotContain(train, v => v.Value.Number == 5);
    }

    [Fact]
    public void The_graph_has_the_networks_nodes()
    {
        Train(new TensorBoard(_folder));
        byte[] graph = EventReader.Events(Path.Combine(_folder, "train")).SelectMany(e => e).Single(f => f.Number == 4).Bytes!;
        List<List<EventReader.Field>> nodes = [.. EventReader.Parse(graph).Where(f => f.Number == 1).Select(f => f.Message)];
        HashSet<string> names = [.. nodes.Select(n => n.Single(f => f.Number == 1).Text)];
        Assert.Equal(nodes.Count, names.Count);
        Assert.Contains("dense/kernel", names);
        Assert.Equal("MatMul", nodes.First(n => n.Single(f => f.Number == 1).Text == "dense/MatMul").Single(f => f.Number == 2).Text);
        Assert.All(nodes.SelectMany(n => n.Where(f => f.Number == 3)), input => Assert.Contains(input.Text.Split(':')[0], names));
    }

    [Fact]
    public void Weights_are_counted_in_ranges()
    {
        TrainedNetwork trained = Train(new TensorBoard(_folder) { HistogramFrequency = 3 });
        EventReader.Entry entry = EventReader.Values(Path.Combine(_folder, "train")).Single(v => v.Tag == "dense/kernel");
        Assert.Equal((3, 5), (entry.Step, entry.Value.Number));
        List<EventReader.Field> fields = entry.Value.Message;
        float[] weights = trained.Weights["dense/kernel"];
        Assert.Equal(weights.Min(), (float)fields.Single(f => f.Number == 1).Double);
        Assert.Equal(weights.Max(), (float)fields.Single(f => f.Number == 2).Double);
        Assert.Equal(weights.Length, fields.Single(f => f.Number == 3).Double);
        Assert.Equal(weights.Sum(w => (double)w), fields.Single(f => f.Number == 4).Double, 1e-6);
        Assert.Equal(weights.Sum(w => (double)w * w), fields.Single(f => f.Number == 5).Double, 1e-6);
        double[] limits = EventReader.Doubles(fields.Single(f => f.Number == 6).Bytes!), counts = EventReader.Doubles(fields.Single(f => f.Number == 7).Bytes!);
        Assert.Equal(30, counts.Length);
        Assert.Equal(counts.Length, limits.Length);
        double below = 0;
        for (int i = 0; i < limits.Length; i++)
        {
            below += counts[i];
            Assert.InRange(below, weights.Count(w => w < limits[i] - 1e-6), weights.Count(w => w <= limits[i] + 1e-6));
        }

        Assert.Equal(weights.Length, below);
    }

    [Fact]
    public void Values_that_are_all_the_same_or_none_have_a_histogram_or_none()
    {
        Assert.Equal([3.0], Summaries.Histogram("same", [2, 2, 2])!.Histo.Bucket);
        Assert.Equal([2.0], Summaries.Histogram("same", [2, 2, 2])!.Histo.BucketLimit);
        Assert.Equal(2, Summaries.Histogram("some", [1, float.NaN, 4, float.PositiveInfinity])!.Histo.Num);
        Assert.Null(Summaries.Histogram("none", [float.NaN]));
    }

    [Fact]
    public void Pictures_and_figures_of_the_callers_own()
    {
        TensorBoard board = new(_folder);
        board.AddImage("samples", 7, Png);
        board.AddScalar("mine", 8, 0.5);
        List<EventReader.Entry> values = EventReader.Values(Path.Combine(_folder, "train"));
        Assert.Equal((7, "samples", 4), (values[0].Step, values[0].Tag, values[0].Value.Number));
        List<EventReader.Field> image = values[0].Value.Message;
        Assert.Equal([1, 2, 1], image.Where(f => f.Number < 4).OrderBy(f => f.Number).Select(f => (int)f.Value));
        Assert.Equal(Png, image.Single(f => f.Number == 4).Bytes);
        Assert.Equal((8, "mine", 0.5f), (values[1].Step, values[1].Tag, values[1].Value.Single));
        Assert.Contains("no PNG", Assert.Throws<ArgumentException>(() => board.AddImage("text", 1, Encoding.UTF8.GetBytes("no picture at all, just a sentence that is long enough"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_that_goes_on_adds_a_file_and_a_cancelled_one_leaves_whole_records()
    {
        CheckpointOptions checkpoint = new(Path.Combine(_folder, "checkpoints"));
        string logs = Path.Combine(_folder, "logs");
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => Train(new TensorBoard(logs), checkpoint, new Canceller(source, 2), source.Token));
        Assert.Equal([1, 2], Steps());
        Train(new TensorBoard(logs), checkpoint);
        Assert.Equal([1, 2, 3], Steps());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(logs, "train")).Length);

        IEnumerable<long> Steps() => EventReader.Values(Path.Combine(logs, "train")).Where(v => v.Tag == "epoch_loss").Select(v => v.Step);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_ends_training_before_it_begins()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Canceller watcher = new(new(), 99);
        string message = Assert.Throws<IOException>(() => Train(new TensorBoard(Path.Combine(file, "logs")), null, watcher)).Message;
        Assert.Contains("TensorBoard's folder", message, StringComparison.Ordinal);
        Assert.Contains(file, message, StringComparison.Ordinal);
        Assert.Equal(0, watcher.Epochs);
        Assert.Throws<InvalidOperationException>(() => Train(new TensorBoard(_folder) { HistogramFrequency = -1 }));
        Assert.Throws<ArgumentException>(() => new TensorBoard(" "));
    }

    [Fact]
    public void An_estimators_training_is_written_with_what_it_shows_on_the_way()
    {
        MLContext ml = new(seed: 1);
        TensorBoard board = new(_folder);
        ml.Generation.Trainers.Gan(new GanTrainer.Options
        {
            Generator = Network.Input("latent", 2).Dense(4).Relu().Dense(3).Tanh(),
            Discriminator = Network.Input("row", 3).Dense(4).LeakyRelu(0.2).Dense(1),
            Epochs = 2,
            BatchSize = 8,
            Callbacks = [board],
            OnSamples = samples => board.AddImage("samples", samples.Epoch, Png),
        }).Fit(ml.Data.LoadFromEnumerable(Enumerable.Range(0, 16).Select(i => new Made { Features = [i, -i, 1] })));
        List<EventReader.Entry> values = EventReader.Values(Path.Combine(_folder, "train"));
        Assert.Equal([1, 2], values.Where(v => v.Tag == "epoch_generator_loss").Select(v => v.Step));
        Assert.Equal([1, 2], values.Where(v => v.Tag == "samples").Select(v => v.Step));
        Assert.False(Directory.Exists(Path.Combine(_folder, "validation")));
    }

    [Fact]
    public void Training_outlives_a_folder_that_goes_away()
    {
        string logs = Path.Combine(_folder, "logs");
        TensorBoard board = new(logs);
        Train(board, null, new Remover(logs));
        Assert.NotNull(board.Failure);
    }

    private static TrainedNetwork Train(TensorBoard board, CheckpointOptions? checkpoint = null, Callback? other = null, CancellationToken token = default)
    {
        using CpuEngine engine = new(1);
        return new Trainer(
            Network.Input(3).Dense(20).Relu().ClassOutput(2),
            new()
            {
                Loss = new SparseCategoricalCrossentropy(),
                Metrics = [new CategoricalAccuracy()],
                Epochs = 3,
                BatchSize = 8,
                Checkpoint = checkpoint,
                Callbacks = [board, .. other is null ? Array.Empty<Callback>() : [other]],
                CancellationToken = token,
            },
            engine).Train(new Rows(32), new Rows(16));
    }

    private sealed class Made
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Canceller(CancellationTokenSource source, int after) : Callback
    {
        public int Epochs { get; private set; }

        public override void OnEpochBegin(TrainingContext context, int epoch)
        {
            if (epoch > after)
                source.Cancel();
            Epochs++;
        }
    }

    private sealed class Remover(string folder) : Callback
    {
        public override void OnEpochBegin(TrainingContext context, int epoch) => Directory.Move(folder, $"{folder}-{epoch}");

        public override void OnEpochEnd(TrainingContext context, EpochResult result) => Directory.Move($"{folder}-{result.Epoch}", folder);
    }
}
