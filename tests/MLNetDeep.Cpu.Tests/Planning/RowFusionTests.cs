using MLNetDeep.Cpu.Simd;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Cpu.Tests.Planning;

public class RowFusionTests
{
    private static readonly int[] Batches = [1, 2, 3, 40, 5, 16, 130, 8];

    public static TheoryData<string> Networks => [.. Table.Keys];

    private static readonly Dictionary<string, Func<Network>> Table = new()
    {
        ["mlp"] = () => Network.Input(13).Dense(40).Relu().LayerNormalization().Dense(7).Tanh().Dense(3).Softmax(),
        ["one output"] = () => Network.Input(13).Dense(31).Sigmoid().Dense(1),
        ["steps"] = () => Network.Input(7, 5).Dense(9).Gelu().LayerNormalization().Dense(1).Flatten().Dense(2),
        ["transformer"] = () => MLNetDeep.Networks.Transformer(50, 10, width: 24, heads: 3, feedForward: 36).WithOutputUnits(4),
        ["pre-norm"] = () => Network.Input(9, 12).TransformerEncoder(20, 2, normalizeFirst: true).TransformerEncoder(20, 2).LayerNormalization().Flatten().Dense(1),
        ["images"] = () => Network.Input(10, 12, 3).Conv2D(16, 3, padding: "same").BatchNormalization().Relu()
            .MaxPool2D(2).Conv2D(20, 3, strides: 2).LeakyRelu().Conv2DTranspose(5, 4, strides: 2).AveragePool2D(2).Flatten().Dense(11),
        ["small images"] = () => Network.Input(5, 5, 1).Conv2D(3, 3).Relu().Conv2D(5, 2).Relu().Conv2D(7, 1).Conv2D(2, 2).Flatten().Dense(1),
        ["signals"] = () => Network.Input(30, 2).Conv1D(8, 3, padding: "causal").Relu().Conv1D(8, 3, padding: "causal", dilationRate: 2).LayerNormalization().GlobalAveragePool1D().Dense(3),
    };

    // In any number of threads the same bits, whoever shares the pool; and what the steps one by one compute.
    [Theory]
    [MemberData(nameof(Networks))]
    public void Threads_change_no_bit(string name)
    {
        foreach (VectorWidth width in Pools.Widths)
        {
            using var forced = CpuFeatures.Force(width);
            Graph graph = new();
            Tensor y = Table[name]().Build(new BuildContext(graph)).Value;
            using CpuEngine plain = new(2) { FuseRows = false };
            using ISession plainSession = plain.CreateSession(graph, 1);
            using IExecutable expected = plainSession.Compile([y]);
            List<(CpuEngine, ISession)> engines = [];
            List<CpuExecutable> fused = [];
            foreach (int threads in (int[])[1, 2, 3, 9])
            {
                CpuEngine engine = new(threads);
                ISession session = engine.CreateSession(graph, 1);
                engines.Add((engine, session));
                fused.Add((CpuExecutable)session.Compile([y]));
            }

            Assert.Contains(fused[0].Steps, s => s.Description.StartsWith("Rows (", StringComparison.Ordinal));
            foreach (int batch in Batches)
            {
                Run(expected, batch);
                float[] first = [];
                foreach (CpuExecutable one in fused)
                {
                    Run(one, batch);
                    float[] now = one.Fetch<float>(y).ToArray();
                    if (first.Length == 0)
                        first = now;
                    int at = now.AsSpan().CommonPrefixLength(first);
                    Assert.True(at == now.Length, $"{width}, batch {batch}: other bits from {at} of {now.Length} on: {now[Math.Min(at, now.Length - 1)]:R} and {first[Math.Min(at, now.Length - 1)]:R}.");
                }

                ReadOnlySpan<float> right = expected.Fetch<float>(y);
                for (int i = 0; i < right.Length; i++)
                    Assert.Equal(right[i], first[i], 2e-5f);
            }

            foreach (CpuExecutable one in fused)
                one.Dispose();
            foreach ((CpuEngine engine, ISession session) in engines)
            {
                session.Dispose();
                engine.Dispose();
            }
        }
    }

    // Random chains of what does rows on its own and of what does not, some of their values read from outside.
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Random_graphs_compute_what_their_steps_do_one_by_one(int width)
    {
        using var forced = CpuFeatures.Force((VectorWidth)width);
        int fusedSteps = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            Graph graph = new();
            int steps = random.Next(1, 8);
            List<Tensor> tensors = [graph.Placeholder("x", DType.Float32, new Shape(-1, steps, random.Next(1, 20))), graph.Placeholder("mask", DType.Float32, new Shape(-1, steps, 1))];
            for (int i = 0; i < 14; i++)
                tensors.Add(Grow(graph, tensors, random, steps, i));
            Tensor[] fetches = [tensors[^1], .. tensors.Skip(2).Where(_ => random.Next(5) == 0)];
            using CpuEngine plain = new(2) { FuseRows = false }, two = new(2), five = new(5);
            using ISession a = plain.CreateSession(graph, 1), b = two.CreateSession(graph, 1), c = five.CreateSession(graph, 1);
            using CpuExecutable expected = (CpuExecutable)a.Compile(fetches), fused = (CpuExecutable)b.Compile(fetches), more = (CpuExecutable)c.Compile(fetches);
            fusedSteps += fused.Steps.Count(s => s.Description.StartsWith("Rows (", StringComparison.Ordinal));
            foreach (int batch in (int[])[4, 1, 33, 2, 90])
            {
                foreach (IExecutable one in (IExecutable[])[expected, fused, more])
                    Run(one, batch);
                foreach (Tensor fetch in fetches.Distinct())
                {
                    ReadOnlySpan<float> right = expected.Fetch<float>(fetch), now = fused.Fetch<float>(fetch);
                    Assert.True(now.SequenceEqual(more.Fetch<float>(fetch)), $"seed {seed}, batch {batch}, {fetch}: other bits on five threads.");
                    for (int i = 0; i < right.Length; i++)
                    {
                        if (!(Math.Abs(right[i] - now[i]) <= 1e-4f * Math.Max(1, Math.Abs(right[i]))))
                            Assert.Fail($"seed {seed}, batch {batch}, {fetch}, element {i}: expected {right[i]}, received {now[i]}\n{fused}");
                    }
                }
            }
        }

        Assert.True(fusedSteps > 40, $"Only {fusedSteps} steps were fused.");
    }

    [Fact]
    public void A_transformer_is_one_step_of_others()
    {
        Graph graph = new();
        Tensor y = Table["transformer"]().Build(new BuildContext(graph)).Value;
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using CpuExecutable executable = (CpuExecutable)session.Compile([y]);
        string[] steps = [.. executable.Steps.Zip(executable.FixedSteps).Where(s => !s.Second).Select(s => s.First.Description)];
        string whole = Assert.Single(steps, s => s.StartsWith("Rows (AddV2 position_embedding", StringComparison.Ordinal));
        Assert.Equal(3, whole.Split(["Rows (LayerNorm", "Rows (MatMul"], StringSplitOptions.None).Length - 1);
        Assert.Equal(2, whole.Split("; ScaledDotProductAttention").Length - 1);
        Assert.Equal(12, whole.Split("/MatMul +bias").Length - 1);
    }

    [Fact]
    public void Great_weights_are_read_for_all_rows_at_once()
    {
        Graph graph = new();
        Tensor y = Network.Input(600).Dense(600).Relu().Dense(300).Relu().Dense(10).Build(new BuildContext(graph)).Value;
        using ISession session = CpuEngine.Shared.CreateSession(graph, 1);
        using CpuExecutable executable = (CpuExecutable)session.Compile([y]);
        Assert.Equal(
            ["MatMul dense/MatMul +bias +relu", "MatMul dense_1/MatMul +bias +relu", "MatMul dense_2/MatMul +bias"],
            executable.Steps.Zip(executable.FixedSteps).Where(s => !s.Second).Select(s => s.First.Description));
    }

    [Fact]
    public void What_lies_between_takes_room_for_some_rows_alone()
    {
        Graph graph = new();
        Tensor y = Table["transformer"]().Build(new BuildContext(graph)).Value;
        using CpuEngine plain = new(2) { FuseRows = false }, engine = new(2);
        using ISession a = plain.CreateSession(graph, 1), b = engine.CreateSession(graph, 1);
        using CpuExecutable one = (CpuExecutable)a.Compile([y]), fused = (CpuExecutable)b.Compile([y]);
        foreach (CpuExecutable executable in (CpuExecutable[])[one, fused])
            Run(executable, 2000);
        Assert.True(fused.ArenaSize < one.ArenaSize / 2, $"{fused.ArenaSize} and {one.ArenaSize}");
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        Graph graph = new();
        Tensor y = Table["transformer"]().Build(new BuildContext(graph)).Value;
        using CpuEngine engine = new(2);
        using ISession session = engine.CreateSession(graph, 1);
        using IExecutable executable = session.Compile([y]);
        Run(executable, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (int batch in Batches)
            executable.Run(Math.Min(batch, 100));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Executables_on_several_threads_share_the_pool()
    {
        Graph graph = new();
        Tensor y = Table["transformer"]().Build(new BuildContext(graph)).Value;
        using CpuEngine engine = new(3);
        using ISession session = engine.CreateSession(graph, 1);
        using IExecutable first = session.Compile([y]);
        Run(first, 70);
        float[] expected = first.Fetch<float>(y).ToArray();
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 3 }, _ =>
        {
            using IExecutable own = first.Fork();
            for (int i = 0; i < 20; i++)
            {
                Run(own, 70);
                Assert.True(own.Fetch<float>(y).SequenceEqual(expected));
            }
        });
    }

    private static Tensor Grow(Graph graph, List<Tensor> tensors, Random random, int steps, int index)
    {
        while (true)
        {
            Tensor a = tensors[random.Next(Math.Max(0, tensors.Count - 3), tensors.Count)], b = tensors[random.Next(tensors.Count)];
            int width = a.Shape[^1];
            try
            {
                return random.Next(12) switch
                {
                    0 or 1 or 2 => Dense(a, random.Next(1, 30)),
                    3 => Ops.Softmax(a),
                    4 => LayerNorm(a),
                    5 => a + b,
                    6 => a * b,
                    7 => Ops.Tanh(a) + Variable(width),
                    8 => a + Variable(steps, width),
                    9 => Ops.Relu(a * Variable(1)),
                    10 => a - Ops.Mean(a, [1], keepDims: true),
                    _ => Ops.Sigmoid(a) * Variable(1, steps, 1),
                };
            }
            catch (ArgumentException)
            {
                // Shapes that do not fit: draw again.
            }
        }

        Tensor Variable(params int[] dims) => graph.Variable($"v{index}_{graph.Variables.Count}", new Shape(dims), new RandomUniform(-1, 1)).Tensor;

        Tensor Dense(Tensor x, int units)
        {
            Tensor y = Ops.MatMul(Ops.Reshape(x, new Shape(-steps, x.Shape[^1])), Variable(x.Shape[^1], units)) + Variable(units);
            return Ops.Reshape(y, new Shape(-1, steps, units));
        }

        Tensor LayerNorm(Tensor x) => Ops.LayerNorm(x, Variable(x.Shape[^1]), Variable(x.Shape[^1]), 1e-3f);
    }

    private static void Run(IExecutable executable, int batch)
    {
        foreach (Tensor feed in executable.Feeds)
        {
            if (feed.DType == DType.Int32)
            {
                Span<int> ids = executable.Feed<int>(feed, batch);
                for (int i = 0; i < ids.Length; i++)
                    ids[i] = (i * 7) % 50;
                continue;
            }

            Span<float> values = executable.Feed<float>(feed, batch);
            for (int i = 0; i < values.Length; i++)
                values[i] = MathF.Sin(i * 1.7f);
        }

        executable.Run(batch);
    }
}
