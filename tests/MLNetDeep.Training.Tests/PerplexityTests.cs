using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Training.Tests;

public class PerplexityTests
{
    // Two rows of two steps, three tokens; the last step has no right token.
    private static readonly float[] Outputs = [0.5f, 0.25f, 0.25f, 0.1f, 0.8f, 0.1f, 0.2f, 0.3f, 0.5f, 1, 0, 0];
    private static readonly int[] Labels = [0, 1, 1, 1, 2, 1, 0, 0];

    [Fact]
    public void It_is_the_inverse_geometric_mean_of_the_right_tokens_probabilities()
    {
        Perplexity metric = new();
        metric.Update(Outputs, Labels, []);
        Assert.Equal(Math.Pow(0.5 * 0.8 * 0.5, -1.0 / 3), metric.Result, 1e-6);
        Assert.False(metric.HigherIsBetter);

        // Batches add up; what is forgotten does not count.
        metric.Update(Outputs.AsSpan(0, 6), Labels.AsSpan(0, 4), []);
        Assert.Equal(Math.Pow(0.5 * 0.8 * 0.5 * 0.5 * 0.8, -1.0 / 5), metric.Result, 1e-6);
        metric.Reset();
        Assert.True(double.IsNaN(metric.Result));
    }

    [Fact]
    public void Rows_count_by_their_weights()
    {
        Perplexity metric = new();
        metric.Update(Outputs, Labels, [1, 3]);
        Assert.Equal(Math.Exp(-(Math.Log(0.5) + Math.Log(0.8) + 3 * Math.Log(0.5)) / 5), metric.Result, 1e-6);
        metric.Reset();
        metric.Update(Outputs, Labels, [0, 1]);
        Assert.Equal(2, metric.Result, 1e-6);
    }

    [Fact]
    public void A_token_thought_impossible_counts_as_hardly_possible()
    {
        Perplexity metric = new();
        metric.Update([1, 0], [1, 1], []);
        Assert.Equal(1 / (double)Perplexity.Least, metric.Result, 1);
    }
}
