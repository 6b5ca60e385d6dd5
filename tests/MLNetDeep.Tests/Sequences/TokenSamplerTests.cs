using MLNetDeep.Sequences;

namespace MLNetDeep.Tests.Sequences;

public class TokenSamplerTests
{
    private static readonly float[] Probabilities = [0.1f, 0.4f, 0.05f, 0.3f, 0.15f];

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 3 })]
    [InlineData(4, new[] { 1, 3, 4, 0 })]
    [InlineData(99, new[] { 1, 3, 4, 0, 2 })]
    public void The_k_likeliest_are_drawn_from(int k, int[] expected) => Assert.Equal(expected, new TokenSampler(1, k, null, 0).Allowed(Probabilities));

    [Theory]
    [InlineData(0.01, new[] { 1 })]
    [InlineData(0.39, new[] { 1 })]
    [InlineData(0.41, new[] { 1, 3 })]
    [InlineData(0.69, new[] { 1, 3 })]
    [InlineData(0.71, new[] { 1, 3, 4 })]
    [InlineData(0.94, new[] { 1, 3, 4, 0 })]
    [InlineData(1, new[] { 1, 3, 4, 0, 2 })]
    public void The_fewest_that_have_the_mass_are_drawn_from(double mass, int[] expected) => Assert.Equal(expected, new TokenSampler(1, null, mass, 0).Allowed(Probabilities));

    [Fact]
    public void The_mass_is_of_what_temperature_and_k_leave()
    {
        // Squared: 0.16, 0.09, 0.0225, ...: the first has 0.64 of the two likeliest, but 0.57 of itself and the other two of three.
        Assert.Equal([1], new TokenSampler(0.5, 2, 0.63, 0).Allowed(Probabilities));
        Assert.Equal([1, 3], new TokenSampler(0.5, 3, 0.63, 0).Allowed(Probabilities));
    }

    [Theory]
    [InlineData(1, null, null, new[] { 0.1, 0.4, 0.05, 0.3, 0.15 })]
    [InlineData(0.5, null, null, new[] { 0.0351, 0.5614, 0.0088, 0.3158, 0.0789 })]
    [InlineData(1, 2, null, new[] { 0, 0.5714, 0, 0.4286, 0 })]
    [InlineData(1, null, 0.8, new[] { 0, 0.4706, 0, 0.3529, 0.1765 })]
    [InlineData(0, null, null, new[] { 0.0, 1, 0, 0, 0 })]
    public void Draws_are_as_frequent_as_they_should_be(double temperature, int? k, double? mass, double[] expected)
    {
        TokenSampler sampler = new(temperature, k, mass, 7);
        int[] counts = new int[5];
        for (int i = 0; i < 20_000; i++)
            counts[sampler.Draw(Probabilities)]++;
        for (int i = 0; i < 5; i++)
            Assert.Equal(expected[i], counts[i] / 20_000.0, 0.012);
    }

    [Fact]
    public void Equally_likely_tokens_keep_their_order()
    {
        float[] even = [.. Enumerable.Repeat(1f / 64, 64)];
        Assert.Equal(Enumerable.Range(0, 64), new TokenSampler(1, null, null, 0).Allowed(even));
        Assert.Equal([0, 1, 2], new TokenSampler(1, 3, null, 0).Allowed(even));
        Assert.Equal(0, new TokenSampler(0, null, null, 5).Draw(even));
    }

    [Fact]
    public void Small_and_vanishing_probabilities_are_drawn_from_too()
    {
        Assert.Equal(1, new TokenSampler(0.001, null, null, 0).Draw([1e-30f, 2e-30f, 0]));
        Assert.InRange(new TokenSampler(1, null, null, 0).Draw([0, 0, 0]), 0, 2);
    }
}
