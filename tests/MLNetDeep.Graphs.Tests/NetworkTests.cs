using MLNetDeep.Layers;

namespace MLNetDeep.Graphs.Tests;

/// <summary>Names, plans, what is left open for the data, and the summary.</summary>
public class NetworkTests
{
    private static string[] Names(Network network) => [.. new NetworkPlan([network]).Steps.Select(s => s.Name)];

    [Fact]
    public void Names_are_made_up_as_in_Keras()
    {
        Network network = Network.Input(8).Dense(4).LeakyRelu().Dense(4).BatchNormalization().Dense(2, name: "last").ClassOutput(3);
        Assert.Equal(["input", "dense", "leaky_relu", "dense_1", "batch_normalization", "last", "class_output"], Names(network));
    }

    [Fact]
    public void A_made_up_name_gives_way_to_a_given_one()
    {
        Assert.Equal(["input", "dense_1", "dense"], Names(Network.Input(8).Dense(4).Dense(4, name: "dense")));
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => Names(Network.Input(8).Dense(4, name: "a").Dense(4, name: "a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shared_layer_is_named_and_weighted_once()
    {
        Dense shared = new() { Units = 2 };
        Network network = Network.Input("a", 3).Append(shared).Add(Network.Input("b", 3).Append(shared));
        Assert.Equal(["a", "dense", "b", "dense", "add"], Names(network));
        Graph graph = new();
        network.Build(new BuildContext(graph));
        Assert.Equal(["dense/kernel", "dense/bias"], graph.Variables.Select(v => v.Name));
    }

    [Fact]
    public void A_deep_network_does_not_exhaust_the_stack()
    {
        Network network = Network.Input(1);
        for (int i = 0; i < 3000; i++)
            network = network.Relu();
        Assert.Equal(3001, Names(network.WithOutputUnits(1)).Length);
    }

    [Fact]
    public void An_output_that_a_layer_has_not_is_named()
    {
        Network missing = Network.At(new Relu(), [Network.Input(2)], 1);
        Assert.Contains("Layer 'relu' has 1 output(s); there is none with index 1.", Assert.Throws<ArgumentException>(() => missing.Build(new BuildContext(new Graph()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_shape_comes_from_the_data()
    {
        Network open = Network.Input().Dense(2);
        Assert.Null(open.InputLayers[0].Shape);
        Assert.Contains("The shape of input 'input' is not known yet", Assert.ThrowsAny<ArgumentException>(() => open.Build(new BuildContext(new Graph()))).Message, StringComparison.Ordinal);
        Assert.Equal(Shape.Batched(2), open.WithInputShapes([5]).Build(new BuildContext(new Graph())).Value.Shape);

        Network image = Network.Input(8, 8, 1).Flatten();
        Assert.Same(image, image.WithInputShapes([64]));
        Assert.Same(image, image.WithInputShapes([8, 8, 1]));
        string error = Assert.Throws<ArgumentException>(() => image.WithInputShapes([63])).Message;
        Assert.Contains("Input 'input' expects rows of shape (8, 8, 1), 64 numbers; the data has (63), 63 numbers", error, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => image.WithInputShapes([8, 4, 2]));
        Assert.Contains("received 2", Assert.Throws<ArgumentException>(() => image.WithInputShapes([64], [64])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filling_in_keeps_what_is_shared()
    {
        Network input = Network.Input();
        Dense shared = new() { Units = 4 };
        Network network = input.Append(shared).Add(input.Relu().Append(shared)).ClassOutput();
        Network filled = network.WithInputShapes([4]).WithOutputUnits(3);
        Assert.Equal(Names(network), Names(filled));
        Graph graph = new();
        Assert.Equal(Shape.Batched(3), filled.Build(new BuildContext(graph)).Value.Shape);
        Assert.Equal(4, graph.Variables.Count);
    }

    [Fact]
    public void Number_of_classes_comes_from_the_task()
    {
        Network open = Network.Input(4).ClassOutput();
        Assert.Contains("WithOutputUnits", Assert.Throws<ArgumentException>(() => open.Build(new BuildContext(new Graph()))).Message, StringComparison.Ordinal);
        Assert.Equal(Shape.Batched(3), open.Build(new BuildContext(new Graph()) { OutputUnits = 3 }).Value.Shape);
        Assert.Equal("Sigmoid", open.Build(new BuildContext(new Graph()) { OutputUnits = 1 }).Value.Node.Op.Name);
        Assert.Equal("Softmax", open.WithOutputUnits(2).Build(new BuildContext(new Graph())).Value.Node.Op.Name);
        string error = Assert.Throws<ArgumentException>(() => Network.Input(4).ClassOutput(5).Build(new BuildContext(new Graph()) { OutputUnits = 3 })).Message;
        Assert.Contains("5 classes", error, StringComparison.Ordinal);
        Assert.Contains("asks for 3", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Mlp_serves_every_task()
    {
        Network mlp = Networks.Mlp(hidden: [256, 256], dropout: 0.2);
        Network flat = mlp.WithInputShapes([64]);
        foreach ((int units, Layer? activation, string op) in ((int, Layer?, string)[])[(10, new Softmax(), "Softmax"), (1, new Sigmoid(), "Sigmoid"), (1, null, "Reshape")])
        {
            BuildContext context = new(new Graph()) { OutputUnits = units, OutputActivation = activation, Training = true };
            Tensor output = flat.Build(context).Value;
            Assert.Equal(Shape.Batched(units), output.Shape);
            string last = flat.WithOutputUnits(units, activation).Build(new BuildContext(new Graph())).Value.Node.Op.Name;
            Assert.Equal(output.Node.Op.Name, last);
            Assert.Equal(op == "Reshape" ? "AddV2" : op, last);
        }

        Assert.Equal(Shape.Batched(1), mlp.WithInputShapes([8, 8]).Build(new BuildContext(new Graph()) { OutputUnits = 1 }).Value.Shape);
        Assert.Throws<ArgumentException>(() => Networks.Mlp(hidden: [0]));
        Assert.Throws<ArgumentException>(() => Networks.Mlp(dropout: 1));
        Assert.Contains("batch_normalization", Names(Networks.Mlp(4, [8], batchNormalization: true)));
    }

    [Fact]
    public void Summary_is_the_table_Keras_prints()
    {
        string expected = """
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓
            ┃ Layer (type)                             ┃ Output Shape ┃ Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩
            │ input (InputLayer)                       │ (batch, 64)  │       0 │
            ├──────────────────────────────────────────┼──────────────┼─────────┤
            │ dense (Dense)                            │ (batch, 128) │   8,320 │
            ├──────────────────────────────────────────┼──────────────┼─────────┤
            │ batch_normalization (BatchNormalization) │ (batch, 128) │     512 │
            ├──────────────────────────────────────────┼──────────────┼─────────┤
            │ class_output (ClassOutput)               │ (batch, 10)  │   1,290 │
            └──────────────────────────────────────────┴──────────────┴─────────┘
             Total params: 10,122 (39.54 KB)
             Trainable params: 9,866 (38.54 KB)
             Non-trainable params: 256 (1.00 KB)

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), Network.Input(64).Dense(128).BatchNormalization().ClassOutput(10).Summary());
    }

    [Fact]
    public void Summary_of_a_branching_network_says_what_is_connected()
    {
        Network input = Network.Input("x", 4);
        Dense shared = new() { Units = 4 };
        string summary = input.Append(shared).Add(input.Relu().Append(shared)).Summary();
        Assert.Contains("Connected to", summary, StringComparison.Ordinal);
        Assert.Contains("│ dense, dense ", summary, StringComparison.Ordinal);
        Assert.Contains("shared", summary, StringComparison.Ordinal);
        Assert.Contains("Total params: 20 ", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_shows_what_is_open()
    {
        string summary = Network.Input(64).Dense(8).ClassOutput().Summary();
        Assert.Contains("│     520 │", summary, StringComparison.Ordinal);
        Assert.Contains("?: comes from the data at Fit", summary, StringComparison.Ordinal);
        Assert.Contains("?", Networks.Mlp().Summary(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Network.Input(4).Reshape(3).Summary());
    }

    [Fact]
    public void Points_built_together_keep_the_names_that_layers_have_in_the_whole_network()
    {
        // Seen from the second branch alone, its layers would be called dense and relu.
        Network input = Network.Input(4), first = input.Dense(3).Relu(), second = input.Dense(5).Relu();
        Network whole = first.Concatenate(second).ClassOutput(2), named = whole.WithLayerNames();
        Assert.Equal(["input", "dense", "relu", "dense_1", "relu_1", "concatenate", "class_output"], named.Points.Select(p => p.Layer.Name));
        Assert.Same(named, named.Points[^1]);
        Assert.Equal(whole.Summary(), named.Summary());

        Graph graph = new();
        IReadOnlyList<MaskedTensor> outputs = Network.BuildAll(new BuildContext(graph), [named.Points[4], named]);
        Assert.Equal(Shape.Batched(5), outputs[0].Value.Shape);
        Assert.Equal(new Shape(4, 5), graph.GetVariable("dense_1/kernel").Shape);
        Graph alone = new();
        whole.Build(new BuildContext(alone));
        Assert.Equal(alone.Variables.Select(v => (v.Name, v.Shape.ToString())).Order(), graph.Variables.Select(v => (v.Name, v.Shape.ToString())).Order());
    }
}
