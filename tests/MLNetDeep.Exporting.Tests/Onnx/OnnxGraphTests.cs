using MLNetDeep.Exporting.Onnx;
using MLNetDeep.Exporting.Onnx.Protos;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Exporting.Tests.Onnx;

/// <summary>What the files look like, and what is said where there can be none. No ONNX Runtime is needed.</summary>
public sealed class OnnxGraphTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-onnx-").FullName;

    private string File => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_convolutional_network_is_transposed_at_the_entry_and_where_it_is_flattened()
    {
        ModelProto model = Export(Networks.Cnn(28, filters: 4, hidden: 8).WithOutputUnits(3, new Softmax()));
        List<NodeProto> nodes = [.. model.Graph.Node];
        Assert.Equal(2, nodes.Count(n => n.OpType == "Transpose"));
        Assert.Equal("Transpose", nodes[0].OpType);
        Assert.Equal(["Transpose", "Reshape"], nodes.Select(n => n.OpType).Where(o => o is "Transpose" or "Reshape").Skip(1).Take(2));

        // Batch normalisation and biases are in the weights.
        Assert.DoesNotContain(nodes, n => n.OpType is "Mul" or "Add" or "Sub" or "Sqrt");
        Assert.Equal(4, nodes.Count(n => n.OpType == "Conv"));
        Assert.All(nodes.Where(n => n.OpType is "Conv" or "Gemm"), n => Assert.Equal(3, n.Input.Count));
    }

    [Theory]
    [InlineData("resnet")]
    [InlineData("mobilenet")]
    public void A_network_that_averages_its_image_is_transposed_at_the_entry_alone(string name)
    {
        Network network = name == "resnet" ? Networks.ResNet(20, 32) : Networks.MobileNetV2(1, 32);
        ModelProto model = Export(network.WithOutputUnits(10, new Softmax()));
        Assert.Single(model.Graph.Node, n => n.OpType == "Transpose");
        Assert.DoesNotContain(model.Graph.Node, n => n.OpType == "Mul");
        Assert.Equal(name == "resnet" ? 9 : 10, model.Graph.Node.Count(n => n.OpType == "Add"));
    }

    [Fact]
    public void Convolutions_over_sequences_share_their_layout()
    {
        ModelProto model = Export(Networks.Tcn(30, 2, filters: 8).WithOutputUnits(2));
        Assert.InRange(model.Graph.Node.Count(n => n.OpType == "Transpose"), 1, 3);
    }

    [Fact]
    public void Recurrent_layers_are_ONNXs_own_with_the_kernel_of_the_input_in_them()
    {
        ModelProto model = Export(Network.Input(24, 3).Lstm(16, returnSequences: true).Gru(8).Dense(1));
        Assert.Single(model.Graph.Node, n => n.OpType == "LSTM");
        Assert.Single(model.Graph.Node, n => n.OpType == "GRU");
        Assert.Single(model.Graph.Node, n => n.OpType == "Gemm");
        NodeProto lstm = model.Graph.Node.Single(n => n.OpType == "LSTM");
        Assert.Equal([1, 64, 3], model.Graph.Initializer.Single(i => i.Name == lstm.Input[1]).Dims);
    }

    [Fact]
    public void Inputs_and_outputs_have_names_types_and_an_open_batch()
    {
        Network network = Network.Input("image", 4, 4, 3).Flatten().Concatenate(Network.TokenInput(2, "ids").Embedding(5, 3).Flatten()).Dense(2);
        ModelProto model = Export(network, new() { InputNames = ["Image", "Ids"], OutputNames = ["Scores"], ModelName = "two", Description = "of two", Metadata = new Dictionary<string, string> { ["who"] = "me" } });
        Assert.Equal(["Image", "Ids"], model.Graph.Input.Select(i => i.Name));
        Assert.Equal(["Scores"], model.Graph.Output.Select(o => o.Name));
        Assert.Equal([1, 6], model.Graph.Input.Select(i => i.Type.TensorType.ElemType));
        Assert.Equal(["batch", "4", "4", "3"], model.Graph.Input[0].Type.TensorType.Shape.Dim.Select(d => d.DimParam.Length > 0 ? d.DimParam : d.DimValue.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(("two", "of two", 17, 8), (model.Graph.Name, model.DocString, model.OpsetImport.Single().Version, model.IrVersion));
        Assert.Equal("me", model.MetadataProps.Single(m => m.Key == "who").Value);
        Assert.Contains("dense/kernel", model.Graph.Initializer.Select(i => i.Name));
        Assert.Contains("names of inputs", Message(network, new() { InputNames = ["one"] }), StringComparison.Ordinal);
        Assert.Contains("'x'", Message(network, new() { InputNames = ["x", "y"], OutputNames = ["x"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_expressed_names_the_layer()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(2)), step = graph.Placeholder("step", DType.Int32, Shape.Scalar), y;
        using (graph.Scope("noisy"))
            y = x * Ops.DropoutMask(x, step, 0.5f, 1);
        string message = Assert.Throws<NotSupportedException>(() => OnnxExporter.Create([new("x", x), new("step", step)], [new("y", y)], new Dictionary<string, float[]>(), new())).Message;
        Assert.Contains("layer 'noisy'", message, StringComparison.Ordinal);
        Assert.Contains("DropoutMask", message, StringComparison.Ordinal);

        message = Assert.Throws<NotSupportedException>(() => OnnxExporter.Create([new("x", x)], [new("y", Ops.Cast(step) * x)], new Dictionary<string, float[]>(), new())).Message;
        Assert.Contains("'step'", message, StringComparison.Ordinal);
        Network network = Network.Input(2).Dense(2);
        Assert.Contains("'dense/bias'", Assert.Throws<ArgumentException>(() => OnnxExporter.Export([network], new Dictionary<string, float[]> { ["dense/kernel"] = new float[4] }, File)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Weights_of_more_than_a_file_can_hold_are_an_error()
    {
        // Nine tables of 256 MB, which are one in memory.
        float[] table = new float[1 << 26];
        Network ids = Network.TokenInput(1);
        Network[] embedded = [.. Enumerable.Range(0, 9).Select(i => ids.Embedding(1 << 20, 64, name: $"table{i}"))];
        Dictionary<string, float[]> weights = Enumerable.Range(0, 9).ToDictionary(i => $"table{i}/embeddings", _ => table);
        Assert.Contains("2.4 GB", Assert.Throws<NotSupportedException>(() => OnnxExporter.Export(embedded, weights, File)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_named_and_nothing_is_left()
    {
        Network network = Network.Input(2).Flatten();
        string missing = Path.Combine(_folder, "none", "model.onnx");
        Assert.Contains("there is no folder", IoMessage(missing), StringComparison.Ordinal);
        Assert.Contains("is a folder", IoMessage(_folder), StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, "old");
        Assert.Contains("model.onnx", IoMessage(Path.Combine(File, "model.onnx")), StringComparison.Ordinal);
        Assert.Equal("old", System.IO.File.ReadAllText(File));
        OnnxExporter.Export([network], new Dictionary<string, float[]>(), File);
        Assert.NotEqual("old", System.IO.File.ReadAllText(File));
        Assert.Single(Directory.GetFileSystemEntries(_folder));

        string IoMessage(string path) => Assert.Throws<IOException>(() => OnnxExporter.Export([network], new Dictionary<string, float[]>(), path)).Message;
    }

    private string Message(Network network, OnnxOptions options) => Assert.Throws<ArgumentException>(() => Export(network, options)).Message;

    private ModelProto Export(Network network, OnnxOptions? options = null)
    {
        Graph graph = new();
        network.Build(new BuildContext(graph));
        OnnxExporter.Export([network], graph.Variables.ToDictionary(v => v.Name, v => Enumerable.Repeat(0.5f, v.Shape.UnitSize).ToArray()), File, options);
        return ModelProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(File));
    }
}
