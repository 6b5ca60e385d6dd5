using Google.Protobuf;
using MLNetDeep.Exporting.Onnx.Passes;
using MLNetDeep.Exporting.Onnx.Protos;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Training;

namespace MLNetDeep.Exporting.Onnx;

/// <summary>
/// Writes trained networks as ONNX files (operator set 17, file format 8), which ONNX Runtime and many other tools run. The file has the network as it scores: without
/// dropout, with the running statistics of batch normalisation. The number of rows is left open, as the dimension <c>batch</c>. Images are (batch, height, width, channels), as everywhere here.
/// </summary>
public static class OnnxExporter
{
    /// <summary>Writes a network; one that is there already is replaced when the new one is complete.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="path">The file, usually <c>.onnx</c>. Its folder must be there.</param>
    /// <param name="options">Names and properties; null for the defaults.</param>
    /// <exception cref="NotSupportedException">A layer cannot be expressed in ONNX; it is named. Or the weights take more than 2 GB.</exception>
    /// <exception cref="ArgumentException">Weights are missing or of another size, the network has open sizes, or names are not as many as there are inputs or outputs, or not different.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Export(TrainedNetwork model, string path, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Export([model.Network], model.Weights, path, options);
    }

    /// <summary>Writes networks of several outputs that share their inputs and weights as one file.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="weights">Values of all weights by name.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Names and properties; null for the defaults.</param>
    /// <inheritdoc cref="Export(TrainedNetwork, string, OnnxOptions?)" path="/exception"/>
    public static void Export(IReadOnlyList<Network> outputs, IReadOnlyDictionary<string, float[]> weights, string path, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(weights);
        options ??= new();
        Graph graph = new();
        IReadOnlyList<MaskedTensor> built = Network.BuildAll(new BuildContext(graph), outputs);
        Tensor[] inputs = [.. graph.Nodes.Where(n => n.Op.Name == "Placeholder").Select(n => n.Outputs[0])];
        IReadOnlyList<string> inputNames = Names(options.InputNames, inputs.Length, "inputs", i => inputs[i].Node.Name[..^"/input".Length]);
        IReadOnlyList<string> outputNames = Names(options.OutputNames, built.Count, "outputs", i => i == 0 ? "Score" : $"Score{i}");
        Write(
            path,
            Create([.. inputs.Select((t, i) => new ExportInput(inputNames[i], t))], [.. built.Select((t, i) => new ExportOutput(outputNames[i], t.Value))], weights, options));
    }

    /// <summary>The model of a part of a graph.</summary>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="weights">Values of variables by name.</param>
    /// <param name="options">Name and properties; names of inputs and outputs are those given here.</param>
    internal static ModelProto Create(IReadOnlyList<ExportInput> inputs, IReadOnlyList<ExportOutput> outputs, IReadOnlyDictionary<string, float[]> weights, OnnxOptions options)
    {
        OnnxEmission emission = new(weights);
        OnnxGraph graph = emission.Graph;
        foreach (string name in inputs.Select(i => i.Name).Concat(outputs.Select(o => o.Name)))
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            graph.Reserve(name);
        }

        foreach (ExportInput input in inputs)
        {
            Shape shape = input.Tensor.Shape;
            OnnxType type = input.Tensor.DType switch { DType.Int32 => OnnxType.Int32, DType.Bool => OnnxType.Bool, _ => OnnxType.Float };
            emission.Set(input.Tensor, input.IsChannelsFirst
                ? graph.Transpose(graph.Input(input.Name, type, new Shape(shape[0], shape[3], shape[1], shape[2])), 0, 2, 3, 1)
                : graph.Input(input.Name, type, shape));
        }

        foreach (ExportOutput output in outputs)
        {
            OnnxValue value = emission.Emit(output.Tensor);
            using (graph.Under(output.Name))
                graph.Output(output.Name, Made(graph, value, output.Kind));
        }

        graph.RemoveUnused();
        TransposePass.Run(graph);
        graph.RemoveUnused();
        FoldingPass.Run(graph);
        graph.RemoveUnused();
        return OnnxWriter.Write(graph, options.ModelName, options.Description, options.Metadata);
    }

    /// <summary>Writes a file as a whole or not at all.</summary>
    internal static void Write(string path, ModelProto model) => WholeFile.Write(path, "ONNX", model.WriteTo);

    private static OnnxValue Made(OnnxGraph graph, OnnxValue value, ExportOutputKind kind)
    {
        Shape shape = value.Shape;
        switch (kind)
        {
            case ExportOutputKind.FlatValues:
                return graph.Reshape(value, new Shape(shape[0], shape.RowSize()));
            case ExportOutputKind.KeyOfLargest:
                OnnxValue best = graph.Add("ArgMax", OnnxType.Int64, shape.With(shape.Rank - 1, 1), [value], ("axis", shape.Rank - 1), ("keepdims", 1));
                OnnxValue key = graph.Cast(graph.Add("Add", OnnxType.Int64, best.Shape, [best, graph.Longs(1)]), OnnxType.UInt32);
                return shape.Rank > 2 ? graph.Reshape(key, new Shape(shape.Dims[..^1])) : key;
            case ExportOutputKind.IsMoreThanHalf:
                return graph.Binary("Greater", value, graph.Constant(0.5f), OnnxType.Bool);
            default:
                return value;
        }
    }

    private static IReadOnlyList<string> Names(IReadOnlyList<string>? given, int count, string what, Func<int, string> otherwise)
    {
        if (given is not null && given.Count != count)
            throw new ArgumentException($"There are {given.Count} names of {what} ({string.Join(", ", given)}), but the network has {count}.");
        return given ?? [.. Enumerable.Range(0, count).Select(otherwise)];
    }
}
