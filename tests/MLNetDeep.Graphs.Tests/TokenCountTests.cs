using MLNetDeep.Layers;

namespace MLNetDeep.Graphs.Tests;

/// <summary>What networks know of the tokens that are fed, and learn from the data.</summary>
public class TokenCountTests
{
    [Fact]
    public void Open_counts_are_filled_in_and_given_ones_kept()
    {
        Network open = Network.TokenInput(5).Embedding(null, 4).Flatten().Dense(1), given = Network.TokenInput(5).Embedding(7, 4).Flatten().Dense(1);
        Assert.Equal([null], open.TokenCounts);
        Assert.Equal([7], given.TokenCounts);
        Assert.Equal([9], open.WithTokenCounts(9).TokenCounts);
        Assert.Equal([7], given.WithTokenCounts(9).TokenCounts);
        Assert.Equal([9], open.WithTokenCounts(9).WithTokenCounts(3).TokenCounts);
        Assert.Same(open, open.WithTokenCounts((int?)null));
        Assert.Equal(new Shape(9, 4), Weight(open.WithTokenCounts(9)));
        Assert.Equal(new Shape(7, 4), Weight(given.WithTokenCounts(9)));
    }

    [Fact]
    public void Each_input_has_a_count_of_its_own()
    {
        Network words = Network.TokenInput(5, "words").Embedding(null, 4), tags = Network.TokenInput(5, "tags").Embedding(null, 2), numbers = Network.Input("numbers", 5, 3);
        Network network = words.Concatenate(tags, numbers).Flatten().Dense(1);
        Assert.Equal(["words", "tags", "numbers"], network.InputLayers.Select(i => i.Name));
        Assert.Equal([20, 6, null], network.WithTokenCounts(20, 6, null).TokenCounts);
        Assert.Equal([null, 6, null], network.WithTokenCounts(null, 6, null).TokenCounts);
        Assert.Contains("3 input(s), received 1", Assert.Throws<ArgumentException>(() => network.WithTokenCounts(20)).Message, StringComparison.Ordinal);
        Assert.Contains("20, 0", Assert.Throws<ArgumentException>(() => network.WithTokenCounts(20, 0, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_embeddings_of_one_input_know_the_same_tokens()
    {
        // The smallest given one says which tokens may come.
        Network input = Network.TokenInput(5);
        Network network = input.Embedding(null, 4).Concatenate(input.Embedding(30, 2), input.Embedding(12, 2)).Flatten().Dense(1);
        Assert.Equal([12], network.TokenCounts);
        Assert.Equal(new Shape(40, 4), Weight(network.WithTokenCounts(40)));
    }

    [Fact]
    public void An_embedding_that_inputs_share_knows_the_tokens_of_all()
    {
        Embedding shared = new() { OutputDim = 4 };
        Network network = Network.TokenInput(5, "a").Append(shared).Add(Network.TokenInput(5, "b").Append(shared)).Flatten().Dense(1);
        Network filled = network.WithTokenCounts(10, 25);
        Assert.Equal([25, 25], filled.TokenCounts);
        Graph graph = new();
        filled.Build(new BuildContext(graph));
        Assert.Equal(new Shape(25, 4), Assert.Single(graph.Variables, v => v.Name.EndsWith("embeddings", StringComparison.Ordinal)).Shape);
    }

    [Fact]
    public void Only_ids_as_they_are_fed_count()
    {
        // Reshaped ids are the same ids; what an embedding makes of them is none.
        Assert.Equal([8], Network.TokenInput(6).Reshape(2, 3).Embedding(null, 4).Flatten().Dense(1).WithTokenCounts(8).TokenCounts);
        Assert.Equal([8], Network.TokenInput(6).Reshape(2, 3).Flatten().Embedding(8, 4).Flatten().Dense(1).TokenCounts);
        Assert.Equal([null], Network.Input(6).Dense(3).TokenCounts);
    }

    private static Shape Weight(Network network)
    {
        Graph graph = new();
        network.Build(new BuildContext(graph));
        return graph.Variables.First(v => v.Name.EndsWith("embeddings", StringComparison.Ordinal)).Shape;
    }
}
