using MLNetDeep.Graphs;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

/// <summary>A label for each step, padded steps without one.</summary>
public class SequenceLabellingTests
{
    private const int Steps = 6, Tokens = 8, Labels = 3;

    private static TrainerOptions Options => Train.Options with { Loss = new SparseCategoricalCrossentropy(), Metrics = [new CategoricalAccuracy()] };

    private static Network Tagger => Network.TokenInput(Steps).Embedding(Tokens, 16, maskZero: true).PositionEmbedding().TransformerEncoder(32, 2).ClassOutput(Labels);

    [Fact]
    public void Labels_are_learnt_from_their_surroundings()
    {
        TrainerOptions options = Options with { Epochs = 60, Optimizer = new Adam { LearningRate = 0.01f } };
        TrainedNetwork model = Train.Run(Tagger, options, new Sentences(200, 1), new Sentences(100, 2));
        Assert.True(model.History.Epochs[^1].Metrics["val_accuracy"] > 0.95, $"accuracy {model.History.Epochs[^1].Metrics["val_accuracy"]}");
    }

    [Fact]
    public void What_stands_at_padded_steps_does_not_matter()
    {
        TrainedNetwork one = Train.Run(Tagger, Options, new Sentences(50, 1), new Sentences(50, 2)), other = Train.Run(Tagger, Options, new Sentences(50, 1, padding: 2), new Sentences(50, 2, padding: 1));
        Train.SameBits(one, other);
        Assert.Equal(one.History.Epochs.Select(e => e.ToString()[..40]), other.History.Epochs.Select(e => e.ToString()[..40]));
        Assert.Equal(one.History.Epochs[^1].Metrics, other.History.Epochs[^1].Metrics);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Figures_are_means_over_real_steps(bool weighted)
    {
        // Weights of 0 make all classes equally likely: the loss of a step is ln 3, the first class is said of each.
        Network network = Network.TokenInput(Steps).Embedding(Tokens, 4, maskZero: true).Append(new Layers.Output { Units = Labels, KernelInitializer = new Initializers.Constant(0) }).Softmax();
        Sentences rows = new(37, 3, weighted: weighted), validation = new(131, 4, weighted: weighted);
        EpochResult epoch = Train.Run(network, Options with { Epochs = 1, Optimizer = new Sgd { LearningRate = 0 } }, rows, validation).History.Epochs[0];

        foreach ((Sentences of, string prefix) in ((Sentences, string)[])[(rows, ""), (validation, "val_")])
        {
            var steps = of.Steps().ToArray();
            Assert.Equal(steps.Sum(s => s.Weight) * Math.Log(Labels) / steps.Length, epoch.Metrics[prefix + "loss"], 5);
            Assert.Equal(steps.Where(s => s.Label == 0).Sum(s => s.Weight) / steps.Sum(s => s.Weight), epoch.Metrics[prefix + "accuracy"], 5);
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        Network network = Network.TokenInput(Steps).Embedding(Tokens, 16, maskZero: true).TransformerEncoder(32, 2, dropout: 0.3).TransformerEncoder(32, 2, dropout: 0.3, normalizeFirst: true).ClassOutput(Labels);
        TrainedNetwork one = Train.Run(network, Options, new Sentences(100, 1));
        Train.SameBits(one, Train.Run(network, Options, new Sentences(100, 1), threads: 2));
        Train.SameBits(one, Train.Run(network, Options, new Sentences(100, 1), threads: 3));
    }

    [Fact]
    public void Numbers_at_each_step_are_judged_without_padding()
    {
        Network network = Network.TokenInput(Steps).Embedding(Tokens, 4, maskZero: true).Dense(1, kernelInitializer: new Initializers.Constant(0));
        Sentences rows = new(20, 5, numbers: true);
        EpochResult epoch = Train.Run(
            network, Options with { Loss = new MeanSquaredError(), Metrics = [new MeanAbsoluteErrorMetric(), new RootMeanSquaredError()], Epochs = 1, Optimizer = new Sgd { LearningRate = 0 } }, rows).History.Epochs[0];
        double[] labels = [.. rows.Steps().Select(s => (double)s.Label)];
        Assert.Equal(labels.Average(l => l * l), epoch.Loss, 5);
        Assert.Equal(labels.Average(), epoch.Metrics["mae"], 5);
        Assert.Equal(Math.Sqrt(labels.Average(l => l * l)), epoch.Metrics["rmse"], 5);
    }

    /// <summary>Sentences of random length; a word's label is 2 after word 1, else whether the word is even.</summary>
    private sealed class Sentences : IRowSource
    {
        private readonly List<(int[] Words, int[] Labels, float Weight)> _rows = [];
        private readonly bool _weighted, _numbers;

        public Sentences(int count, int seed, int padding = 0, bool weighted = false, bool numbers = false)
        {
            _weighted = weighted;
            _numbers = numbers;
            Random random = new(seed);
            for (int i = 0; i < count; i++)
            {
                int length = random.Next(1, SequenceLabellingTests.Steps + 1);
                int[] words = new int[SequenceLabellingTests.Steps], labels = new int[words.Length];
                Array.Fill(labels, padding);
                for (int j = 0; j < length; j++)
                {
                    words[j] = random.Next(1, Tokens);
                    labels[j] = j > 0 && words[j - 1] == 1 ? 2 : words[j] % 2;
                }

                _rows.Add((words, labels, random.Next(0, 3)));
            }
        }

        public IReadOnlyList<RowColumn> Columns =>
        [
            new("words", DType.Int32, SequenceLabellingTests.Steps),
            new("labels", _numbers ? DType.Float32 : DType.Int32, SequenceLabellingTests.Steps),
            .. _weighted ? [new RowColumn("weight", DType.Float32, 1)] : Array.Empty<RowColumn>(),
        ];

        public IEnumerable<(int Label, double Weight)> Steps() =>
            _rows.SelectMany(r => r.Labels.Where((_, i) => r.Words[i] != 0).Select(l => (l, _weighted ? (double)r.Weight : 1)));

        public IRowReader Read() => new Reader(this);

        private sealed class Reader(Sentences owner) : IRowReader
        {
            private int _next;

            public bool Read(RowBuffer rows, int index)
            {
                if (_next == owner._rows.Count)
                    return false;
                (int[] words, int[] labels, float weight) = owner._rows[_next++];
                words.CopyTo(rows.Rows<int>(0, index));
                if (owner._numbers)
                    labels.Select(l => (float)l).ToArray().CopyTo(rows.Rows<float>(1, index));
                else
                    labels.CopyTo(rows.Rows<int>(1, index));
                if (owner._weighted)
                    rows.Rows<float>(2, index)[0] = weight;
                return true;
            }

            public void Dispose()
            {
            }
        }
    }
}
