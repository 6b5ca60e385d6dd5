using MLNetDeep.Layers;

namespace MLNetDeep.Graphs.Tests.Layers;

/// <summary>Padded steps do not matter, nor do later ones where a layer is causal.</summary>
public class MaskTests
{
    private const int Tokens = 7, Width = 4;

    // Networks over vectors of tokens; what is at real steps must not depend on how many padded ones follow.
    private static readonly Dictionary<string, Func<Network, Network>> Sequences = new()
    {
        ["self-attention"] = x => x.MultiHeadAttention(2, 3),
        ["causal self-attention"] = x => x.MultiHeadAttention(2, 3, useCausalMask: true),
        ["Luong attention"] = x => x.Attention(x, useScale: true),
        ["additive attention"] = x => x.AdditiveAttention(x),
        ["post-norm encoder"] = x => x.TransformerEncoder(5, 2),
        ["pre-norm encoder"] = x => x.TransformerEncoder(5, 2, normalizeFirst: true).LayerNormalization(),
        ["decoder"] = x => x.TransformerDecoder(5, 2, x.TransformerEncoder(3, 1)),
        ["positions"] = x => x.PositionEmbedding(9).SinePositionEncoding().RotaryEmbedding(),
        ["same convolution"] = x => x.Conv1D(3, 3, padding: Padding.Same),
        ["causal convolution"] = x => x.Conv1D(3, 3, padding: Padding.Causal, dilationRate: 2),
        ["temporal convolutional block"] = x => x.TcnBlock(3).TcnBlock(3, dilationRate: 2),
        ["dense at each step"] = x => x.TimeDistributed(new Dense { Units = 3 }).Tanh(),
        ["maximum of windows"] = x => x.MaxPool1D(2, padding: Padding.Same),
        ["mean of windows"] = x => x.AveragePool1D(2, padding: Padding.Same),
        ["maximum of all"] = x => x.GlobalMaxPool1D(),
        ["mean of all"] = x => x.GlobalAveragePool1D(),
        ["last step"] = x => x.LastStep(),
        ["masking"] = x => x.Masking(),
    };

    public static TheoryData<string, string> OnEngines => TestEngines.Times(Sequences.Keys);

    [Theory]
    [MemberData(nameof(OnEngines))]
    public void Padding_does_not_matter(string engine, string name)
    {
        (float[] row, float[]? mask) = Run(engine, name, [3, 1, 6]);
        (float[] padded, float[]? paddedMask) = Run(engine, name, [3, 1, 6, 0, 0, 0]);
        Assert.Equal(mask is null, paddedMask is null);
        if (mask is not null)
        {
            Assert.All(mask, m => Assert.Equal(1, m));
            Assert.Equal(mask.Length, paddedMask!.Sum());
        }

        Assert.All(row.Zip(padded), p => Assert.Equal(p.First, p.Second, 1e-5f));
    }

    [Theory]
    [MemberData(nameof(OnEngines))]
    public void A_row_of_padding_alone_gives_no_NaN(string engine, string name)
    {
        (Graph graph, MaskedTensor y) = Build(name, 3);
        Tensor[] gradients = [.. Gradients.Compute([Ops.Sum(Ops.Square(y.Value))], [.. graph.Variables.Select(v => v.Tensor)]).OfType<Tensor>()];
        float[][] results = TestEngines.Run(engine, graph, [y.Value, .. gradients], new Dictionary<string, float[]> { ["tokens/input"] = [1, 2, 3, 0, 0, 0] }, 2);
        Assert.All(results, r => Assert.All(r, v => Assert.True(float.IsFinite(v))));
    }

    [Theory]
    [InlineData("causal self-attention")]
    [InlineData("causal convolution")]
    [InlineData("temporal convolutional block")]
    public void Later_steps_do_not_matter(string name)
    {
        (float[] a, _) = Run("cpu", name, [3, 1, 6, 2]);
        (float[] b, _) = Run("cpu", name, [3, 1, 6, 5]);
        int step = a.Length / 4;
        Assert.Equal(a[..(3 * step)], b[..(3 * step)]);
        Assert.NotEqual(a[(3 * step)..], b[(3 * step)..]);
    }

    [Fact]
    public void Causal_decoder_sees_the_whole_encoder_and_its_own_past()
    {
        float[] Decode(float[] ids, float[] source)
        {
            Graph graph = new();
            Network encoder = Network.TokenInput(3, "source").Embedding(Tokens, Width);
            MaskedTensor y = Network.TokenInput(3, "tokens").Embedding(Tokens, Width).TransformerDecoder(5, 2, encoder).Build(new BuildContext(graph));
            return TestEngines.Run("cpu", graph, [y.Value], new Dictionary<string, float[]> { ["tokens/input"] = ids, ["source/input"] = source }, 1)[0];
        }

        float[] once = Decode([1, 2, 3], [4, 5, 6]);
        Assert.Equal(once[..(2 * Width)], Decode([1, 2, 6], [4, 5, 6])[..(2 * Width)]);
        Assert.NotEqual(once[..Width], Decode([1, 2, 3], [4, 5, 1])[..Width]);
    }

    [Fact]
    public void A_mask_ends_where_steps_do_not_answer_to_one_another()
    {
        Network tokens = Network.TokenInput(6).Embedding(Tokens, Width, maskZero: true);
        Tensor? Mask(Network network) => network.Build(new BuildContext(new Graph())).Mask;
        Assert.Null(Mask(tokens.Conv1D(2, 3)));
        Assert.Null(Mask(tokens.Conv1D(2, 3, strides: 2, padding: Padding.Same)));
        Assert.Null(Mask(tokens.Permute(2, 1)));
        Assert.NotNull(Mask(tokens.Permute(1, 2)));
        Assert.Equal(new Shape(-1, 3), Mask(tokens.MaxPool1D())!.Shape);
    }

    [Fact]
    public void Errors_name_what_is_wrong()
    {
        static string Error(Network network) => Assert.Throws<ArgumentException>(() => network.Build(new BuildContext(new Graph()))).Message;
        Network x = Network.Input(3, 4);
        Assert.Contains("NumHeads is 3, expected a divisor of the 4 features", Error(x.TransformerEncoder(5, 3)), StringComparison.Ordinal);
        Assert.Contains("Dropout is 1", Error(x.MultiHeadAttention(1, 2, dropout: 1)), StringComparison.Ordinal);
        Assert.Contains("KeyDim 0", Error(x.MultiHeadAttention(1, 0)), StringComparison.Ordinal);
        Assert.Contains("(batch, steps, features)", Error(Network.Input(4).MultiHeadAttention(1, 2)), StringComparison.Ordinal);
        Assert.Contains("a query and a key of one size, received 4 and 2", Error(x.Attention(Network.Input(3, 2))), StringComparison.Ordinal);
        Assert.Contains("equally many steps", Error(x.MultiHeadAttention(1, 2, Network.Input("b", 3, 2), Network.Input("c", 4, 2))), StringComparison.Ordinal);
        Assert.Contains("the input has 3 steps, more than the SequenceLength of 2", Error(x.PositionEmbedding(2)), StringComparison.Ordinal);
        Assert.Contains("the size even", Error(Network.Input(3, 5).RotaryEmbedding()), StringComparison.Ordinal);
        Assert.Contains("the axes 1 to 2 once", Error(x.Permute(1, 1)), StringComparison.Ordinal);
        Assert.Contains("expected a layer of one input, received Add", Error(x.TimeDistributed(new Add())), StringComparison.Ordinal);
        Assert.Contains("N is 0", Error(Network.Input(4).RepeatVector(0)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_composite_layer_has_the_weights_of_its_parts()
    {
        Graph graph = new();
        BuildContext context = new(graph);
        Network.Input(3, 4).TransformerEncoder(5, 2, name: "layer").Build(context);
        Assert.Equal(graph.Variables, context.WeightsOf("layer"));
        Assert.Contains("layer/self_attention/query/kernel", graph.Variables.Select(v => v.Name));
        Assert.Contains("layer/feedforward_layer_norm/gamma", graph.Variables.Select(v => v.Name));

        graph = new();
        Network.Input(3, 4).Append(new TransformerEncoder { IntermediateDim = 5, NumHeads = 2, Trainable = false, LearningRateMultiplier = 0.5f }).Build(new BuildContext(graph));
        Assert.All(graph.Variables, v => Assert.False(v.Trainable));
        Assert.All(graph.Variables, v => Assert.Equal(0.5f, v.LearningRateMultiplier));
    }

    [Fact]
    public void Task_fills_in_the_output_at_each_step()
    {
        Network network = Network.Input(3, 4).TimeDistributed(new ClassOutput()).WithOutputUnits(5);
        Assert.Equal(new Shape(-1, 3, 5), network.Build(new BuildContext(new Graph())).Value.Shape);
    }

    private static (Graph Graph, MaskedTensor Output) Build(string name, int steps)
    {
        Graph graph = new();
        return (graph, Sequences[name](Network.TokenInput(steps, "tokens").Embedding(Tokens, Width, maskZero: true)).Build(new BuildContext(graph)));
    }

    private static (float[] Values, float[]? Mask) Run(string engine, string name, float[] ids)
    {
        (Graph graph, MaskedTensor y) = Build(name, ids.Length);
        Tensor[] fetches = y.Mask is null ? [y.Value] : [y.Value, Ops.Cast(y.Mask)];
        float[][] results = TestEngines.Run(engine, graph, fetches, new Dictionary<string, float[]> { ["tokens/input"] = ids }, 1, seed: 3);
        return (results[0], results.ElementAtOrDefault(1));
    }
}
