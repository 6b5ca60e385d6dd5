using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests.Layers;
using MLNetDeep.Layers;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>Every node that is written agrees with TensorFlow's definition of its operation: inputs, types, attributes.</summary>
public class OpTableTests
{
    public static TheoryData<string> Training => [.. TrainingGraphs.All.Keys];

    public static TheoryData<int> Layers => [.. Enumerable.Range(0, LayerContractTests.Samples.Length)];

    [Theory]
    [MemberData(nameof(Training))]
    public void Training_graphs_are_of_defined_nodes(string name)
    {
        TrainingGraph training = TrainingGraphs.All[name]();
        GraphDefFile file = GraphDefWriter.Write(training.Graph, training.Programs, new() { Seed = TrainingGraph.Seed });
        Assert.Equal([], OpTable.Check(file.Definition));
        Assert.Equal([], OpTable.Check(GraphDefWriter.Write(training.Graph, [training.Programs[^1]], new() { Freeze = true }).Definition));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layers_with_their_gradients_are_of_defined_nodes(int sample)
    {
        foreach (bool training in (bool[])[false, true])
        {
            LayerSample layer = LayerContractTests.Samples[sample];
            Graph graph = new();
            Network[] inputs = [.. layer.Inputs.Select((dims, i) => layer.Ids > 0 ? Network.TokenInput(dims[0], $"in{i}") : Network.Input($"in{i}", dims))];
            BuildContext context = new(graph) { Training = training };
            MaskedTensor output = Network.Combine(layer.Layer, inputs).Build(context);
            Tensor[] by = [.. graph.Nodes.Where(n => n.Op.Name == "Placeholder" && n.Outputs[0].DType == DType.Float32).Select(n => n.Outputs[0]), .. graph.Variables.Where(v => v.Trainable).Select(v => v.Tensor)];
            Tensor?[] gradients = by.Length == 0 ? [] : Gradients.Compute([Ops.Sum(Ops.Square(output.Value))], by);

            // Second derivatives, as gradient penalties need them.
            Tensor?[] second = gradients.OfType<Tensor>().FirstOrDefault() is { } first ? Gradients.Compute([Ops.Sum(Ops.Square(first))], by) : [];
            GraphDefProgram program = new("all", [output.Value, .. context.Losses, .. gradients.OfType<Tensor>(), .. second.OfType<Tensor>()], [.. context.Updates]);
            Assert.Equal([], OpTable.Check(GraphDefWriter.Write(graph, [program]).Definition));
        }
    }

    [Fact]
    public void Every_operation_is_written_or_stands_for_others()
    {
        // In the table of emitters, handled by the writer itself, or lowered.
        string[] own = ["Placeholder", "Variable", "Assign"];
        foreach (OpDefinition op in OpRegistry.All.Where(o => o.GetType().Assembly == typeof(OpRegistry).Assembly))
        {
            bool expands = op.GetType().GetMethod(nameof(OpDefinition.Expand), [typeof(Node)])!.DeclaringType != typeof(OpDefinition);
            Assert.True(expands || own.Contains(op.Name) || EmitterTable.Operations.Contains(op.Name), op.Name);
        }

        Assert.Empty(EmitterTable.Operations.Except(OpRegistry.All.Select(o => o.Name)));
    }

    // The check itself notices what it is there for.
    [Theory]
    [InlineData("type")]
    [InlineData("attribute")]
    [InlineData("unknown")]
    [InlineData("value")]
    [InlineData("inputs")]
    [InlineData("order")]
    public void The_table_notices_errors(string kind)
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(4, 4, 2));
        Tensor y = Ops.MaxPool(x, [2, 2], [2, 2]), ids = Ops.ArgMax(y, 3), sum = Ops.Sum(Ops.Cast(ids));
        GraphDef definition = GraphDefWriter.Write(graph, [new("all", [sum])]).Definition;
        Assert.Equal([], OpTable.Check(definition));
        NodeDef pool = definition.Node.Single(n => n.Op == "MaxPool"), cast = definition.Node.Single(n => n.Op == "Cast");
        switch (kind)
        {
            case "type":
                cast.Attr["SrcT"].Type = DataType.DtFloat;
                break;
            case "attribute":
                pool.Attr.Remove("ksize");
                break;
            case "unknown":
                pool.Attr["kernel"] = new() { I = 2 };
                break;
            case "value":
                pool.Attr["padding"].S = Google.Protobuf.ByteString.CopyFromUtf8("FULL");
                break;
            case "inputs":
                pool.Input.Add(pool.Input[0]);
                break;
            default:
                definition.Node.Remove(pool);
                definition.Node.Add(pool);
                break;
        }

        Assert.NotEmpty(OpTable.Check(definition));
    }
}
