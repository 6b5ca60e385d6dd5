using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Exporting.Tests.Interpreter;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.Initializers;
using InterpretedValue = MLNetDeep.Exporting.Tests.Interpreter.Value;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>What is written beside the operations: names, first values, the batch size; and what cannot be written.</summary>
public class GraphDefWriterTests
{
    private static readonly Dictionary<string, InterpretedValue> Nothing = [];

    static GraphDefWriterTests()
    {
        OpRegistry.Register(new Opaque());
    }

    [Fact]
    public void Operations_that_TensorFlow_has_not_name_the_layer()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(3)), y;
        using (graph.Scope("encoder/strange_2"))
            y = graph.Add("Opaque", [x]).Outputs[0];
        string message = Assert.Throws<NotSupportedException>(() => GraphDefWriter.Write(graph, [new("score", [y])])).Message;
        Assert.Contains("operation Opaque of layer 'encoder/strange_2'", message, StringComparison.Ordinal);
        Assert.Contains("Expand", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_start_as_on_an_engine_and_can_be_written()
    {
        Graph graph = new();
        Variable random = graph.Variable("layer/kernel", new Shape(3, 2), new GlorotUniform()), zeros = graph.Variable("layer/bias", new Shape(300), Constant.Zeros);
        Tensor sum = Ops.Sum(random.Tensor) + Ops.Sum(zeros.Tensor);
        GraphDefFile file = GraphDefWriter.Write(graph, [new("score", [sum])], new() { Seed = 5 });
        Assert.True(file.ToArray().Length < 2000, "300 equal values take no room");

        using ISession session = CpuEngine.Shared.CreateSession(graph, 5);
        float[] expected = new float[6];
        session.ReadVariable("layer/kernel", expected);
        GraphInterpreter interpreter = new(file.Definition);
        interpreter.Run(Nothing, [], [file.Init!]);
        GraphDefVariable kernel = file.Variables[0], bias = file.Variables[1];
        Assert.Equal(expected.Select(v => (double)v), interpreter.Run(Nothing, [kernel.Read])[0].Reals);
        Assert.All(interpreter.Run(Nothing, [bias.Read])[0].Reals, v => Assert.Equal(0, v));
        interpreter.Run(new Dictionary<string, InterpretedValue> { [kernel.Feed] = InterpretedValue.Floats([1, 2, 3, 4, 5, 6], 3, 2) }, [], [kernel.Write]);
        Assert.Equal(21, interpreter.Run(Nothing, [file.NameOf(sum)])[0].Reals[0]);

        // Large ones have no first value, equal values or not at all.
        GraphDefFile small = GraphDefWriter.Write(graph, [new("score", [sum])], new() { LargestInitialValue = 5 });
        Assert.Null(small.Variables[0].Initialize);
        Assert.NotNull(small.Variables[1].Initialize);
        GraphDefFile none = GraphDefWriter.Write(graph, [new("score", [sum])], new() { InitialValues = false });
        Assert.Null(none.Init);
        Assert.All(none.Variables, v => Assert.Null(v.InitialValue));
    }

    [Fact]
    public void All_of_a_run_sees_the_values_from_before_its_updates()
    {
        Graph graph = new();
        Variable a = graph.Variable("a", Shape.Scalar, new Constant(2)), b = graph.Variable("b", Shape.Scalar, new Constant(3));
        Tensor twice = a.Tensor * 2f;
        GraphDefProgram swap = new("swap", [twice, a.Tensor], [Ops.Assign(a, b.Tensor), Ops.Assign(b, a.Tensor)]);
        GraphDefFile file = GraphDefWriter.Write(graph, [swap]);
        GraphInterpreter interpreter = new(file.Definition);
        interpreter.Run(Nothing, [], [file.Init!]);
        Assert.Equal([4, 2], interpreter.Run(Nothing, [file.NameOf(twice), file.NameOf(a.Tensor)], [file.Target("swap")!]).Select(v => v.Reals[0]));
        Assert.Equal([3, 2], interpreter.Run(Nothing, [file.Variables[0].Read, file.Variables[1].Read]).Select(v => v.Reals[0]));

        // One target alone too.
        interpreter.Run(Nothing, [], [file.NameOf(swap.Targets![0])]);
        Assert.Equal([2, 2], interpreter.Run(Nothing, [file.Variables[0].Read, file.Variables[1].Read]).Select(v => v.Reals[0]));
    }

    [Fact]
    public void Names_are_made_to_fit_TensorFlow()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("a column, with spaces", DType.Float32, Shape.Batched(2)), y = Ops.Relu(x), z = Ops.Negative(x);
        GraphDefOptions options = new() { Names = new Dictionary<string, Tensor> { ["My Features"] = x, ["_score"] = y, ["My_Features"] = z } };
        GraphDefFile file = GraphDefWriter.Write(graph, [new("score", [y, z])], options);
        Assert.Equal([], OpTable.Check(file.Definition));
        Assert.Equal("My_Features:0", file.Named["My Features"]);
        Assert.Equal("._score:0", file.Named["_score"]);
        Assert.Equal("My_Features_1:0", file.Named["My_Features"]);
        Assert.Equal("a_column__with_spaces:0", GraphDefWriter.Write(graph, [new("score", [y])]).NameOf(x));
        Assert.Throws<ArgumentException>(() => GraphDefWriter.Write(graph, [new("score", [y])]).NameOf(z));
    }

    [Fact]
    public void The_batch_size_comes_from_a_feed_of_all_programs_or_is_fed()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, new Shape(2, -3)), step = graph.Placeholder("step", DType.Int32, Shape.Scalar), like = graph.Placeholder("like", DType.Float32, Shape.Batched(70));
        Tensor mean = Ops.Mean(x) * Ops.ElementCount(x, [1]), noise = Ops.RandomUniform(like, step, -9), stretched = Ops.BroadcastLike(Ops.Constant(graph, 7f), x);
        GraphDefFile alone = GraphDefWriter.Write(graph, [new("mean", [mean, stretched])]);
        Assert.Null(alone.BatchSize);
        InterpretedValue[] values = new GraphInterpreter(alone.Definition).Run(
            new Dictionary<string, InterpretedValue> { ["x:0"] = InterpretedValue.Floats([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 6) }, [alone.NameOf(mean), alone.NameOf(stretched)]);
        Assert.Equal(6.5 * 6, values[0].Reals[0]);
        Assert.Equal([2, 6], values[1].Dims);

        // The noise takes the shape of a placeholder that need not be fed.
        GraphDefFile both = GraphDefWriter.Write(graph, [new("mean", [mean]), new("noise", [noise])]);
        Assert.Equal("batch_size:0", both.BatchSize);
        Assert.Equal([step], both.Feeds("noise"));
        Dictionary<string, InterpretedValue> feeds = new() { ["step:0"] = InterpretedValue.Ints([4]), ["batch_size:0"] = InterpretedValue.Ints([5]) };
        InterpretedValue made = new GraphInterpreter(both.Definition).Run(feeds, [both.NameOf(noise)])[0];
        float[] expected = TestEngines.Run("cpu", graph, [noise], new Dictionary<string, float[]> { ["step"] = [4] }, 5)[0];
        Assert.Equal(expected.Select(v => (double)v), made.Reals);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(131)]
    public void Random_numbers_are_those_of_the_CPU_engine(int count)
    {
        foreach (bool batched in (bool[])[false, true])
        {
            Graph graph = new();
            Tensor step = graph.Placeholder("step", DType.Int32, Shape.Scalar), like = batched ? graph.Placeholder("x", DType.Float32, new Shape(-count)) : Ops.Constant(graph, new float[count], new Shape(count));
            Tensor[] random = [Ops.RandomUniform(like, step, -3), Ops.DropoutMask(like, step, 0.3f, 12), Ops.RandomNormal(like, step, int.MaxValue)];
            GraphDefFile file = GraphDefWriter.Write(graph, [new("all", random)]);
            Dictionary<string, InterpretedValue> feeds = new() { ["step:0"] = InterpretedValue.Ints([77]) };
            if (batched)
                feeds.Add("batch_size:0", InterpretedValue.Ints([3]));
            InterpretedValue[] actual = new GraphInterpreter(file.Definition).Run(feeds, [.. random.Select(file.NameOf)]);
            float[][] expected = TestEngines.Run("cpu", graph, random, new Dictionary<string, float[]> { ["step"] = [77] }, 3);
            Assert.Equal(expected[0].Select(v => (double)v), actual[0].Reals);
            Assert.Equal(expected[1].Select(v => (double)v), actual[1].Reals);
            Assert.All(expected[2].Zip(actual[2].Reals), p => Assert.Equal(p.First, p.Second, 1e-5));
        }
    }

    [Fact]
    public void Images_can_be_fed_plane_by_plane()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(1, 2, 3)), y = Ops.Identity(x);
        GraphDefFile file = GraphDefWriter.Write(graph, [new("score", [y])], new() { ChannelsFirst = new HashSet<Tensor> { x } });
        InterpretedValue value = new GraphInterpreter(file.Definition).Run(
            new Dictionary<string, InterpretedValue> { [file.NameOf(x)] = InterpretedValue.Floats([1, 2, 3, 4, 5, 6], 1, 3, 1, 2) }, [file.NameOf(y)])[0];
        Assert.Equal([1, 3, 5, 2, 4, 6], value.Reals);
        Tensor flat = graph.Placeholder("flat", DType.Float32, Shape.Batched(2));
        Assert.Contains("'flat' of shape (batch, 2)", Assert.Throws<ArgumentException>(() => GraphDefWriter.Write(graph, [new("score", [flat])], new() { ChannelsFirst = new HashSet<Tensor> { flat } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_programs_are_named()
    {
        Graph graph = new(), other = new();
        Variable variable = graph.Variable("v", Shape.Scalar, Constant.Zeros);
        Node assign = Ops.Assign(variable, variable.Tensor + 1f);
        Tensor foreign = other.Placeholder("foreign", DType.Float32, Shape.Scalar);
        Says("program 'train' changes variables", () => GraphDefWriter.Write(graph, [new("train", [], [assign])], new() { Freeze = true }));
        Says("two programs are called 'a'", () => GraphDefWriter.Write(graph, [new("a", [variable.Tensor]), new("a", [])]));
        Says("'foreign' of program 'a' belongs to another graph", () => GraphDefWriter.Write(graph, [new("a", [foreign])]));
        Says("Values gave 2 numbers for variable 'v'", () => GraphDefWriter.Write(graph, [new("a", [variable.Tensor])], new() { Values = _ => [1, 2] }));

        static void Says(string expected, Action act) => Assert.Contains(expected, Assert.Throws<ArgumentException>(act).Message, StringComparison.OrdinalIgnoreCase);
    }

    private sealed class Opaque : OpDefinition
    {
        public override string Name => "Opaque";

        public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes) => [inputs[0]];
    }
}
