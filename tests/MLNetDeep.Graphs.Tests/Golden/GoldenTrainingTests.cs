using MLNetDeep.Engines;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>Whole networks trained for ten steps: losses, weights, running statistics and scores, as PyTorch gives them.</summary>
public class GoldenTrainingTests
{
    private static readonly IReadOnlyDictionary<string, GoldenFile.Case> Cases = GoldenFile.Read("training");

    public static TheoryData<string, string> All => TestEngines.Times(Cases.Keys);

    [Theory]
    [MemberData(nameof(All))]
    public void Training_is_as_in_PyTorch(string engine, string name)
    {
        GoldenFile.Case golden = Cases[name];
        L2? penalty = golden.Attributes.ContainsKey("l2") ? new(golden.Number("l2")) : null;
        Network input = Network.Input(6);
        (Network network, Loss loss) = name switch
        {
            "multiclass" => (input.Dense(8, name: "dense1").Relu().ClassOutput(3, name: "dense2"), (Loss)new SparseCategoricalCrossentropy()),
            "multiclass_normalization" => (input.Dense(8, useBias: false, name: "dense1").BatchNormalization(name: "batch_normalization").Relu()
                .Dense(8, name: "dense2").LayerNormalization(name: "layer_normalization").Relu().ClassOutput(3, name: "dense3"), new SparseCategoricalCrossentropy()),
            "binary" => (input.Dense(8, name: "dense1").Relu().ClassOutput(1, name: "dense2"), new BinaryCrossentropy()),
            "regression" => (input.Dense(8, name: "dense1", kernelRegularizer: penalty).Tanh().Dense(1, name: "dense2", kernelRegularizer: penalty), new Huber()),
            _ => throw new InvalidOperationException($"There is no network for {name}."),
        };

        // Training and scoring in one graph, on the same weights.
        Graph graph = new();
        BuildContext training = new(graph) { Training = true, Prefix = "" };
        MaskedTensor output = network.Build(training);
        Tensor scores;
        using (graph.Scope("scoring"))
            scores = network.Build(new BuildContext(graph)).Value;
        GoldenFile.Values targets = golden.Inputs.GetValueOrDefault("labels") ?? golden.Inputs["targets"];
        Tensor target = graph.Placeholder("target", loss.TargetType, loss.TargetShape(output.Value.Shape));
        Tensor total = loss.Reduce(output, target, penalties: training.Losses);
        Tensor rate = graph.Placeholder(Optimizer.LearningRateFeed, DType.Float32, Shape.Scalar);
        Optimizer optimizer = GoldenOptimizerTests.Make(golden);
        Variable[] weights = [.. graph.Variables];
        IReadOnlyList<Node> updates = optimizer.Minimize(total, weights, rate);

        using ISession session = TestEngines.Get(engine).CreateSession(graph, 0);
        foreach (Variable weight in weights)
            session.WriteVariable(weight.Name, golden.Inputs[weight.Name.Replace('/', '.')].Data);
        using IExecutable step = session.Compile([total], [.. updates, .. training.Updates]);
        float[] losses = new float[10];
        for (int t = 0; t < losses.Length; t++)
        {
            FeedAll(step);
            step.Feed<float>(rate, 16)[0] = optimizer.LearningRate;
            step.Run(16);
            losses[t] = step.Fetch<float>(total)[0];
        }

        using IExecutable score = session.Compile([scores]);
        FeedAll(score);
        score.Run(16);
        GoldenFile.AssertClose($"{name} losses", golden.Outputs["loss"], losses);
        GoldenFile.AssertClose($"{name} scores", golden.Outputs["scores"], score.Fetch<float>(scores));
        foreach (Variable weight in weights)
        {
            float[] values = new float[weight.Shape.UnitSize];
            session.ReadVariable(weight.Name, values);
            GoldenFile.AssertClose($"{name} {weight.Name}", golden.Outputs[weight.Name.Replace('/', '.')], values);
        }

        void FeedAll(IExecutable executable)
        {
            foreach (Tensor feed in executable.Feeds)
            {
                if (feed == target)
                    TestEngines.Feed(executable, feed, 16, targets.Data);
                else if (feed.Node.Name == "input/input")
                    TestEngines.Feed(executable, feed, 16, golden.Inputs["x"].Data);
            }
        }
    }
}
