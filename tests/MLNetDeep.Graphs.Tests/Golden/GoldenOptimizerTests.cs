using MLNetDeep.Engines;
using MLNetDeep.Initializers;
using MLNetDeep.Optimizers;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>Weights after each of ten steps, as PyTorch's optimizers give them.</summary>
public class GoldenOptimizerTests
{
    private static readonly IReadOnlyDictionary<string, GoldenFile.Case> Cases = GoldenFile.Read("optimizers");

    public static TheoryData<string, string> All => TestEngines.Times(Cases.Keys);

    internal static Optimizer Make(GoldenFile.Case golden)
    {
        float? Limit(string name) => golden.Attributes.ContainsKey(name) ? golden.Number(name) : null;
        float rate = golden.Number("learning_rate"), epsilon = golden.Number("epsilon"), beta1 = golden.Number("beta1"), beta2 = golden.Number("beta2");
        Optimizer optimizer = golden.Text("optimizer") switch
        {
            "sgd" => new Sgd { Momentum = golden.Number("momentum"), Nesterov = golden.Flag("nesterov") },
            "adagrad" => new AdaGrad { InitialAccumulator = golden.Number("initial_accumulator"), Epsilon = epsilon },
            "rmsprop" => new RMSprop { Rho = golden.Number("rho"), Momentum = golden.Number("momentum"), Centered = golden.Flag("centered"), Epsilon = epsilon },
            "adam" => new Adam { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, AmsGrad = golden.Flag("amsgrad") },
            "adamw" => new AdamW { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = golden.Number("weight_decay") },
            "nadam" => new Nadam { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, MomentumDecay = golden.Number("momentum_decay") },
            var other => throw new InvalidOperationException($"There is no optimizer for {other}."),
        };
        return optimizer with { LearningRate = rate, ClipValue = Limit("clip_value"), ClipNorm = Limit("clip_norm"), GlobalClipNorm = Limit("global_clip_norm") };
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Optimizer_is_as_in_PyTorch(string engine, string name)
    {
        GoldenFile.Case golden = Cases[name];
        Optimizer optimizer = Make(golden);
        Graph graph = new();
        Tensor rate = graph.Placeholder(Optimizer.LearningRateFeed, DType.Float32, Shape.Scalar);

        // A loss that has the given gradients: their product with the weights.
        string[] weights = [.. golden.Outputs.Keys];
        Variable[] variables = [.. weights.Select(w => graph.Variable(w, new Shape(golden.Inputs[w].Shape), Constant.Zeros))];
        Tensor[] slopes = [.. variables.Select(v => graph.Placeholder($"{v.Name}_gradient", DType.Float32, v.Shape))];
        Tensor loss = variables.Zip(slopes, (v, g) => Ops.Sum(v.Tensor * g)).Aggregate((a, b) => a + b);

        // PyTorch's coupled decay is an L2 penalty of half its size.
        if (golden.Attributes.ContainsKey("decoupled") && !golden.Flag("decoupled"))
            loss += new Regularizers.L2(golden.Number("weight_decay") / 2).Penalty(variables[0].Tensor);
        IReadOnlyList<Node> updates = optimizer.Minimize(loss, variables, rate);

        using ISession session = TestEngines.Get(engine).CreateSession(graph, 0);
        foreach (string weight in weights)
            session.WriteVariable(weight, golden.Inputs[weight].Data);
        using IExecutable step = session.Compile([loss], updates);
        for (int t = 0; t < 10; t++)
        {
            step.Feed<float>(rate, 1)[0] = optimizer.LearningRate;
            for (int i = 0; i < weights.Length; i++)
            {
                GoldenFile.Values g = golden.Inputs[weights[i].Replace('w', 'g')];
                int size = g.Data.Length / 10;
                g.Data.AsSpan(t * size, size).CopyTo(step.Feed<float>(slopes[i], 1));
            }

            step.Run(1);
            for (int i = 0; i < weights.Length; i++)
            {
                GoldenFile.Values expected = golden.Outputs[weights[i]];
                int size = expected.Data.Length / 10;
                float[] actual = new float[size];
                session.ReadVariable(weights[i], actual);
                GoldenFile.AssertClose($"{name} {weights[i]} after step {t + 1}", new(variables[i].Shape.Dims.ToArray(), expected.Data[(t * size)..((t + 1) * size)]), actual);
            }
        }
    }
}
