using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.TensorFlow.Tests.Support;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.TensorFlow.Tests;

/// <summary>Ten steps of training on both engines, with batches of several sizes: losses and weights stay together.</summary>
public class TrainingTests
{
    private const int Steps = 10;

    private static readonly Dictionary<string, Func<Network>> Networks = new()
    {
        ["mlp"] = () => MLNetDeep.Networks.Mlp(5, [6, 4], dropout: 0.3),
        ["mlp with batch normalization"] = () => MLNetDeep.Networks.Mlp(5, [6], batchNormalization: true),
        ["cnn"] = () => MLNetDeep.Networks.Cnn(8, filters: 3, hidden: 8),
        ["resnet20"] = () => MLNetDeep.Networks.ResNet(20, 8),
        ["mobilenet"] = () => MLNetDeep.Networks.MobileNetV2(0.05, 16),
        ["text cnn"] = () => MLNetDeep.Networks.TextCnn(20, 6, 4, filters: 3),
        ["transformer"] = () => MLNetDeep.Networks.Transformer(20, 5, 8, 2),
        ["series transformer"] = () => MLNetDeep.Networks.SeriesTransformer(5, 2, 8, 2),
        ["tcn"] = () => MLNetDeep.Networks.Tcn(9, 2, filters: 4),
        ["lstm"] = () => MLNetDeep.Networks.Lstm(20, 6, embedding: 5, units: [4, 3]),
        ["gru"] = () => MLNetDeep.Networks.Gru(steps: 5, features: 3, units: [4]),
        ["bilstm"] = () => MLNetDeep.Networks.BiLstm(20, 5, embedding: 4, units: [3]),
        ["autoencoder"] = () => MLNetDeep.Networks.Autoencoder(6, [4], 2).Dense(2).Softmax(),
        ["image autoencoder"] = () => MLNetDeep.Networks.Autoencoder(8, 1, [2, 3], 4).Flatten().Dense(2).Softmax(),
        ["dlinear"] = () => MLNetDeep.Networks.DLinear(8, 4).Flatten().Dense(2).Softmax(),
        ["nbeats"] = () => MLNetDeep.Networks.NBeats(8, 4, blocks: 2, layers: 2, units: 6).Flatten().Dense(2).Softmax(),
        ["interpretable nbeats"] = () => MLNetDeep.Networks.NBeats(8, 4, interpretable: true, blocks: 1, layers: 1, units: 6).Flatten().Dense(2).Softmax(),
    };

    private static readonly Dictionary<string, Optimizer> Optimizers = new()
    {
        ["sgd"] = new Sgd(),
        ["momentum"] = new Sgd { Momentum = 0.9f, Nesterov = true, WeightDecay = 0.01f },
        ["adam"] = new Adam(),
        ["amsgrad"] = new Adam { AmsGrad = true, ClipNorm = 0.5f },
        ["adamw"] = new AdamW { ClipValue = 0.1f },
        ["nadam"] = new Nadam { GlobalClipNorm = 0.5f },
        ["rmsprop"] = new RMSprop { Momentum = 0.5f, Centered = true },
        ["adagrad"] = new AdaGrad { WeightDecay = 0.1f, ExcludeFromWeightDecay = ["/bias"] },
    };

    // An autoencoder gives back its own inputs, whatever the task asks for.
    private static int UnitsOf(string network) => network == "autoencoder" ? 6 : 2;

    public static TheoryData<string, string> AllNetworks => TestedEngines.Times(Networks.Keys);

    // The training of MobileNet says nothing here: weights that differ by 1e-7 make the CPU engine differ from itself by 4e-4 after one step and 8 % after three, at
    // any size of image. Its operations learn in a shallower network among the recorded cases of the export.
    public static TheoryData<string, string> SteadyNetworks => TestedEngines.Times(Networks.Keys.Where(n => n != "mobilenet"));

    public static TheoryData<string, string> AllOptimizers => TestedEngines.Times(Optimizers.Keys);

    [Fact]
    public void Every_optimizer_is_tested() =>
        Assert.Empty(typeof(Optimizer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Optimizer)) && !t.IsAbstract).Except(Optimizers.Values.Select(o => o.GetType())));

    [SkippableTheory]
    [MemberData(nameof(SteadyNetworks))]
    public void Ready_made_networks_learn_the_same(string engine, string network) => Train(engine, Networks[network](), new Sgd { Momentum = 0.9f }, UnitsOf(network));

    [SkippableTheory]
    [MemberData(nameof(AllOptimizers))]
    public void Optimizers_learn_the_same(string engine, string optimizer) => Train(engine, MLNetDeep.Networks.Mlp(5, [6, 4]), Optimizers[optimizer]);

    [SkippableTheory]
    [MemberData(nameof(AllNetworks))]
    public void Ready_made_networks_score_the_same(string engine, string network)
    {
        Graph graph = new();
        Tensor output = Networks[network]().Build(new BuildContext(graph) { OutputUnits = UnitsOf(network), OutputActivation = new Softmax() }).Value;
        IEngine tested = TestedEngines.Get(engine);
        using ISession session = tested.CreateSession(graph, 3), reference = TestedEngines.Cpu.CreateSession(graph, 3);
        using IExecutable actual = session.Compile([output]), expected = reference.Compile([output]);
        foreach (int batch in (int[])[1, 3, 2])
        {
            foreach (IExecutable executable in (IExecutable[])[actual, expected])
            {
                Feed(executable, batch, 0, new(null, null, 0));
                executable.Run(batch);
            }

            Compare.Near($"{network}, batch of {batch}", expected.Fetch<float>(output), actual.Fetch<float>(output), 1e-4);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Adversaries_learn_the_same_with_a_gradient_penalty(string engine)
    {
        AdversarialOptions options = new()
        {
            Loss = new WassersteinLoss(),
            Penalty = new InterpolationPenalty(),
            GeneratorOptimizer = new RMSprop { LearningRate = 1e-3f },
            DiscriminatorOptimizer = new RMSprop { LearningRate = 1e-3f },
            InstanceNoise = 0.1f,
            AverageDecay = 0.9f,
            Seed = 5,
        };
        AdversarialGraph gan = new(
            MLNetDeep.Networks.DcGanGenerator(8, 1, latent: 3, classes: 2, filters: 2), MLNetDeep.Networks.DcGanDiscriminator(8, 1, classes: 2, filters: 2, batchNormalization: false), options);
        Tensor[] judged = [gan.DiscriminatorLoss, gan.Penalty!, gan.RealScore, gan.FakeScore];
        Play actual = new(TestedEngines.Get(engine), gan, judged), expected = new(TestedEngines.Cpu, gan, judged);
        using (actual)
        using (expected)
        {
            for (int i = 0; i < 4; i++)
            {
                (float[] losses, float[] wanted) = (actual.Step(i, 2 + (i % 2)), expected.Step(i, 2 + (i % 2)));
                for (int j = 0; j < losses.Length; j++)
                    Assert.True(Math.Abs(losses[j] - wanted[j]) <= 1e-4 * Math.Max(1, Math.Abs(wanted[j])), $"step {i}, figure {j}: {losses[j]}, on the CPU engine {wanted[j]}");
            }

            foreach (Variable variable in gan.Graph.Variables)
                Compare.Near(variable.Name, expected.Read(variable), actual.Read(variable), 1e-3);
        }
    }

    private static void Train(string engine, Network network, Optimizer optimizer, int units = 2, float firstRate = 0.01f)
    {
        Graph graph = new();
        BuildContext context = new(graph) { Training = true, Seed = 2, OutputUnits = units, OutputActivation = new Softmax() };
        MaskedTensor output = network.Build(context);
        Tensor labels = graph.Placeholder("labels", DType.Int32, new Shape(-1)), rate = graph.Placeholder("rate", DType.Float32, Shape.Scalar);
        Tensor loss = context.Losses.Aggregate(new SparseCategoricalCrossentropy().Reduce(output, labels), (a, b) => a + b);
        IReadOnlyList<Node> updates = [.. optimizer.Minimize(loss, graph.Variables, rate), .. context.Updates];
        using ISession session = TestedEngines.Get(engine).CreateSession(graph, 1), reference = TestedEngines.Cpu.CreateSession(graph, 1);
        using IExecutable actual = session.Compile([loss, output.Value], updates), expected = reference.Compile([loss, output.Value], updates);
        for (int i = 0; i < Steps; i++)
        {
            int batch = i % 4 == 3 ? 5 : 8;
            foreach (IExecutable executable in (IExecutable[])[actual, expected])
            {
                Feed(executable, batch, i, new(labels, rate, firstRate));
                executable.Run(batch);
            }

            float own = actual.Fetch<float>(loss)[0], wanted = expected.Fetch<float>(loss)[0];
            Assert.True(Math.Abs(own - wanted) <= 1e-4 * Math.Abs(wanted), $"The loss of step {i} is {own}, on the CPU engine {wanted}.");
        }

        foreach (Variable variable in graph.Variables)
        {
            float[] own = new float[variable.Shape.UnitSize], wanted = new float[variable.Shape.UnitSize];
            session.ReadVariable(variable.Name, own);
            reference.ReadVariable(variable.Name, wanted);
            Compare.Near(variable.Name, wanted, own, 1e-3);
        }
    }

    private static void Feed(IExecutable executable, int batch, int step, Fed fed)
    {
        foreach (Tensor feed in executable.Feeds)
        {
            int count = (int)feed.Shape.Size(batch);
            float[] values = feed == fed.Labels ? [.. Enumerable.Range(0, count).Select(j => (float)((j + step) % 2))]

                // As of a schedule.
                : feed == fed.Rate ? [fed.FirstRate / (1 + step)]
                : feed.DType == DType.Int32 ? [.. Enumerable.Range(0, count).Select(j => feed.Shape.Rank == 0 ? step : (float)((j * 7 + step) % 20))]
                : [.. GradientCheck.Numbers(count, 5 + step).Select(v => (float)v)];
            Compare.Feed(executable, feed, batch, values);
        }
    }

    private sealed record Fed(Tensor? Labels, Tensor? Rate, float FirstRate);

    // Both sides' steps, the average, and what comes out of it.
    private sealed class Play : IDisposable
    {
        private readonly ISession _session;
        private readonly IExecutable _judge, _make, _average, _generate;
        private readonly AdversarialGraph _gan;
        private readonly Tensor[] _judged;

        public Play(IEngine engine, AdversarialGraph gan, Tensor[] judged)
        {
            (_gan, _judged) = (gan, judged);
            _session = engine.CreateSession(gan.Graph, 4);
            _judge = _session.Compile(judged, gan.DiscriminatorUpdates);
            _make = _session.Compile([gan.GeneratorLoss], gan.GeneratorUpdates);
            _average = _session.Compile([], gan.AverageUpdates);
            _generate = _session.Compile([gan.Generated]);
        }

        public float[] Step(int step, int batch)
        {
            Run(_judge, 2 * step, batch);
            Run(_make, (2 * step) + 1, batch);
            Run(_average, step, batch);
            Run(_generate, step, batch);
            return [.. _judged.Select(j => _judge.Fetch<float>(j)[0]), _make.Fetch<float>(_gan.GeneratorLoss)[0], .. _generate.Fetch<float>(_gan.Generated)];
        }

        public float[] Read(Variable variable)
        {
            float[] values = new float[variable.Shape.UnitSize];
            _session.ReadVariable(variable.Name, values);
            return values;
        }

        public void Dispose()
        {
            _judge.Dispose();
            _make.Dispose();
            _average.Dispose();
            _generate.Dispose();
            _session.Dispose();
        }

        private void Run(IExecutable executable, int step, int batch)
        {
            foreach (Tensor feed in executable.Feeds)
            {
                int count = (int)feed.Shape.Size(batch);
                Compare.Feed(executable, feed, batch, feed == _gan.Step ? [step] : feed == _gan.Classes ? [.. Enumerable.Range(0, count).Select(i => (float)(i % 2))]
                    : feed == _gan.GeneratorRate || feed == _gan.DiscriminatorRate ? [1e-3f] : feed == _gan.AverageDecay ? [0.9f] : [.. GradientCheck.Numbers(count, 9 + step).Select(v => (float)v)]);
            }

            executable.Run(batch);
        }
    }
}
