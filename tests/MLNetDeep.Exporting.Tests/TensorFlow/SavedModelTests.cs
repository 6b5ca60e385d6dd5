using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Exporting.Tests.Interpreter;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>SavedModels: what is in the folder, and folders that cannot be written. What they compute is in <see cref="RecordedCaseTests"/>.</summary>
public sealed class SavedModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnetdeep-savedmodel-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_saver_restores_what_the_bundle_holds()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(2));
        Variable kernel = graph.Variable("dense/kernel", new Shape(2, 3), new GlorotUniform()), bias = graph.Variable("dense/bias", new Shape(3), Constant.Zeros, trainable: false);
        string folder = Path.Combine(_folder, "new", "model");
        SavedModelWriter.Write(
            folder, graph, new Dictionary<string, Tensor> { ["x y"] = x }, new Dictionary<string, Tensor> { ["z"] = Ops.MatMul(x, kernel.Tensor) + bias.Tensor }, v => v == bias ? [7, 8, 9] : [1, 2, 3, 4, 5, 6]);
        Assert.Equal(["frozen_graph.pb", "saved_model.pb", "variables"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order());

        MetaGraphDef meta = SavedModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "saved_model.pb"))).MetaGraphs.Single();
        Assert.Equal(["serve"], meta.MetaInfoDef.Tags);
        SignatureDef signature = meta.SignatureDef["serving_default"];
        Assert.Equal("tensorflow/serving/predict", signature.MethodName);
        Assert.Equal("x_y:0", signature.Inputs["x y"].Name);
        Assert.Equal([-1, 2], signature.Inputs["x y"].TensorShape.Dim.Select(d => d.Size));
        Assert.Equal("z:0", signature.Outputs["z"].Name);

        Dictionary<string, (int[] Dims, float[] Values)> bundle = BundleReader.Read(Path.Combine(folder, "variables", "variables"));
        Assert.Equal([2, 3], bundle["dense/kernel"].Dims);
        Assert.Equal([1, 2, 3, 4, 5, 6], bundle["dense/kernel"].Values);
        Assert.Equal([7, 8, 9], bundle["dense/bias"].Values);

        // What the saver's nodes restore: from the file's name to each variable, under the names of the bundle.
        Dictionary<string, NodeDef> nodes = meta.GraphDef.Node.ToDictionary(n => n.Name);
        NodeDef all = nodes[meta.SaverDef.RestoreOpName];
        Assert.Equal(2, all.Input.Count);
        foreach (string input in all.Input)
        {
            NodeDef assign = nodes[input.TrimStart('^')];
            string[] source = assign.Input[1].Split(':');
            NodeDef restore = nodes[source[0]];
            string key = nodes[restore.Input[1]].Attr["value"].Tensor.StringVal[source.Length > 1 ? int.Parse(source[1], System.Globalization.CultureInfo.InvariantCulture) : 0].ToStringUtf8();
            Assert.Equal(key, nodes[assign.Input[0]].Attr["shared_name"].S.ToStringUtf8());
            Assert.Contains(key, bundle.Keys);
            Assert.Equal(meta.SaverDef.FilenameTensorName, restore.Input[0] + ":0");
        }

        VariableDef[] known = [.. meta.CollectionDef["variables"].BytesList.Value.Select(VariableDef.Parser.ParseFrom)];
        Assert.Equal(["dense/bias:0", "dense/kernel:0"], known.Select(v => v.VariableName).Order());
        foreach (VariableDef variable in known)
        {
            foreach (string name in (string[])[variable.VariableName, variable.InitializerName, variable.SnapshotName, variable.InitialValueName])
                Assert.Contains(name.Split(':')[0], nodes.Keys);
        }

        Assert.Equal("dense/kernel:0", VariableDef.Parser.ParseFrom(meta.CollectionDef["trainable_variables"].BytesList.Value.Single()).VariableName);
    }

    [Fact]
    public void A_model_without_weights_has_no_variables()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(2));
        SavedModelWriter.Write(Path.Combine(_folder, "model"), graph, new Dictionary<string, Tensor> { ["x"] = x }, new Dictionary<string, Tensor> { ["again"] = x, ["more"] = x * 2f }, _ => []);
        Assert.False(Directory.Exists(Path.Combine(_folder, "model", "variables")));
        MetaGraphDef meta = SavedModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(_folder, "model", "saved_model.pb"))).MetaGraphs.Single();
        Assert.Null(meta.SaverDef);
        Assert.Equal(["again:0", "more:0"], meta.SignatureDef["serving_default"].Outputs.Values.Select(o => o.Name).Order());
        Assert.Equal([3, 4], new GraphInterpreter(meta.GraphDef).Run(new Dictionary<string, Interpreter.Value> { ["x:0"] = Interpreter.Value.Floats([3, 4], 1, 2) }, ["again:0"])[0].Reals);
    }

    [Fact]
    public void Tables_of_many_blocks_are_read_again()
    {
        string prefix = Path.Combine(_folder, "many");
        (string, int[], float[])[] tensors = [.. Enumerable.Range(0, 20_000).Select(i => ($"layer_{i:D6}/kernel", (int[])[1], (float[])[i]))];
        TensorBundle.Write(prefix, tensors);
        Dictionary<string, (int[] Dims, float[] Values)> read = BundleReader.Read(prefix);
        Assert.True(new FileInfo(prefix + ".index").Length > 2 * 256 * 1024);
        Assert.Equal(tensors.Length, read.Count);
        Assert.All(tensors, t => Assert.Equal(t.Item3, read[t.Item1].Values));
    }

    [Fact]
    public void Folders_that_cannot_be_written_are_named()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(2)), y = graph.Placeholder("y", DType.Float32, Shape.Batched(2));
        string full = Path.Combine(_folder, "full"), file = Path.Combine(_folder, "file");
        Directory.CreateDirectory(full);
        File.WriteAllText(Path.Combine(full, "mine.txt"), "");
        File.WriteAllText(file, "");
        Says<IOException>(full, "has files already", full);
        Says<IOException>(file, "is a file", file);
        Says<IOException>(Path.Combine(file, "model"), "cannot be written", file);
        Assert.ThrowsAny<ArgumentException>(() => SavedModelWriter.Write("", graph, Names("y", y), Names("z", y), _ => []));
        Assert.Equal(["file", "full"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());

        // Nothing is left of what fails on the way, and an empty folder will do.
        string empty = Path.Combine(_folder, "empty");
        Directory.CreateDirectory(empty);
        Variable variable = graph.Variable("v", new Shape(2), Constant.Zeros);
        Assert.Throws<ArgumentException>(() => SavedModelWriter.Write(empty, graph, Names("x", x), Names("z", x + variable.Tensor), _ => [1]));
        Says<ArgumentException>(empty, "need a value for 'x'");
        Assert.Contains("called 'x'", Assert.Throws<ArgumentException>(() => SavedModelWriter.Write(empty, graph, Names("x", x), Names("x", x + y), _ => [])).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(empty));
        SavedModelWriter.Write(empty, graph, Names("x", x), Names("z", x), _ => []);
        Assert.True(File.Exists(Path.Combine(empty, "saved_model.pb")));
        Assert.Equal(["empty", "file", "full"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());

        void Says<T>(string folder, params string[] parts)
            where T : Exception
        {
            T error = Assert.ThrowsAny<T>(() => SavedModelWriter.Write(folder, graph, Names("y", y), Names("z", typeof(T) == typeof(IOException) ? y : x + y), _ => []));
            Assert.All(parts, p => Assert.Contains(p, error.Message, StringComparison.Ordinal));
        }

        static Dictionary<string, Tensor> Names(string name, Tensor tensor) => new() { [name] = tensor };
    }
}
