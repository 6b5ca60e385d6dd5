using MLNetDeep.Layers;

namespace MLNetDeep.Graphs.Tests.Layers;

/// <summary>What layers for rows of tables compute.</summary>
public class TableLayerTests
{
    private static readonly double[] Row = [0.5, 1, -1, 0, 2, 0.25];

    [Fact]
    public void Scoring_gives_tangents_and_probabilities()
    {
        double[] row = Run(new MixedActivation { Numbers = 1, Blocks = [2, 3], Temperature = 0.2f }, training: false, out _, Row);
        Close(Math.Tanh(0.5), row[0]);
        Close(Math.Exp(1) / (Math.Exp(1) + Math.Exp(-1)), row[1]);
        Close(Math.Exp(2) / (1 + Math.Exp(2) + Math.Exp(0.25)), row[4]);
        Close(1, row[1] + row[2]);
        Close(1, row[3] + row[4] + row[5]);
    }

    [Fact]
    public void Draws_are_nearly_one_hot_and_as_frequent_as_their_probabilities()
    {
        const int Count = 4000;
        double[] rows = Run(new MixedActivation { Numbers = 0, Blocks = [3], Temperature = 0.05f }, training: true, out _, [.. Enumerable.Repeat((double[])[0, 1, -0.5], Count).SelectMany(r => r)], size: 3);
        double sum = 1 + Math.E + Math.Exp(-0.5);
        double[] expected = [1 / sum, Math.E / sum, Math.Exp(-0.5) / sum];
        for (int c = 0; c < 3; c++)
            Assert.InRange(rows.Where((_, i) => i % 3 == c).Count(v => v > 0.5) / (double)Count, expected[c] - 0.025, expected[c] + 0.025);
        Assert.True(rows.Count(v => v is > 0.1 and < 0.9) < Count / 4);
    }

    [Fact]
    public void A_condition_costs_the_logarithm_of_its_probability()
    {
        Layer layer = new ConditionPenalty { Numbers = 1, Blocks = [2, 3], Conditioned = [1] };
        double[] row = Run(layer, training: true, out double[] losses, Row, condition: [0, 0, 1]);
        Assert.Equal(Row, row);
        Close(-Math.Log(Math.Exp(0.25) / (1 + Math.Exp(2) + Math.Exp(0.25))), Assert.Single(losses));
        Run(layer, training: false, out losses, Row, condition: [0, 0, 1]);
        Assert.Empty(losses);
    }

    [Fact]
    public void A_sample_is_the_mean_in_scoring_and_spreads_in_training()
    {
        Layer layer = new LatentSample { KlWeight = 2 };
        Assert.Equal([1.0, -2], Run(layer, training: false, out _, [1, -2], condition: [0, 1]));
        double[] drawn = Run(layer, training: true, out double[] losses, [1, -2], condition: [0, 1]);
        Close(1 + 0 + 4 + Math.E - 1 - 1, Assert.Single(losses)); // 2 times half of the sum
        Assert.NotEqual([1.0, -2], drawn);
        double[] many = Run(layer, training: true, out _, new double[4000], condition: [.. Enumerable.Repeat(Math.Log(9), 4000)], size: 4);
        Assert.InRange(Math.Sqrt(many.Average(v => v * v)), 2.85, 3.15);
    }

    [Fact]
    public void Deviations_start_at_a_tenth_and_are_the_same_for_all_rows()
    {
        double[] rows = Run(new LearnedDeviations { Count = 2 }, training: false, out _, [1, 2, 3, 4], size: 2);
        Assert.Equal([1.0, 2, 0.1, 0.1, 3, 4, 0.1, 0.1], rows.Select(r => Math.Round(r, 6)));
        Close(0.1, LearnedDeviations.Of([MathF.Log(1 / 10f)])[0], 1e-5);
    }

    [Fact]
    public void Settings_that_do_not_fit_are_named()
    {
        static string Fails(Network network) => Assert.Throws<ArgumentException>(() => network.Build(new BuildContext(new Graph()) { Training = true })).Message;
        Assert.Contains("expected numbers of shape (batch, ..., 5)", Fails(Network.Input(4).MixedActivation(2, [3])), StringComparison.Ordinal);
        Assert.Contains("blocks of 1", Fails(Network.Input(3).MixedActivation(2, [1])), StringComparison.Ordinal);
        Assert.Contains("Temperature is 0", Fails(Network.Input(5).MixedActivation(2, [3], 0)), StringComparison.Ordinal);
        Assert.Contains("the blocks 1", Fails(Network.Combine(new ConditionPenalty { Numbers = 2, Blocks = [3], Conditioned = [1] }, Network.Input("a", 5), Network.Input("b", 3))), StringComparison.Ordinal);
        Assert.Contains("conditions of 3 numbers", Fails(Network.Combine(new ConditionPenalty { Numbers = 2, Blocks = [3], Conditioned = [0] }, Network.Input("a", 5), Network.Input("b", 2))), StringComparison.Ordinal);
        Assert.Contains("KlWeight is -1", Fails(Network.Combine(new LatentSample { KlWeight = -1 }, Network.Input("a", 2), Network.Input("b", 2))), StringComparison.Ordinal);
        Assert.Contains("(batch, 3 or more)", Fails(Network.Input(2).Append(new LearnedDeviations { Count = 3 })), StringComparison.Ordinal);
    }

    private static void Close(double expected, double actual, double tolerance = 1e-6) => Assert.InRange(actual, expected - tolerance, expected + tolerance);

    // The layer's output for rows (and a second input of as many), and the losses that it adds.
    private static double[] Run(Layer layer, bool training, out double[] losses, double[] rows, double[]? condition = null, int? size = null)
    {
        int width = size ?? rows.Length, batch = rows.Length / width;
        Graph graph = new();
        BuildContext context = new(graph) { Training = training, Seed = 3 };
        Network input = Network.Input("rows", width);
        Tensor output = (condition is null ? input.Append(layer) : Network.Combine(layer, input, Network.Input("condition", condition.Length / batch))).Build(context).Value;
        Dictionary<string, float[]> given = new() { ["rows/input"] = [.. rows.Select(r => (float)r)], ["step"] = [1] };
        if (condition is not null)
            given["condition/input"] = [.. condition.Select(c => (float)c)];
        float[][] results = TestEngines.Run("cpu", graph, [output, .. context.Losses], given, batch);
        losses = [.. results[1..].Select(l => (double)l[0])];
        return [.. results[0].Select(v => (double)v)];
    }
}
