using MLNetDeep.Cpu.Simd;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Cpu.Tests.Planning;

public class FusionTests
{
    private static readonly int[][] Shapes = [[-1, 3, 10], [10], [3, 10], [3, 1], [-1, 1, 1], [-1, 3, 1], [1, 3, 1], [-1, 1, 10], [], [1]];

    // Random graphs of every kind of broadcast, against one element at a time.
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Random_graphs_compute_what_their_nodes_say(int width)
    {
        using var forced = CpuFeatures.Force((VectorWidth)width);
        for (int seed = 0; seed < 150; seed++)
        {
            Random random = new(seed);
            Graph graph = new();
            List<Tensor> tensors = [];
            for (int i = 0; i < 4; i++)
                tensors.Add(graph.Placeholder($"in{i}", DType.Float32, new Shape(Shapes[random.Next(Shapes.Length)])));
            tensors.Add(graph.Placeholder("full", DType.Float32, new Shape(Shapes[0])));
            for (int i = 0; i < 25; i++)
                tensors.Add(Grow(graph, tensors, random));
            Tensor[] fetches = [.. tensors.Where(t => t.Node.Op.Name != "Placeholder").OrderBy(_ => random.Next()).Take(4), tensors[^1]];
            using CpuEngine engine = new(2);
            using ISession session = engine.CreateSession(graph, 1);
            using IExecutable executable = session.Compile(fetches);
            foreach (int batch in (int[])[5, 1, 17])
            {
                Dictionary<Tensor, float[]> feeds = [];
                foreach (Tensor feed in executable.Feeds)
                {
                    Span<float> values = executable.Feed<float>(feed, batch);
                    foreach (ref float v in values)
                        v = random.NextSingle() * 4 - 2;
                    feeds.Add(feed, values.ToArray());
                }

                executable.Run(batch);
                ElementwiseReference reference = new(batch, feeds);
                foreach (Tensor fetch in fetches)
                    AssertClose(reference.Value(fetch), executable.Fetch<float>(fetch), $"seed {seed}, batch {batch}, {fetch}");
            }
        }
    }

    [Fact]
    public void A_chain_becomes_one_step()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, new Shape(-1, 10));
        Tensor y = Ops.Tanh(Ops.Exp(x * 2f) + x) * Ops.Sigmoid(x);
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using CpuExecutable executable = (CpuExecutable)session.Compile([y]);
        Assert.Single(executable.Steps);
    }

    [Fact]
    public void A_convolution_takes_bias_and_relu_along()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, new Shape(-1, 5, 5, 2)), w = graph.Placeholder("w", DType.Float32, new Shape(3, 3, 2, 4));
        Tensor bias = graph.Placeholder("bias", DType.Float32, new Shape(4));
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using CpuExecutable executable = (CpuExecutable)session.Compile([Ops.Relu(Ops.Conv2D(x, w) + bias)]);
        Assert.EndsWith(" +bias +relu", Assert.Single(executable.Steps).Description, StringComparison.Ordinal);
        Assert.Equal(2L * 7 * (3 * 3 * 4) * (3 * 3 * 2), executable.Steps[0].Flops(7));
    }

    [Fact]
    public void Normalisation_in_scoring_becomes_part_of_the_weights()
    {
        Network network = Network.Input(5, 5, 2).Conv2D(4, 3).BatchNormalization().Relu().Conv2D(3, 3, useBias: false).BatchNormalization().Flatten().Dense(2).BatchNormalization();
        Graph graph = new();
        Tensor y = network.Build(new BuildContext(graph)).Value;
        using CpuEngine engine = new(2);
        using ISession session = engine.CreateSession(graph, 1);
        using CpuExecutable executable = (CpuExecutable)session.Compile([y]);
        (string Step, bool IsFixed)[] steps = [.. executable.Steps.Select(s => s.Description).Zip(executable.FixedSteps)];
        Assert.Equal(
            "Rows (Conv2D conv2d/Conv2D 3x3 2-4 Direct +bias +relu; Conv2D conv2d_1/Conv2D 3x3 4-3 Direct +bias; MatMul dense/MatMul +bias)",
            Assert.Single(steps, s => !s.IsFixed).Step);

        // Against the operations one by one, which a fetch of each keeps apart; again after variables and batch changed.
        Tensor[] all = [.. graph.Nodes.Where(n => n.Op.Name is "Conv2D" or "Mul" or "AddV2" or "MatMul").Select(n => n.Outputs[0]), y];
        using IExecutable plain = session.Compile(all), fork = executable.Fork();
        Random random = new(2);
        foreach (int batch in (int[])[1, 3, 2])
        {
            foreach (Variable variable in graph.Variables)
                session.WriteVariable(variable.Name, [.. Enumerable.Range(0, variable.Shape.UnitSize).Select(_ => 0.5f + random.NextSingle())]);
            foreach (IExecutable one in (IExecutable[])[plain, executable, executable, fork])
            {
                Span<float> x = one.Feed<float>(one.Feeds[0], batch);
                for (int i = 0; i < x.Length; i++)
                    x[i] = MathF.Sin(i);
                one.Run(batch);
                AssertClose([.. plain.Fetch<float>(y).ToArray().Select(v => (double)v)], one.Fetch<float>(y), $"batch {batch}");
            }
        }
    }

    [Fact]
    public void Weights_are_packed_once_in_scoring_and_again_after_they_changed()
    {
        Graph graph = new();
        Tensor y = Network.Input(6, 5).Dense(7).Build(new BuildContext(graph)).Value;
        Variable kernel = graph.GetVariable("dense/kernel");
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using CpuExecutable score = (CpuExecutable)session.Compile([y]), train = (CpuExecutable)session.Compile([y], [Ops.Assign(kernel, kernel.Tensor * 2f)]);
        Assert.Equal([("PackWeights dense/MatMul", true), ("MatMul dense/MatMul +bias", false)], score.Steps.Select(s => s.Description).Zip(score.FixedSteps));
        Assert.DoesNotContain(train.Steps, s => s.Description.StartsWith("PackWeights", StringComparison.Ordinal));
        float last = 0;
        for (int i = 0; i < 3; i++)
        {
            score.Feed<float>(score.Feeds[0], 3).Fill(1);
            score.Run(3);
            float now = score.Fetch<float>(y)[4];
            if (i > 0)
                Assert.Equal(2 * last, now, 1e-5f);
            last = now;
            train.Feed<float>(train.Feeds[0], 3).Fill(1);
            train.Run(3);
            Assert.Equal(last, train.Fetch<float>(y)[4], 1e-5f);
        }
    }

    [Fact]
    public void Weights_of_convolutions_are_made_ready_once_in_scoring_and_again_after_they_changed()
    {
        Graph graph = new();
        Network network = Network.Input(4, 4, 3).Conv2DTranspose(13, 4, strides: 2).Conv2D(5, 3, padding: "same").BatchNormalization();
        Tensor y = network.Build(new BuildContext(graph)).Value;
        Variable kernel = graph.GetVariable("conv2d/kernel");
        foreach (bool measure in (bool[])[false, true])
        {
            using CpuEngine engine = new(2) { MeasureConvolutions = measure };
            using ISession session = engine.CreateSession(graph, 1);
            using CpuExecutable score = (CpuExecutable)session.Compile([y]), train = (CpuExecutable)session.Compile([y], [Ops.Assign(kernel, kernel.Tensor * 2f)]);
            Assert.Equal(
                ["PackConvolutionWeights conv2d/Conv2D", "PackConvolutionWeights conv2d_transpose/Conv2DBackpropInput"],
                score.Steps.Zip(score.FixedSteps).Where(s => s.Second && s.First.Description.StartsWith("Pack", StringComparison.Ordinal)).Select(s => s.First.Description).Order());
            Assert.DoesNotContain(train.Steps, s => s.Description.StartsWith("PackConvolutionWeights conv2d/", StringComparison.Ordinal));
            float last = 0;
            for (int i = 0; i < 3; i++)
            {
                // The bias is 0, so everything is proportional to the weights of the last convolution.
                score.Feed<float>(score.Feeds[0], 2).Fill(1);
                score.Run(2);
                float now = score.Fetch<float>(y)[37];
                if (i > 0)
                    Assert.Equal(2 * last, now, 1e-4f * Math.Abs(now));
                last = now;
                train.Feed<float>(train.Feeds[0], 2).Fill(1);
                train.Run(2);
                Assert.Equal(last, train.Fetch<float>(y)[37], 1e-4f * Math.Abs(last));
            }

            Assert.NotEqual(0, last);
        }
    }

    [Fact]
    public void What_frozen_weights_make_is_made_once_in_training_too()
    {
        Graph graph = new();
        Network network = Network.Input(4).Dense(4, useBias: false, name: "old").BatchNormalization().FreezeUpTo("batch_normalization").Dense(1, name: "new");
        Tensor loss = Ops.Sum(Ops.Square(network.Build(new BuildContext(graph) { Training = true }).Value));
        Tensor[] by = [.. graph.Variables.Where(v => v.Trainable).Select(v => v.Tensor)];
        Node[] updates = [.. graph.Variables.Where(v => v.Trainable).Zip(Gradients.Compute([loss], by), (v, g) => Ops.Assign(v, v.Tensor - g! * 0.01f))];
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using CpuExecutable step = (CpuExecutable)session.Compile([loss], updates);
        using IExecutable score = session.Compile([loss]);
        Assert.Contains(true, step.FixedSteps);
        float last = float.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            foreach (IExecutable one in (IExecutable[])[score, step])
            {
                one.Feed<float>(one.Feeds[0], 2).Fill(1);
                one.Run(2);
            }

            Assert.Equal(score.Fetch<float>(loss)[0], step.Fetch<float>(loss)[0], 1e-5f);
            Assert.True(step.Fetch<float>(loss)[0] < last);
            last = step.Fetch<float>(loss)[0];
        }
    }

    [Fact]
    public void Equal_computations_are_done_once()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, new Shape(-1, 10));
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using CpuExecutable executable = (CpuExecutable)session.Compile([Ops.Exp(x) + Ops.Exp(x)]);
        Assert.Equal("Exp AddV2 AddV2", Assert.Single(executable.Steps).Description);
    }

    [Fact]
    public void All_updates_see_the_values_from_before_the_run()
    {
        Graph graph = new();
        Variable a = graph.Variable("a", new Shape(20), new Constant(1)), b = graph.Variable("b", new Shape(20), new Constant(2));
        Variable c = graph.Variable("c", new Shape(20), new Constant(3));
        Node[] targets = [Ops.Assign(a, b.Tensor), Ops.Assign(b, a.Tensor), Ops.Assign(c, a.Tensor + b.Tensor * c.Tensor)];
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using IExecutable executable = session.Compile([a.Tensor, Ops.Square(b.Tensor)], targets);
        (float A, float B, float C) expected = (1, 2, 3);
        for (int i = 0; i < 3; i++)
        {
            executable.Run(1);
            Assert.All(executable.Fetch<float>(a.Tensor).ToArray(), v => Assert.Equal(expected.A, v));
            Assert.All(executable.Fetch<float>(executable.Fetches[1]).ToArray(), v => Assert.Equal(expected.B * expected.B, v));
            expected = (expected.B, expected.A, expected.A + (expected.B * expected.C));
            Assert.Equal((expected.A, expected.B, expected.C), (Read(session, a), Read(session, b), Read(session, c)));
        }
    }

    [Fact]
    public void An_update_is_written_in_place_where_nothing_reads_the_old_value_later()
    {
        Graph graph = new();
        Variable weight = graph.Variable("w", new Shape(100), new Constant(1)), momentum = graph.Variable("m", new Shape(100), new Constant(0));
        Tensor gradient = graph.Placeholder("g", DType.Float32, new Shape(100));
        Tensor m = momentum.Tensor * 0.9f + gradient;
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using CpuExecutable executable = (CpuExecutable)session.Compile([], [Ops.Assign(momentum, m), Ops.Assign(weight, weight.Tensor - m * 0.1f)]);
        executable.Feed<float>(gradient, 1).Fill(1);
        executable.Run(1);
        executable.Run(1);
        Assert.Single(executable.Steps);
        Assert.Equal(1.9f, Read(session, momentum), 1e-6f);
        Assert.Equal(1 - 0.1f - 0.19f, Read(session, weight), 1e-6f);
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, new Shape(-1, 1000));
        using CpuEngine engine = new(2);
            using ISession session = engine.CreateSession(graph, 1);
        using IExecutable executable = session.Compile([Ops.Exp(x)]);
        executable.Run(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            executable.Run(1000 - i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float Read(ISession session, Variable variable)
    {
        float[] values = new float[variable.Shape.UnitSize];
        session.ReadVariable(variable.Name, values);
        Assert.All(values, v => Assert.Equal(values[0], v));
        return values[0];
    }

    private static Tensor Grow(Graph graph, List<Tensor> tensors, Random random)
    {
        while (true)
        {
            Tensor a = tensors[random.Next(tensors.Count)], b = tensors[random.Next(tensors.Count)], c = tensors[random.Next(tensors.Count)];
            try
            {
                return random.Next(15) switch
                {
                    0 => a + b,
                    1 => a - b,
                    2 => a * b,
                    3 => Ops.Maximum(a, b),
                    4 => Ops.Minimum(a, b),
                    5 => Ops.Tanh(a),
                    6 => Ops.Sigmoid(a),
                    7 => Ops.Relu(a),
                    8 => Ops.LeakyRelu(a, 0.3f),
                    9 => Ops.Select(Ops.Greater(a, b), b, c),
                    10 => Ops.Abs(a) * 0.5f,
                    11 => Ops.BroadcastLike(a, b),
                    12 => Ops.Reshape(a, a.Shape.IsBatched ? new Shape(-a.Shape.UnitSize, 1) : new Shape(a.Shape.UnitSize)),
                    13 => Ops.Exp(-Ops.Abs(a)),
                    _ => a / (1f + Ops.Square(b)),
                };
            }
            catch (ArgumentException)
            {
                // Shapes that do not fit: draw again.
            }
        }
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double tolerance = 1e-4 * Math.Max(1, Math.Abs(expected[i]));
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance) && !(Math.Abs(expected[i]) > 1e30))
                Assert.Fail($"{what}, element {i}: expected {expected[i]}, received {actual[i]}");
        }
    }
}
