using MLNetDeep.Layers;
using MLNetDeep.Serialization;

namespace MLNetDeep.Graphs.Tests;

/// <summary>Ready-made networks, and taking networks apart for transfer learning.</summary>
public class ReadyMadeTests
{
    // As PyTorch counts them: CIFAR ResNets with projections; torchvision's others, with 1000 classes.
    [Theory]
    [InlineData(20, 32, 10, 272_474)]
    [InlineData(32, 32, 10, 466_906)]
    [InlineData(44, 32, 10, 661_338)]
    [InlineData(56, 32, 10, 855_770)]
    [InlineData(18, 64, 1000, 11_689_512)]
    [InlineData(34, 64, 1000, 21_797_672)]
    [InlineData(50, 64, 1000, 25_557_032)]
    public void ResNet_has_as_many_weights_as_in_PyTorch(int depth, int size, int classes, long expected) =>
        Assert.Equal(expected, TrainableWeights(Networks.ResNet(depth, size).WithOutputUnits(classes)));

    [Theory]
    [InlineData(1.0, 3_504_872)]
    [InlineData(0.5, 1_968_680)]
    public void MobileNetV2_has_as_many_weights_as_in_PyTorch(double width, long expected) =>
        Assert.Equal(expected, TrainableWeights(Networks.MobileNetV2(width, 96).WithOutputUnits(1000)));

    // By hand: each part one weight for each pair of a step of the past and a number of the forecast, and a bias where there is one.
    [Fact]
    public void Forecasters_have_the_weights_of_their_papers()
    {
        Assert.Equal(Shape.Batched(4, 3), ShapeOf(Networks.DLinear(10, 4, 3)));
        Assert.Equal(2 * (10 + 1) * 12, TrainableWeights(Networks.DLinear(10, 4, 3)));
        Assert.Equal((2 * (10 + 1) * 4) + (10 * 2 * 4) + (4 * 5 * 4), TrainableWeights(Networks.DLinear(10, 4, covariates: 2, future: 5)));

        // The last block's backcast is not made: nobody would look at it.
        long block = (10 * 8) + 8 + (8 * 8) + 8;
        Assert.Equal(Shape.Batched(4, 3), ShapeOf(Networks.NBeats(10, 4, 3)));
        Assert.Equal((2 * block) + (2 * 9 * 4) + (9 * 10), TrainableWeights(Networks.NBeats(10, 4, blocks: 2, layers: 2, units: 8)));
        Assert.Equal((2 * block) + (8 * 3) + (8 * 3) + (8 * 3), TrainableWeights(Networks.NBeats(10, 4, interpretable: true, blocks: 1, layers: 2, units: 8)));
        Assert.Equal(Shape.Batched(4, 2), ShapeOf(Networks.NBeats(10, 4, 2, interpretable: true, covariates: 2, future: 1)));
        Assert.Throws<ArgumentException>(() => Networks.DLinear(0, 4));
        Assert.Throws<ArgumentException>(() => Networks.NBeats(10, 4, blocks: 0));
    }

    [Fact]
    public void Moving_averages_and_curves_are_what_a_hand_computes()
    {
        Assert.Equal([(1 + 1 + 2) / 3.0, (1 + 2 + 3) / 3.0, (2 + 3 + 5) / 3.0, (3 + 5 + 5) / 3.0], Values(Network.Input(4, 1).MovingAverage1D(3), 1, 2, 3, 5), new Near());
        Assert.Equal([(1 + 1 + 1 + 2) / 4.0, (1 + 1 + 2 + 2) / 4.0], Values(Network.Input(2, 1).MovingAverage1D(4), 1, 2), new Near());
        Assert.Equal([1, 1 + (0.5 * 1) + (0.25 * 3)], Values(Network.Input(3, 1).TrendBasis(2), 1, 1, 3), new Near());
        Assert.Equal([2 + 3, 2 + 5, 2 - 3, 2 - 5.0], Values(Network.Input(3, 1).SeasonalityBasis(4), 2, 3, 5), new Near());

        static double[] Values(Network network, params double[] x)
        {
            Graph graph = new();
            Tensor output = network.Build(new BuildContext(graph)).Value;
            return Reference.ReferenceEngine.Evaluate([output], new Dictionary<string, double[]> { ["input/input"] = x }, 1)[0].Data;
        }
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-6;

        public int GetHashCode(double x) => 0;
    }

    [Fact]
    public void Strides_follow_the_size_of_the_image()
    {
        Assert.Equal(new Shape(-1, 8, 8, 64), ShapeOf(Networks.ResNet(20, 32).UpTo("stage3")));
        Assert.Equal(new Shape(-1, 2, 2, 512), ShapeOf(Networks.ResNet(18, 64).UpTo("stage4")));
        Assert.Equal(new Shape(-1, 2, 2, 2048), ShapeOf(Networks.ResNet(50, 64).UpTo("stage4")));
        Assert.Equal(new Shape(-1, 3, 3, 320), ShapeOf(Networks.MobileNetV2(size: 96).UpTo("stage7")));
        Assert.Equal(new Shape(-1, 4, 4, 320), ShapeOf(Networks.MobileNetV2(size: 32).UpTo("stage7")));
        Assert.Equal(Shape.Batched(7 * 7 * 64), ShapeOf(Networks.Cnn(28).UpTo("flatten")));
        Assert.Equal(Shape.Batched(8 * 10 * 128), ShapeOf(Networks.Cnn((64, 80), 3).UpTo("flatten")));
        Assert.Equal(Shape.Batched(7 * 7 * 256), ShapeOf(Networks.Cnn(224, 3, filters: 16).UpTo("flatten")));
        Assert.Equal(Shape.Batched(128), ShapeOf(Networks.Cnn().UpTo("flatten").WithInputShapes([8, 8, 3])));
        Assert.Equal(Shape.Batched(300), ShapeOf(Networks.TextCnn(50, 7).UpTo("concatenate")));
        foreach (Size2D size in (Size2D[])[28, (30, 17), 5])
        {
            Assert.Equal(Shape.Batched(size.Height, size.Width, 3), ShapeOf(Networks.Autoencoder(size, 3)));
            Assert.Equal(Shape.Batched(32), ShapeOf(Networks.Autoencoder(size, 3).UpTo("code")));
        }

        Assert.Equal(Shape.Batched(20), ShapeOf(Networks.Autoencoder(20)));
        Assert.Equal(Shape.Batched(20), ShapeOf(Networks.Autoencoder().WithInputShapes([20]).WithOutputUnits(20)));
        Assert.Throws<ArgumentException>(() => Networks.ResNet(19));
        Assert.Throws<ArgumentException>(() => Networks.Cnn(28, 0));
        Assert.Throws<ArgumentException>(() => Networks.MobileNetV2(0));
        Assert.Throws<ArgumentException>(() => Networks.TextCnn(0));
        Assert.Throws<ArgumentException>(() => Networks.Autoencoder(28, 1, filters: []));
        Assert.Equal(Shape.Batched(24), ShapeOf(Networks.Transformer(50, width: 24).UpTo("features").WithInputShapes([7])));
        Assert.Equal(Shape.Batched(24), ShapeOf(Networks.SeriesTransformer(width: 24).UpTo("features").WithInputShapes([7, 3])));
        Assert.Equal(Shape.Batched(64), ShapeOf(Networks.Tcn().UpTo("features").WithInputShapes([100, 3])));
        Assert.Throws<ArgumentException>(() => Networks.Transformer(50, width: 30));
        Assert.Throws<ArgumentException>(() => Networks.SeriesTransformer(0));
        Assert.Throws<ArgumentException>(() => Networks.Tcn(kernelSize: 1));
    }

    [Theory]
    [InlineData(16, 3)]
    [InlineData(64, 3)]
    [InlineData(40, 2)]
    public void The_last_step_of_a_Tcn_sees_the_first(int steps, int kernelSize)
    {
        Graph graph = new();
        MaskedTensor y = Networks.Tcn(steps, 1, filters: 32, kernelSize: kernelSize).UpTo("features").Build(new BuildContext(graph));
        float[] zeros = new float[steps], first = [1, .. zeros[1..]];
        float[] Run(float[] x) => TestEngines.Run("cpu", graph, [y.Value], new Dictionary<string, float[]> { ["input/input"] = x }, 1, seed: 1)[0];
        Assert.NotEqual(Run(zeros), Run(first));
    }

    // As PyTorch counts them, but for its second biases of an LSTM.
    [Fact]
    public void Recurrent_networks_are_of_the_sizes_asked_for()
    {
        Assert.Equal(10000 * 128 + 4 * 128 * (128 + 128 + 1) + 128 * 2 + 2, TrainableWeights(Networks.Lstm(10000, 100).WithOutputUnits(2)));
        Assert.Equal(3 * 64 * (8 + 64 + 2) + 3 * 32 * (64 + 32 + 2) + 33, TrainableWeights(Networks.Gru(steps: 48, features: 8, units: [64, 32]).WithOutputUnits(1)));
        Assert.Equal(50 * 16 + 2 * 4 * 8 * (16 + 8 + 1) + 16 * 3 + 3, TrainableWeights(Networks.BiLstm(50, 7, units: [8], embedding: 16).WithOutputUnits(3)));
        Assert.Equal(Shape.Batched(16), ShapeOf(Networks.BiLstm(50, units: [32, 8]).WithInputShapes([9]).UpTo("bidirectional_1")));
        Assert.Contains("either vocabulary", Assert.Throws<ArgumentException>(() => Networks.Lstm()).Message, StringComparison.Ordinal);
        Assert.Contains("either vocabulary", Assert.Throws<ArgumentException>(() => Networks.Gru(10, features: 3)).Message, StringComparison.Ordinal);
        Assert.Contains("either vocabulary", Assert.Throws<ArgumentException>(() => Networks.Gru(features: 3)).Message, StringComparison.Ordinal);
        Assert.Contains("units [8, 0]", Assert.Throws<ArgumentException>(() => Networks.BiLstm(10, units: [8, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("dropout is 1", Assert.Throws<ArgumentException>(() => Networks.Lstm(10, dropout: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_network_learns_on_the_cpu()
    {
        (Network Network, int Batch)[] networks =
        [
            (Networks.Cnn(8, filters: 4, dropout: 0), 4),
            (Networks.ResNet(20, 8), 2),
            (Networks.ResNet(50, 16), 2),
            (Networks.MobileNetV2(0.1, 16, dropout: 0), 2),
            (Networks.TextCnn(20, 6, 4, filters: 3, dropout: 0), 4),
            (Networks.Transformer(20, 6, 8, 2, dropout: 0), 4),
            (Networks.SeriesTransformer(6, 2, 8, 2, dropout: 0), 4),
            (Networks.Tcn(9, 2, filters: 6, dropout: 0), 4),
            (Networks.Lstm(20, 6, embedding: 32, units: [64, 64], dropout: 0), 4),
            (Networks.Gru(steps: 6, features: 3, units: [64], dropout: 0), 4),
            (Networks.BiLstm(20, 6, embedding: 32, units: [32, 32], dropout: 0), 4),
        ];
        foreach ((Network network, int batch) in networks)
        {
            Graph graph = new();
            BuildContext context = new(graph) { Training = true, OutputUnits = 2, OutputActivation = new Softmax() };
            MaskedTensor output = network.Build(context);
            Tensor labels = graph.Placeholder("labels", DType.Int32, new Shape(-1)), rate = graph.Placeholder("rate", DType.Float32, Shape.Scalar);
            Tensor loss = new Losses.SparseCategoricalCrossentropy().Reduce(output, labels);
            IReadOnlyList<Node> updates = [.. new Optimizers.Adam().Minimize(loss, graph.Variables, rate), .. context.Updates];
            using Engines.ISession session = TestEngines.Get("cpu").CreateSession(graph, 1);
            using Engines.IExecutable step = session.Compile([loss], updates);
            float first = 0, last = 0;
            for (int i = 0; i < 30; i++)
            {
                foreach (Tensor feed in step.Feeds)
                {
                    int count = (int)feed.Shape.Size(batch);
                    float[] values = feed == labels ? [.. Enumerable.Range(0, count).Select(j => (float)(j % 2))]
                        : feed == rate ? [0.003f]
                        : feed.DType == DType.Int32 ? [.. Enumerable.Range(0, count).Select(j => feed.Shape.Rank == 0 ? i : (float)(j * 7 % 20))]
                        : [.. GradientCheck.Numbers(count, 5).Select(v => (float)v)];
                    TestEngines.Feed(step, feed, batch, values);
                }

                step.Run(batch);
                last = step.Fetch<float>(loss)[0];
                first = i == 0 ? last : first;
            }

            Assert.True(last < 0.6 * first, $"{network.Layer}: the loss went from {first} to {last}.");
        }
    }

    [Fact]
    public void A_part_of_a_network_keeps_its_names()
    {
        Network whole = Network.Input(8).Dense(4).Relu().Dense(3).Flatten().Dense(2);
        Network part = whole.UpTo("dense_1");
        Assert.Equal(["input", "dense", "relu", "dense_1"], Names(part));

        // What is appended gets other names, and in front of them nothing moves.
        Assert.Equal(["input", "dense", "relu", "dense_1", "relu_1", "dense_2"], Names(part.Relu().Dense(5)));
        string error = Assert.Throws<ArgumentException>(() => whole.UpTo("dense_3")).Message;
        Assert.Contains("no layer called 'dense_3'. It has: input, dense, relu, dense_1, flatten, dense_2.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_that_is_cut_out_keeps_the_names_of_the_whole()
    {
        Network a = Network.Input("a", 4), b = Network.Input("b", 4);
        Network whole = a.Dense(3).Add(b.Dense(3)).Dense(2);
        Assert.Equal(["b", "dense_1"], Names(whole.UpTo("dense_1")));
    }

    [Fact]
    public void Freezing_stops_learning_and_statistics()
    {
        Network network = Network.Input(4).Dense(3).BatchNormalization().Relu().Dense(2);
        Assert.Equal(["dense_1/kernel", "dense_1/bias"], Trainable(network.FreezeUpTo("relu"), out int updates));
        Assert.Equal(0, updates);
        Assert.Empty(Trainable(network.Freeze(), out _));
        Assert.Equal(6, Trainable(network.Freeze().Unfreeze(), out updates).Length);
        Assert.Equal(2, updates);
        Assert.Contains("no layer called 'x'", Assert.Throws<ArgumentException>(() => network.FreezeUpTo("x")).Message, StringComparison.Ordinal);

        static string[] Trainable(Network network, out int updates)
        {
            BuildContext context = new(new Graph()) { Training = true };
            network.Build(context);
            updates = context.Updates.Count;
            return [.. context.Graph.Variables.Where(v => v.Trainable).Select(v => v.Name)];
        }
    }

    [Fact]
    public void Layers_learn_at_their_own_rate()
    {
        Network network = Network.Input(2).Dense(2, useBias: false, name: "old").Dense(1, useBias: false, name: "new").WithLearningRateUpTo("old", 0.25);
        foreach (Optimizers.Optimizer optimizer in (Optimizers.Optimizer[])
            [new Optimizers.Sgd { WeightDecay = 0.1f, Momentum = 0.9f }, new Optimizers.Adam { WeightDecay = 0.1f }, new Optimizers.RMSprop(), new Optimizers.AdaGrad(), new Optimizers.Nadam()])
        {
            (float Old, float New) slow = Moves(network, optimizer), full = Moves(network.WithLearningRate(1), optimizer);
            Assert.NotEqual(0, full.Old);
            Assert.Equal(full.Old * 0.25f, slow.Old, 1e-6f);
            Assert.Equal(full.New, slow.New);
        }

        Assert.Contains("multiplier of 'old/kernel' is -1", Assert.Throws<ArgumentException>(() => Moves(network.WithLearningRate(-1), new Optimizers.Sgd())).Message, StringComparison.Ordinal);

        static (float Old, float New) Moves(Network network, Optimizers.Optimizer optimizer)
        {
            Graph graph = new();
            Tensor loss = Ops.Sum(Ops.Square(network.Build(new BuildContext(graph) { Training = true }).Value));
            Tensor rate = graph.Placeholder("rate", DType.Float32, Shape.Scalar);
            IReadOnlyList<Node> updates = optimizer.Minimize(loss, graph.Variables, rate);

            // The graph's own file keeps the rates too.
            Assert.Equal(graph.Variables.Select(v => v.LearningRateMultiplier), GraphJson.Read(GraphJson.Write(graph)).Variables.Select(v => v.LearningRateMultiplier));
            using Engines.ISession session = TestEngines.Get("cpu").CreateSession(graph, 3);
            using Engines.IExecutable step = session.Compile([loss], updates);
            float[] old = new float[4], fresh = new float[2], oldAfter = new float[4], freshAfter = new float[2];
            session.ReadVariable("old/kernel", old);
            session.ReadVariable("new/kernel", fresh);
            step.Feed<float>(step.Feeds.Single(f => f.Node.Name == "input/input"), 1).Fill(1);
            step.Feed<float>(rate, 1).Fill(0.1f);
            step.Run(1);
            session.ReadVariable("old/kernel", oldAfter);
            session.ReadVariable("new/kernel", freshAfter);
            return (oldAfter[0] - old[0], freshAfter[0] - fresh[0]);
        }
    }

    private static string[] Names(Network network) => [.. new NetworkPlan([network]).Steps.Select(s => s.Name)];

    private static Shape ShapeOf(Network network) => network.Build(new BuildContext(new Graph())).Value.Shape;

    private static long TrainableWeights(Network network)
    {
        Graph graph = new();
        network.Build(new BuildContext(graph));
        return graph.Variables.Where(v => v.Trainable).Sum(v => (long)v.Shape.UnitSize);
    }
}
