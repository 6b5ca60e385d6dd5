using System.Text.Json;
using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Training.Tests.Adversarial;

/// <summary>Penalties and their parameter gradients, which are gradients of gradients, as PyTorch gives them.</summary>
public class GradientPenaltyTests
{
    [Theory]
    [InlineData("interpolation dense")]
    [InlineData("interpolation convolution")]
    [InlineData("r1 dense")]
    [InlineData("r1 convolution")]
    [InlineData("interpolation layer_normalization")]
    [InlineData("r1 layer_normalization")]
    [InlineData("interpolation batch_normalization")]
    [InlineData("r1 batch_normalization")]
    [InlineData("interpolation transposed")]
    [InlineData("r1 transposed")]
    public void Penalties_and_their_gradients_are_as_in_PyTorch(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "gradient_penalty.json")));
        JsonElement golden = document.RootElement.GetProperty(name);
        Network image = Network.Input(4, 4, 2);
        Network critic = name.Split(' ')[1] switch
        {
            "dense" => Network.Input(3).Dense(8, name: "a").Softplus().Dense(1, name: "b"),
            "convolution" => image.Conv2D(3, 4, strides: 2, padding: 1, name: "a").LeakyRelu(0.2).Flatten().Tanh().Dense(1, name: "b"),
            "layer_normalization" => Network.Input(3).Dense(8, name: "a").LayerNormalization(1e-5, name: "n").Softplus().Dense(1, name: "b"),
            "batch_normalization" => image.Conv2D(3, 4, strides: 2, padding: 1, name: "a").BatchNormalization(0.9, 1e-5, name: "n").LeakyRelu(0.2).Flatten().Tanh().Dense(1, name: "b"),
            _ => image.Conv2DTranspose(3, 4, strides: 2, padding: Padding.Same, name: "a").Softplus().Flatten().Dense(1, name: "b"),
        };
        bool dense = critic.InputLayers[0].Shape!.Count == 1;
        Graph graph = new();
        Shape shape = dense ? Shape.Batched(3) : Shape.Batched(4, 4, 2);
        Tensor real = graph.Placeholder("real", DType.Float32, shape), fake = graph.Placeholder("fake", DType.Float32, shape);
        Tensor share = graph.Placeholder("share", DType.Float32, dense ? Shape.Batched(1) : Shape.Batched(1, 1, 1));
        BuildContext context = new(graph) { Training = true };
        Tensor Score(Tensor x) => critic.Build(context, [new MaskedTensor(x)]).Value;
        Tensor penalty = name.StartsWith("r1", StringComparison.Ordinal)
            ? new R1Penalty().Compute(real, fake, Score, context.Step, 0)
            : new InterpolationPenalty().At(real, fake, share, Score);

        Variable[] weights = [.. graph.Variables.Where(v => v.Trainable)];
        Tensor?[] gradients = Gradients.Compute([penalty], [.. weights.Select(w => w.Tensor)]);
        using ISession session = new CpuEngine(1).CreateSession(graph, 0);
        foreach (Variable weight in weights)
            session.WriteVariable(weight.Name, Numbers(golden.GetProperty("weights").GetProperty(weight.Name)));
        using IExecutable run = session.Compile([penalty, .. gradients.OfType<Tensor>()]);
        foreach (Tensor feed in run.Feeds)
            Numbers(golden.GetProperty(feed.Node.Name)).CopyTo(run.Feed<float>(feed, 5));
        run.Run(5);

        Assert.Equal(golden.GetProperty("penalty").GetDouble(), run.Fetch<float>(penalty)[0], 4);
        for (int i = 0; i < weights.Length; i++)
        {
            float[] expected = Numbers(golden.GetProperty("gradients").GetProperty(weights[i].Name));
            float[] actual = gradients[i] is { } gradient ? run.Fetch<float>(gradient).ToArray() : new float[expected.Length];
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), p => Assert.True(Math.Abs(p.First - p.Second) <= 2e-5 * (1 + Math.Abs(p.First)), $"{weights[i].Name}: {p.Second}, expected {p.First}"));
        }
    }

    private static float[] Numbers(JsonElement json) => [.. json.EnumerateArray().Select(v => (float)v.GetDouble())];
}
