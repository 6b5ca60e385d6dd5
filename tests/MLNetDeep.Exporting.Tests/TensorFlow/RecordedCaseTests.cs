using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Exporting.Tests.Interpreter;
using InterpretedValue = MLNetDeep.Exporting.Tests.Interpreter.Value;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>
/// Ten steps of training and a batch of scoring: the GraphDef, by TensorFlow's meaning of its operations, gives the CPU engine's numbers. With MLNETDEEP_GRAPHDEF_FOLDER
/// set, the cases are written there for tools/check_graphdef.py, which runs them on TensorFlow itself.
/// </summary>
public class RecordedCaseTests
{
    private const double LossTolerance = 1e-4, WeightTolerance = 1e-3;

    public static TheoryData<string> Small => [.. TrainingGraphs.All.Keys.Except(TrainingGraphs.Large)];

    public static TheoryData<string> Large => [.. TrainingGraphs.Large];

    [Theory]
    [MemberData(nameof(Small))]
    public void Ten_steps_give_the_same_numbers(string name) => Check(name);

    [Theory]
    [MemberData(nameof(Large))]
    [Trait("Category", "Slow")]
    public void Ten_steps_of_large_networks_give_the_same_numbers(string name) => Check(name);

    private static void Check(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("MLNETDEEP_GRAPHDEF_FOLDER");
        bool keep = !string.IsNullOrEmpty(folder);
        folder = keep ? Path.Combine(folder!, name) : Directory.CreateTempSubdirectory("mlnetdeep-graphdef-").FullName;
        try
        {
            if (keep && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            RecordedCase recorded = RecordedCase.Record(name, TrainingGraphs.All[name](), Path.Combine(folder, "saved_model"));
            recorded.Save(folder);

            GraphInterpreter graph = new(GraphDef.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "graph.pb"))));
            graph.Run(new Dictionary<string, InterpretedValue>(), [], [recorded.Init!]);
            for (int step = 0; step < recorded.Runs.Count; step++)
            {
                RecordedRun run = recorded.Runs[step];
                Compare(run.Fetches, graph.Run(Fed(run.Feeds), [.. run.Fetches.Keys], run.Target is { } target ? [target] : []), LossTolerance, $"run {step} ({run.Program})");
            }

            Compare(recorded.Variables, graph.Run(new Dictionary<string, InterpretedValue>(), [.. recorded.Variables.Keys]), WeightTolerance, "after training");
            CheckServing(recorded.Serving!, Path.Combine(folder, "saved_model"));
        }
        finally
        {
            if (!keep)
                Directory.Delete(folder, recursive: true);
        }
    }

    // As a loader does it: restore the variables, run the signature; and the frozen graph, whose tensors have the same names.
    private static void CheckServing(RecordedServing serving, string folder)
    {
        MetaGraphDef meta = SavedModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "saved_model.pb"))).MetaGraphs.Single();
        Assert.Equal([], OpTable.Check(meta.GraphDef));
        Dictionary<string, (int[] Dims, float[] Values)> bundle = BundleReader.Read(Path.Combine(folder, "variables", "variables"));
        GraphInterpreter graph = new(meta.GraphDef, bundle.ToDictionary(b => b.Key, b => InterpretedValue.Floats(b.Value.Values, b.Value.Dims)));
        SignatureDef signature = meta.SignatureDef["serving_default"];
        Assert.Equal(serving.Inputs.Keys.Order(), signature.Inputs.Keys.Order());
        graph.Run(new Dictionary<string, InterpretedValue>(), [], [meta.SignatureDef["__saved_model_init_op"].Outputs["__saved_model_init_op"].Name]);
        Dictionary<string, InterpretedValue> feeds = Fed(serving.Inputs.ToDictionary(i => signature.Inputs[i.Key].Name, i => i.Value));
        string[] fetches = [.. serving.Outputs.Keys.Select(o => signature.Outputs[o].Name)];
        Compare(serving.Outputs, graph.Run(feeds, fetches), LossTolerance, "serving_default");

        GraphDef frozen = GraphDef.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "frozen_graph.pb")));
        Assert.DoesNotContain(frozen.Node, n => n.Op is "VarHandleOp" or "ReadVariableOp" or "AssignVariableOp");
        Compare(serving.Outputs, new GraphInterpreter(frozen).Run(feeds, fetches), LossTolerance, "frozen graph");
    }

    private static Dictionary<string, InterpretedValue> Fed(IReadOnlyDictionary<string, RecordedTensor> feeds) => feeds.ToDictionary(
        f => f.Key, f => f.Value.Type == "int32" ? InterpretedValue.Ints([.. f.Value.Values.Select(v => (int)v)], f.Value.Shape) : InterpretedValue.Floats(f.Value.Values, f.Value.Shape));

    private static void Compare(IReadOnlyDictionary<string, RecordedTensor> expected, InterpretedValue[] actual, double tolerance, string when)
    {
        foreach (((string name, RecordedTensor tensor), InterpretedValue value) in expected.Zip(actual))
        {
            Assert.Equal(tensor.Shape, value.Dims);
            for (int i = 0; i < tensor.Values.Length; i++)
            {
                double difference = Math.Abs(tensor.Values[i] - value.Reals[i]);
                Assert.True(difference <= tolerance * Math.Max(1, Math.Abs(tensor.Values[i])), $"{when}: {name}[{i}] is {value.Reals[i]}, expected {tensor.Values[i]}.");
            }
        }
    }
}
