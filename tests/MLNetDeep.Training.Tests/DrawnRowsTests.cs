using MLNetDeep.Cpu;
using MLNetDeep.Graphs;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Adversarial;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

/// <summary>Rows that are drawn anew for each epoch, and figures that callbacks add.</summary>
public class DrawnRowsTests
{
    [Fact]
    public void Each_epoch_has_the_rows_drawn_for_it_in_their_order()
    {
        RowStream stream = new(new Drawn(10), capacity: 1000, seed: 3);
        Assert.Equal(10, stream.CountRows());
        foreach (int epoch in (int[])[1, 2, 1, 5])
        {
            List<float> rows = [];
            stream.Read(epoch, (buffer, row) =>
            {
                rows.Add(buffer.Rows<float>(0, row)[0]);
                return true;
            });
            Assert.Equal(Enumerable.Range(0, 10).Select(i => (100f * epoch) + i), rows);
        }

        Assert.False(stream.IsWhole);
    }

    [Fact]
    public void Training_learns_from_them_and_ends_where_it_should()
    {
        Recorder recorder = new();
        TrainedNetwork once = Train.Run(Train.Linear(), Train.Options with { Epochs = 3, BatchSize = 4, Callbacks = [recorder], Optimizer = new Sgd { LearningRate = 0 } }, new Drawn(10));
        Assert.Equal([4, 4, 2, 4, 4, 2, 4, 4, 2], recorder.Batches.Select(b => b.Rows));

        // Of a network that stays 0 the loss is the mean square of the targets, which are the features.
        double[] expected = [.. Enumerable.Range(1, 3).Select(e => Enumerable.Range(0, 10).Average(i => Math.Pow((100 * e) + i, 2)))];
        Assert.All(expected.Zip(once.History["loss"]), p => Assert.Equal(p.First, p.Second, 1e-3 * p.First));
    }

    [Fact]
    public void Figures_that_callbacks_add_are_logged_and_kept()
    {
        List<string> lines = [];
        TrainedNetwork trained = Train.Run(Train.Linear(), Train.Options with { Epochs = 2, Callbacks = [new Measure()], Log = lines.Add }, TestRows.Numbered(20));
        Assert.Equal([1, 2], trained.History["number"]);
        Assert.Equal(2, lines.Count(l => l.Contains("number", StringComparison.Ordinal)));
        AdversarialOptions options = new() { Epochs = 2, BatchSize = 8, Callbacks = [new Measure()] };
        TrainedGenerator made = new AdversarialTrainer(Network.Input(2).Dense(1), Network.Input(1).Dense(1), options, new CpuEngine(1)).Train(new Features(16));
        Assert.Equal([1, 2], made.History["number"]);
    }

    [Fact]
    public void Packs_of_rows_have_a_class_each()
    {
        // Packs of two: the generator makes both, each by its own class; the discriminator sees them together.
        Network generator = Network.Input(2, 3).Concatenate(Network.Input(2, 2)).Dense(16).Relu().Dense(1);
        Network discriminator = Network.Input(2, 1).Concatenate(Network.Input(2, 2)).Flatten().Dense(16).LeakyRelu(0.2).Dense(1);
        GeneratedSamples? samples = null;
        AdversarialOptions options = new()
        {
            Loss = new WassersteinLoss(),
            Penalty = new InterpolationPenalty(),
            Epochs = 150,
            BatchSize = 16,
            GeneratorOptimizer = new Adam { LearningRate = 0.005f, Beta1 = 0.5f },
            DiscriminatorOptimizer = new Adam { LearningRate = 0.005f, Beta1 = 0.5f },
            OnSamples = s => samples = s,
            SampleEveryEpochs = 150,
            SampleCount = 30,
        };
        new AdversarialTrainer(generator, discriminator, options, new CpuEngine(1)).Train(new Pairs(64));
        Assert.Equal(60, samples!.Classes.Count);
        Assert.Equal(60, samples.Rows.Count);
        int right = Enumerable.Range(0, 60).Count(i => Math.Sign(samples.Rows[i]) == (samples.Classes[i] == 0 ? -1 : 1));
        Assert.True(right >= 54, $"{right} of 60 are where their class is.");

        Network single = Network.Input(2, 1).Flatten().Concatenate(Network.Input(2)).Dense(1);
        Assert.Contains("for as many rows of a pack", Assert.Throws<ArgumentException>(() => new AdversarialGraph(generator, single, options)).Message, StringComparison.Ordinal);
    }

    private sealed class Measure : Callback
    {
        public override void OnMeasure(TrainingContext context, int epoch, IDictionary<string, double> figures)
        {
            Assert.NotEmpty(context.Weights);
            figures["number"] = epoch;
        }
    }

    // A row is its epoch times 100 and its number.
    private sealed class Drawn(int count) : IDrawnRowSource
    {
        public IReadOnlyList<RowColumn> Columns { get; } = [new("x", DType.Float32, 1), new("y", DType.Float32, 1)];

        public long? RowCount => count;

        public IRowReader Read() => Read(1);

        public IRowReader Read(int epoch) => new Reader(count, (rows, index, row) =>
        {
            rows.Rows<float>(0, index)[0] = (100 * epoch) + row;
            rows.Rows<float>(1, index)[0] = (100 * epoch) + row;
        });
    }

    private sealed class Features(int count) : IRowSource
    {
        public IReadOnlyList<RowColumn> Columns { get; } = [new("x", DType.Float32, 1)];

        public IRowReader Read() => new Reader(count, (rows, index, row) => rows.Rows<float>(0, index)[0] = row);
    }

    // Two numbers each, near -1 where the class is 0 and near 1 where it is 1.
    private sealed class Pairs(int count) : IRowSource
    {
        public IReadOnlyList<RowColumn> Columns { get; } = [new("x", DType.Float32, 2), new("class", DType.Int32, 2)];

        public IRowReader Read() => new Reader(count, (rows, index, row) =>
        {
            for (int i = 0; i < 2; i++)
            {
                int kind = (row >> i) & 1;
                rows.Rows<int>(1, index)[i] = kind;
                rows.Rows<float>(0, index)[i] = (kind == 0 ? -1 : 1) + (0.01f * (row % 7));
            }
        });
    }

    private sealed class Reader(int count, Action<RowBuffer, int, int> fill) : IRowReader
    {
        private int _next;

        public bool Read(RowBuffer rows, int index)
        {
            if (_next == count)
                return false;
            fill(rows, index, _next++);
            return true;
        }

        public void Dispose()
        {
        }
    }
}
