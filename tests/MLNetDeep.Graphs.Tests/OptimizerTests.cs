using MLNetDeep.Engines;
using MLNetDeep.Initializers;
using MLNetDeep.Optimizers;

namespace MLNetDeep.Graphs.Tests;

public class OptimizerTests
{
    private readonly Graph _graph = new();
    private readonly Variable _w, _b;
    private readonly Tensor _rate;

    public OptimizerTests()
    {
        _w = _graph.Variable("dense/kernel", new Shape(2), Constant.Ones);
        _b = _graph.Variable("dense/bias", new Shape(2), Constant.Ones);
        _rate = _graph.Placeholder(Optimizer.LearningRateFeed, DType.Float32, Shape.Scalar);
    }

    private Tensor Loss => Ops.Sum(_w.Tensor * 3f + _b.Tensor * 4f);

    [Fact]
    public void A_variable_the_loss_does_not_depend_on_is_named()
    {
        string error = Assert.Throws<ArgumentException>(() => new Sgd().Minimize(Ops.Sum(_w.Tensor), [_w, _b], _rate)).Message;
        Assert.Contains("'dense/bias'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_that_do_not_learn_are_left_alone()
    {
        Variable fixedOne = _graph.Variable("statistics", new Shape(2), Constant.Ones, trainable: false);
        IReadOnlyList<Node> updates = new Sgd().Minimize(Loss + Ops.Sum(fixedOne.Tensor), [_w, fixedOne, _w], _rate);
        Assert.Equal("dense/kernel", Assert.Single(updates).Inputs[0].Node.Name);
        Assert.Contains("None of the 1", Assert.Throws<ArgumentException>(() => new Sgd().Minimize(Loss, [fixedOne], _rate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_one_kind_of_clipping()
    {
        string error = Assert.Throws<ArgumentException>(() => new Sgd { ClipNorm = 1, GlobalClipNorm = 1 }.Minimize(Loss, [_w], _rate)).Message;
        Assert.Contains("received ClipNorm and GlobalClipNorm", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        foreach ((Optimizer optimizer, string setting) in ((Optimizer, string)[])
            [
                (new Sgd { LearningRate = -1 }, "LearningRate"), (new Sgd { LearningRate = float.NaN }, "LearningRate"), (new Sgd { Momentum = 2 }, "Momentum"),
                (new Sgd { Nesterov = true }, "Nesterov"), (new Sgd { ClipValue = 0 }, "ClipValue"), (new Adam { Beta1 = 1 }, "Beta1"), (new Adam { Beta2 = -1 }, "Beta2"),
                (new RMSprop { Rho = 2 }, "Rho"), (new AdaGrad { InitialAccumulator = -1 }, "InitialAccumulator"), (new Nadam { MomentumDecay = -1 }, "MomentumDecay"),
                (new AdamW { WeightDecay = -1 }, "WeightDecay"),
            ])
        {
            Assert.Contains(setting, Assert.Throws<ArgumentException>(() => optimizer.Minimize(Loss, [_w], _rate)).Message, StringComparison.Ordinal);
        }

        // Nothing was added.
        Assert.DoesNotContain(_graph.Variables, v => v.Name.StartsWith("optimizer", StringComparison.Ordinal));
    }

    [Fact]
    public void The_loss_must_be_a_number()
    {
        Assert.Contains("The loss must be a Float32 number", Assert.Throws<ArgumentException>(() => new Sgd().Minimize(_w.Tensor, [_w], _rate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_optimizers_need_two_names()
    {
        new Adam().Minimize(Loss, [_w], _rate, "first");
        new Adam().Minimize(Loss, [_b], _rate, "second");
        Assert.Contains("'first'", Assert.Throws<ArgumentException>(() => new Adam().Minimize(Loss, [_w], _rate, "first")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0.5f - 0.3f, 0.5f - 0.4f)]
    [InlineData(true, 0.5f - 0.3f, 1 - 0.4f)]
    public void Weight_decay_is_decoupled_and_can_leave_out_biases(bool exclude, float w, float b)
    {
        Sgd optimizer = new() { WeightDecay = 5, ExcludeFromWeightDecay = exclude ? ["/bias"] : [] };
        IReadOnlyList<Node> updates = optimizer.Minimize(Loss, [_w, _b], _rate);
        using ISession session = TestEngines.Get("reference").CreateSession(_graph, 0);
        using IExecutable step = session.Compile([], updates);
        step.Feed<float>(_rate, 1)[0] = 0.1f;
        step.Run(1);
        float[] values = new float[2];
        session.ReadVariable("dense/kernel", values);
        Assert.Equal(w, values[0], 6);
        session.ReadVariable("dense/bias", values);
        Assert.Equal(b, values[0], 6);
    }

    [Fact]
    public void Numbers_are_not_worked_out_for_each_variable()
    {
        int Nodes(int variables)
        {
            Graph graph = new();
            Variable[] all = [.. Enumerable.Range(0, variables).Select(i => graph.Variable($"w{i}", new Shape(2), Constant.Ones))];
            new Adam().Minimize(all.Select(v => Ops.Sum(v.Tensor)).Aggregate((a, b) => a + b), all, graph.Placeholder("rate", DType.Float32, Shape.Scalar));
            return graph.Nodes.Count(n => n.Op.Name == "Sqrt");
        }

        Assert.Equal(Nodes(1) + 3, Nodes(4));
    }
}
