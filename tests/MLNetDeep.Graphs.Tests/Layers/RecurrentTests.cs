using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Graphs.Tests.Reference;
using MLNetDeep.Layers;
using MLNetDeep.Losses;

namespace MLNetDeep.Graphs.Tests.Layers;

/// <summary>Recurrent layers beyond what holds for every layer: masks, states, directions, what does not fit.</summary>
public class RecurrentTests
{
    public static TheoryData<string> Kinds => ["simple_rnn", "lstm", "gru", "gru_reset_before", "lstm_elu"];

    // Steps that are padding change nothing: a row gives the same alone in its own length, whichever side is padded and in both directions.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Padding_changes_nothing(string kind)
    {
        foreach (bool sequences in (bool[])[false, true])
        {
            foreach (int[] ids in (int[][])[[3, 1, 4, 0, 0], [0, 0, 3, 1, 4], [0, 3, 1, 4, 0]])
            {
                Layer layer = new Bidirectional { Layer = Make(kind) with { ReturnSequences = sequences } };
                float[] padded = Run(ids, layer), alone = Run([3, 1, 4], layer);
                int first = sequences ? Array.IndexOf(ids, 3) * 4 : 0;
                Assert.All(alone.Zip(padded[first..]), p => Assert.Equal(p.First, p.Second, 1e-6f));
            }
        }

        static float[] Run(int[] ids, Layer layer)
        {
            Graph graph = new();
            MaskedTensor y = Network.TokenInput(ids.Length, "ids").Embedding(5, 2, maskZero: true).Append(layer).Build(new BuildContext(graph));
            return TestEngines.Run("cpu", graph, [y.Value], new Dictionary<string, float[]> { ["ids/input"] = [.. ids.Select(i => (float)i)] }, 1)[0];
        }
    }

    [Fact]
    public void Masked_steps_do_not_reach_the_loss_nor_the_pool()
    {
        foreach (bool pooled in (bool[])[false, true])
        {
            float Loss(float[] target, float[] ids)
            {
                Graph graph = new();
                Network states = Network.TokenInput(3, "ids").Embedding(5, 2, maskZero: true).Lstm(2, returnSequences: true);
                MaskedTensor y = (pooled ? states.GlobalAveragePool1D() : states).Dense(1).Build(new BuildContext(graph));
                Tensor wanted = graph.Placeholder("target", DType.Float32, y.Value.Shape);
                Tensor loss = new MeanSquaredError().Reduce(y, wanted);
                return TestEngines.Run("cpu", graph, [loss], new Dictionary<string, float[]> { ["ids/input"] = ids, ["target"] = target }, 1)[0][0];
            }

            float[] target = pooled ? [1] : [1, 2, 3], other = pooled ? [1] : [1, 2, -9];
            Assert.Equal(Loss(target, [2, 1, 0]), Loss(other, [2, 1, 0]));
            Assert.NotEqual(Loss(target, [2, 1, 0]), Loss(target, [2, 1, 3]));
            if (!pooled)
                Assert.NotEqual(Loss(target, [2, 1, 3]), Loss(other, [2, 1, 3]));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_state_handed_on_joins_two_halves(string kind)
    {
        RecurrentLayer layer = Make(kind) with { ReturnState = true, Name = "cell" };
        int states = kind.StartsWith("lstm", StringComparison.Ordinal) ? 2 : 1;
        float[] x = [.. GradientCheck.Numbers(2 * 6 * 2, 3).Select(v => (float)v)];
        float[] first = [.. x[..8], .. x[12..20]], second = [.. x[8..12], .. x[20..]];
        float[] whole = Run(Network.Input("x", 6, 2).Append(layer), new() { ["x/input"] = x });
        Network begun = Network.Input("x", 4, 2).Append(layer with { Name = "begun" });
        Network[] handed = [.. Enumerable.Range(1, states).Select(begun.LayerOutput)];
        Network joined = Network.Combine(layer with { TakesState = true, Name = "ended" }, [Network.Input("x2", 2, 2), .. handed]);
        Assert.Equal(whole, Run(joined, new() { ["x/input"] = first, ["x2/input"] = second }));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_stateful_layer_goes_on_where_the_batch_before_ended(string kind)
    {
        RecurrentLayer layer = Make(kind) with { Name = "cell" };
        float[] x = [.. GradientCheck.Numbers(2 * 6 * 2, 3).Select(v => (float)v)];
        float[] whole = Run(Network.Input("x", 6, 2).Append(layer), new() { ["x/input"] = x });

        Graph graph = new();
        Network halves = Network.Input("x", 3, 2).Append(layer with { Stateful = true, BatchSize = 2 });
        BuildContext context = new(graph) { CarryState = true };
        Tensor y = halves.Build(context).Value, scored = halves.Build(new BuildContext(graph)).Value;
        Assert.All(graph.Variables, v => Assert.Equal(!v.Name.EndsWith("state", StringComparison.Ordinal) && v.Name != "cell/cell", v.Trainable));
        using ISession session = CpuEngine.Shared.CreateSession(graph, 0);
        Give(session);
        using IExecutable carrying = session.Compile([y], [.. context.StateUpdates]), starting = session.Compile([scored]);
        float[] first = [.. x[..6], .. x[12..18]], second = [.. x[6..12], .. x[18..]];
        Score(carrying, first, 2);
        float[] alone = Score(starting, first, 2);
        Assert.Equal(alone, Score(starting, first, 2));
        float[] after = Score(carrying, second, 2);
        Assert.All(whole.Zip(after), p => Assert.Equal(p.First, p.Second, 1e-6f));

        // Only what carries a state on needs its batch.
        Assert.Equal(alone[..2], Score(starting, first[..6], 1));
        Assert.Contains("made for 2", Assert.Throws<ArgumentOutOfRangeException>(() => Score(carrying, first[..6], 1)).Message, StringComparison.Ordinal);
        foreach (Node update in context.StateUpdates)
            session.WriteVariable(update.Inputs[0].Node.Name, new float[4]);
        Assert.Equal(alone, Score(carrying, first, 2));

        static float[] Score(IExecutable executable, float[] x, int batch)
        {
            x.CopyTo(executable.Feed<float>(executable.Feeds.Single(), batch));
            executable.Run(batch);
            return executable.Fetch<float>(executable.Fetches[0]).ToArray();
        }
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void Recurrent_dropout_is_the_same_fused_and_unrolled(string engine)
    {
        foreach (RecurrentLayer layer in (RecurrentLayer[])[new Lstm { Units = 3, RecurrentDropout = 0.5f }, new Gru { Units = 3, RecurrentDropout = 0.5f }, new SimpleRnn { Units = 3, RecurrentDropout = 0.5f }])
        {
            Graph graph = new();
            BuildContext context = new(graph) { Training = true };
            Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(4, 2));
            Tensor y = layer.Build(new LayerContext(context, "layer", true), [new(x)])[0].Value;
            Tensor[] simple = y.Node.Op.Expand(y.Node)!;
            Dictionary<string, float[]> given = new() { ["x"] = [.. GradientCheck.Numbers(16, 1).Select(v => (float)v)], ["step"] = [BitConverter.Int32BitsToSingle(0)] };
            float[][] values = TestEngines.Run(engine, graph, [y, simple[y.Index], Gradients.Compute([y], [x])[0]!, Gradients.Compute([simple[y.Index]], [x])[0]!], given, 2);
            Assert.All(values[0].Zip(values[1]), p => Assert.Equal(p.First, p.Second, 1e-6f));
            Assert.All(values[2].Zip(values[3]), p => Assert.Equal(p.First, p.Second, 1e-6f));
            Tensor kept = layer.Build(new LayerContext(new BuildContext(graph), "layer", true), [new(x)])[0].Value;
            Assert.NotEqual(values[0], TestEngines.Run(engine, graph, [kept], given, 2)[0]);
        }
    }

    [Fact]
    public void Outputs_of_both_directions()
    {
        Graph graph = new();
        Network two = Network.Input("x", 3, 2).Append(new Bidirectional { Layer = new Lstm { Units = 2, ReturnState = true, Name = "inner" }, Merge = BidirectionalMerge.None });
        IReadOnlyList<MaskedTensor> outputs = Network.BuildAll(new BuildContext(graph), [two, .. Enumerable.Range(1, 5).Select(two.LayerOutput)]);
        float[][] values = TestEngines.Run("cpu", graph, [.. outputs.Select(o => o.Value)], new Dictionary<string, float[]> { ["x/input"] = [1, 2, 3, 4, 5, 6] }, 1);
        Assert.Equal(values[0], values[2]);
        Assert.Equal(values[1], values[4]);
        Assert.Equal(
            ["bidirectional/backward/bias", "bidirectional/backward/kernel", "bidirectional/backward/recurrent_kernel", "bidirectional/forward/bias", "bidirectional/forward/kernel", "bidirectional/forward/recurrent_kernel"],
            graph.Variables.Select(v => v.Name).Order(StringComparer.Ordinal));
        Assert.Contains("Total params: 80 ", two.Summary(), StringComparison.Ordinal);
        Assert.Contains("none with index 6", Assert.Throws<ArgumentException>(() => two.LayerOutput(6).Build(new BuildContext(new Graph()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_forget_gate_is_open_at_first()
    {
        Graph graph = new();
        Network.Input("x", 3, 2).Lstm(2).Build(new BuildContext(graph));
        using ISession session = CpuEngine.Shared.CreateSession(graph, 0);
        float[] bias = new float[8];
        session.ReadVariable("lstm/bias", bias);
        Assert.Equal([0, 0, 1, 1, 0, 0, 0, 0], bias);
    }

    [Fact]
    public void A_long_sequence_of_an_unusual_activation_can_be_compiled()
    {
        Graph graph = new();
        Network network = Network.Input("x", 60, 2).Append(new Gru { Units = 3, ResetAfter = false, Activation = new Elu() });
        Tensor y = network.Build(new BuildContext(graph)).Value;
        Tensor[] by = [.. graph.Variables.Select(v => v.Tensor)];
        float[][] values = TestEngines.Run("cpu", graph, [.. Gradients.Compute([y], by).OfType<Tensor>()], new Dictionary<string, float[]> { ["x/input"] = [.. GradientCheck.Numbers(240, 1).Select(v => (float)v)] }, 2);
        Assert.Equal(by.Length, values.Length);
        Assert.All(values, v => Assert.Contains(v, g => g != 0));
    }

    [Fact]
    public void Bad_settings_are_named()
    {
        Network x = Network.Input("x", 3, 2);
        Assert.Contains("Units is 0", Error(x.Lstm(0)), StringComparison.Ordinal);
        Assert.Contains("RecurrentDropout is 1", Error(x.Gru(2, recurrentDropout: 1)), StringComparison.Ordinal);
        Assert.Contains("Dropout is -1", Error(x.SimpleRnn(2, dropout: -1)), StringComparison.Ordinal);
        Assert.Contains("TruncateSteps is 0", Error(x.Append(new Lstm { Units = 2, TruncateSteps = 0 })), StringComparison.Ordinal);
        Assert.Contains("(batch, steps, features)", Error(Network.Input(4).Lstm(2)), StringComparison.Ordinal);
        Assert.Contains("(batch, steps, features)", Error(Network.TokenInput(4).Lstm(2)), StringComparison.Ordinal);
        Assert.Contains("needs BatchSize", Error(x.Append(new Gru { Units = 2, Stateful = true })), StringComparison.Ordinal);
        Assert.Contains("BatchSize is 4, but only a stateful", Error(x.Append(new Gru { Units = 2, BatchSize = 4 })), StringComparison.Ordinal);
        Assert.Contains("cannot take one as an input", Error(Network.Combine(new SimpleRnn { Units = 2, Stateful = true, BatchSize = 4, TakesState = true }, x, Network.Input("h", 2))), StringComparison.Ordinal);
        Assert.Contains("a first state of Float32 (batch, 2)", Error(Network.Combine(new SimpleRnn { Units = 2, TakesState = true }, x, Network.Input("h", 3))), StringComparison.Ordinal);
        Assert.Contains("expected a recurrent layer", Error(x.Append(new Bidirectional { Layer = new Dense { Units = 2 } })), StringComparison.Ordinal);
        Assert.Contains("goes backwards itself", Error(x.Bidirectional(new Lstm { Units = 2, GoBackwards = true })), StringComparison.Ordinal);
        Layer twice = new Lstm { Units = 2, Stateful = true, BatchSize = 4 };
        Network used = x.Append(twice).Add(Network.Input("y", 3, 2).Append(twice));
        Assert.Contains("cannot be used twice", Assert.Throws<ArgumentException>(() => used.Build(new BuildContext(new Graph()) { CarryState = true })).Message, StringComparison.Ordinal);
    }

    private static string Error(Network network) => Assert.Throws<ArgumentException>(() => network.Build(new BuildContext(new Graph()))).Message;

    private static RecurrentLayer Make(string kind) => kind switch
    {
        "simple_rnn" => new SimpleRnn { Units = 2 },
        "lstm" => new Lstm { Units = 2 },
        "gru" => new Gru { Units = 2 },
        "gru_reset_before" => new Gru { Units = 2, ResetAfter = false },
        _ => new Lstm { Units = 2, Activation = new Elu() },
    };

    private static float[] Run(Network network, Dictionary<string, float[]> given)
    {
        Graph graph = new();
        Tensor y = network.Build(new BuildContext(graph)).Value;
        using ISession session = CpuEngine.Shared.CreateSession(graph, 0);
        Give(session);
        using IExecutable executable = session.Compile([y]);
        foreach (Tensor feed in executable.Feeds)
            given[feed.Node.Name].CopyTo(executable.Feed<float>(feed, 2));
        executable.Run(2);
        return executable.Fetch<float>(y).ToArray();
    }

    // Weights by their role alone, so that layers of different names have the same.
    private static void Give(ISession session)
    {
        foreach (Variable variable in session.Graph.Variables.Where(v => v.Trainable))
            session.WriteVariable(variable.Name, [.. GradientCheck.Numbers(variable.Shape.UnitSize, variable.Name.Split('/')[^1].Length).Select(v => (float)v)]);
    }
}
