using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Exporting.Tests.Support;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>TensorFlow.js (npm's @tensorflow/tfjs-converter on plain JavaScript), where it is there: it executes frozen GraphDefs given as JSON.</summary>
internal static class TensorFlowJs
{
    private static readonly TestTool Node = new(
        "node", [Path.Combine(TestTool.ProjectFolder, "TensorFlow", "run_tfjs.js")], ["-e", "require('@tensorflow/tfjs-converter'); require('@tensorflow/tfjs-backend-cpu')"]);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Skips the test where TensorFlow.js is not there.</summary>
    public static void Require() => Skip.If(Node.Missing is not null, $"TensorFlow.js: {Node.Missing}. Run 'npm install --ignore-scripts' in {TestTool.ProjectFolder}.");

    /// <summary>The values of a program's fetches.</summary>
    public static (int[] Dims, float[] Values)[] Run(GraphDefFile file, GraphDefProgram program, int batch, IReadOnlyDictionary<Tensor, float[]> feeds)
    {
        // Constants are weights there, beside the graph.
        GraphDef graph = file.Definition.Clone();
        List<object> specs = [];
        List<byte> weights = [];
        foreach (NodeDef node in graph.Node.Where(n => n.Op == "Const"))
        {
            TensorProto tensor = node.Attr["value"].Tensor;
            string type = tensor.Dtype switch
            {
                DataType.DtFloat => "float32",
                DataType.DtInt32 => "int32",
                _ => throw new NotSupportedException($"TensorFlow.js takes no constant of {tensor.Dtype}."),
            };
            specs.Add(new { node.Name, shape = tensor.TensorShape.Dim.Select(d => d.Size), dtype = type });
            weights.AddRange(tensor.TensorContent);
            tensor.TensorContent = ByteString.Empty;
        }

        string request = JsonSerializer.Serialize(
            new
            {
                topology = JsonNode.Parse(JsonFormatter.Default.Format(graph)),
                specs,
                weights = Convert.ToBase64String([.. weights]),
                feeds = file.Feeds(program.Name).ToDictionary(f => file.NameOf(f).Split(':')[0], f => new
                {
                    type = f.DType == DType.Int32 ? "int32" : "float32",
                    dims = Enumerable.Range(0, f.Shape.Rank).Select(i => f.Shape.Dim(i, batch)),
                    data = Convert.ToBase64String(f.DType == DType.Int32
                        ? MemoryMarshal.AsBytes<int>(Array.ConvertAll(feeds[f], v => (int)v))
                        : MemoryMarshal.AsBytes<float>(feeds[f])),
                }),
                fetches = program.Fetches.Select(file.NameOf),
            },
            Json);
        Answer answer = JsonSerializer.Deserialize<Answer>(Node.Ask(request), Json)!;
        Assert.True(answer.Error is null, answer.Error);
        return [.. answer.Outputs!.Select(o => (o.Dims, MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(o.Data)).ToArray()))];
    }

    private sealed record Answer(Output[]? Outputs, string? Error);

    private sealed record Output(int[] Dims, string Data);
}
