using MLNetDeep.Layers;
using MLNetDeep.Losses;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>Divergence and likelihoods of a variational autoencoder and their gradients, as PyTorch's distributions give them.</summary>
public class GoldenVaeTests
{
    private static readonly IReadOnlyDictionary<string, GoldenFile.Case> Cases = GoldenFile.Read("vae");

    public static TheoryData<string, string> All => TestEngines.Times(Cases.Keys);

    [Theory]
    [MemberData(nameof(All))]
    public void Losses_and_gradients_are_as_in_PyTorch(string engine, string name)
    {
        GoldenFile.Case golden = Cases[name];
        Graph graph = new();
        Dictionary<string, Tensor> inputs = golden.Inputs.ToDictionary(i => i.Key, i => graph.Placeholder(i.Key, DType.Float32, Shape.Batched(i.Value.Shape[1..])));
        Tensor loss;
        if (name.StartsWith("kl", StringComparison.Ordinal))
        {
            BuildContext context = new(graph) { Training = true };
            Network.Input("m", 3).LatentSample(Network.Input("v", 3), golden.Number("weight")).Build(context, [new(inputs["mean"]), new(inputs["log_variance"])]);
            loss = Assert.Single(context.Losses);
        }
        else
        {
            Loss own = name == "bernoulli" ? new BernoulliReconstruction() : new GaussianReconstruction { Deviation = golden.Attributes.ContainsKey("deviation") ? golden.Number("deviation") : null };
            loss = own.PerRow(new(name == "bernoulli" ? Ops.Sigmoid(inputs["predictions"]) : inputs["predictions"]), inputs["targets"]);
        }

        Tensor[] by = [.. golden.Gradients.Keys.Select(g => inputs[g])];
        Tensor[] gradients = [.. Gradients.Compute([Ops.Sum(loss)], by).Select(g => g!)];
        float[][] actual = TestEngines.Run(engine, graph, [loss, .. gradients], golden.Inputs.ToDictionary(i => i.Key, i => i.Value.Data), 4);
        GoldenFile.AssertClose("loss", golden.Outputs["loss"], actual[0]);
        foreach ((int at, GoldenFile.Values expected) in golden.Gradients.Values.Index())
            GoldenFile.AssertClose($"gradient {at}", expected, actual[at + 1]);
    }

    [Fact]
    public void A_sample_has_the_mean_and_the_variance_it_is_told_and_in_scoring_is_the_mean()
    {
        Graph graph = new();
        BuildContext training = new(graph) { Training = true };
        Tensor mean = graph.Placeholder("mean", DType.Float32, Shape.Batched(1000)), variance = graph.Placeholder("variance", DType.Float32, Shape.Batched(1000));
        Network network = Network.Input("m", 1000).LatentSample(Network.Input("v", 1000));
        Tensor sample = network.Build(training, [new(mean), new(variance)]).Value, scored = network.Build(new BuildContext(graph), [new(mean), new(variance)]).Value;
        Dictionary<string, float[]> given = new() { ["mean"] = [.. Enumerable.Repeat(3f, 4000)], ["variance"] = [.. Enumerable.Repeat(MathF.Log(0.25f), 4000)], ["step"] = [0] };
        float[][] run = TestEngines.Run("cpu", graph, [sample, scored], given, 4);
        double average = run[0].Average();
        Assert.Equal(3, average, 0.03);
        Assert.Equal(0.5, Math.Sqrt(run[0].Average(v => (v - average) * (v - average))), 0.02);
        Assert.All(run[1], v => Assert.Equal(3, v));
    }

    [Fact]
    public void What_cannot_be_a_loss_is_said()
    {
        Tensor x = new Graph().Placeholder("x", DType.Float32, Shape.Batched(2));
        Assert.Contains("Deviation is 0", Assert.Throws<ArgumentException>(() => new GaussianReconstruction { Deviation = 0 }.PerRow(new(x), x)).Message, StringComparison.Ordinal);
        Assert.Contains("KlWeight is -1", Assert.Throws<ArgumentException>(() => Network.Input("m", 2).LatentSample(Network.Input("v", 2), -1).Build(new BuildContext(new Graph()))).Message, StringComparison.Ordinal);
        Assert.Contains("of one shape", Assert.Throws<ArgumentException>(() => Network.Input("m", 2).LatentSample(Network.Input("v", 3)).Build(new BuildContext(new Graph()))).Message, StringComparison.Ordinal);
    }
}
