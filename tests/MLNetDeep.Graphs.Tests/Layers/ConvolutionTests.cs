using MLNetDeep.Graphs.Tests.Reference;
using MLNetDeep.Layers;

namespace MLNetDeep.Graphs.Tests.Layers;

/// <summary>What is particular to layers over sequences, images and volumes: sizes by Keras's formulas, paddings, masks, errors.</summary>
public class ConvolutionTests
{
    [Fact]
    public void Sizes_are_those_of_Keras()
    {
        for (int size = 1; size <= 9; size++)
        {
            for (int kernel = 1; kernel <= 5; kernel++)
            {
                for (int stride = 1; stride <= 3; stride++)
                {
                    for (int dilation = 1; dilation <= 2; dilation++)
                    {
                        // conv_output_length of keras/src/ops/operation_utils.py
                        int reach = kernel + (kernel - 1) * (dilation - 1), same = (size + stride - 1) / stride, valid = (size - reach + 1 + stride - 1) / stride;
                        Assert.Equal(same, Length(new Conv1D { Filters = 1, KernelSize = kernel, Strides = stride, DilationRate = dilation, Padding = "same" }, size));
                        Assert.Equal(same, Length(new Conv1D { Filters = 1, KernelSize = kernel, Strides = stride, DilationRate = dilation, Padding = "causal" }, size));
                        if (valid > 0)
                            Assert.Equal(valid, Length(new Conv1D { Filters = 1, KernelSize = kernel, Strides = stride, DilationRate = dilation }, size));
                        else
                            Assert.Throws<ArgumentException>(() => Length(new Conv1D { Filters = 1, KernelSize = kernel, Strides = stride, DilationRate = dilation }, size));

                        // _get_output_shape_given_tf_padding of keras/src/backend/common/backend_utils.py
                        Assert.Equal(size * stride, Transposed("same", null));
                        Assert.Equal((size - 1) * stride + Math.Max(reach, stride), Transposed("valid", null));
                        for (int more = 0; more < stride; more++)
                        {
                            Assert.Equal((size - 1) * stride + reach + more, Transposed("valid", more));
                            if ((size - 1) * stride + reach % 2 + more > 0)
                                Assert.Equal((size - 1) * stride + reach % 2 + more, Transposed("same", more));
                        }

                        int Transposed(Padding padding, int? more) =>
                            Length(new Conv1DTranspose { Filters = 1, KernelSize = kernel, Strides = stride, DilationRate = dilation, Padding = padding, OutputPadding = more }, size);
                    }

                    Assert.Equal((size + stride - 1) / stride, Length(new MaxPool1D { PoolSize = kernel, Strides = stride, Padding = "same" }, size));
                    if (kernel <= size)
                        Assert.Equal((size - kernel) / stride + 1, Length(new AveragePool1D { PoolSize = kernel, Strides = stride }, size));
                }
            }
        }

        static int Length(Layer layer, int size) => Network.Input(size, 1).Append(layer).Build(new BuildContext(new Graph())).Value.Shape[1];
    }

    [Fact]
    public void Same_padding_puts_the_odd_cell_behind()
    {
        // Two cells, a window of two: TensorFlow pads (0, 1).
        Assert.Equal([3, 2], Run(Network.Input(2, 1).Append(new Conv1D { Filters = 1, KernelSize = 2, Padding = "same", KernelInitializer = Initializers.Constant.Ones, UseBias = false }), [1, 2]));

        // Nothing after the present enters a causal one.
        Assert.Equal([1, 3, 5], Run(Network.Input(3, 1).Append(new Conv1D { Filters = 1, KernelSize = 2, Padding = "causal", KernelInitializer = Initializers.Constant.Ones, UseBias = false }), [1, 2, 3]));
    }

    [Fact]
    public void Padding_is_written_in_words_or_numbers()
    {
        Assert.Equal(Padding.Same, "same");
        Assert.Equal(default, Padding.Valid);
        Assert.Equal(Padding.Explicit((1, 1)), 1);
        Assert.NotEqual(Padding.Explicit((1, 2)), Padding.Explicit((2, 1)));
        Assert.Equal("[1, 2, 0, 3]", Padding.Explicit((1, 2), (0, 3)).ToString());
        Assert.Contains("'full'", Assert.Throws<ArgumentException>(() => (Padding)"full").Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Padding.Explicit(-1));
        Assert.Throws<ArgumentException>(() => Padding.Explicit());
    }

    [Fact]
    public void Global_pools_leave_masked_steps_out()
    {
        Network embedded = Network.TokenInput(3, "tokens").Embedding(4, 1, maskZero: true);
        foreach ((Network pooled, double expected) in ((Network, double)[])[(embedded.GlobalAveragePool1D(), -1.5), (embedded.GlobalMaxPool1D(), -1)])
        {
            Graph graph = new();
            Tensor y = pooled.Build(new BuildContext(graph)).Value;
            Dictionary<string, double[]> given = new() { ["tokens/input"] = [1, 2, 0], ["embedding/embeddings"] = [5, -1, -2, 0] };
            Assert.Equal(expected, ReferenceEngine.Evaluate([y], given, 1)[0].Data[0], 12);
        }
    }

    [Fact]
    public void Spatial_dropout_drops_channels_as_a_whole()
    {
        Graph graph = new();
        Tensor y = Network.Input(3, 3, 16).SpatialDropout2D(0.5).Build(new BuildContext(graph) { Training = true }).Value;
        float[] values = TestEngines.Run("cpu", graph, [y], new Dictionary<string, float[]> { ["input/input"] = [.. Enumerable.Repeat(1f, 2 * 9 * 16)], ["step"] = [1] }, 2)[0];
        Assert.Equal([0, 2], values.Distinct().Order());
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i / 144 * 144 + i % 16], values[i]);
    }

    [Fact]
    public void Second_derivative_of_a_gradient_penalty_exists()
    {
        // As in WGAN-GP: the derivative by the weights of the gradient's norm by the image.
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(6, 6, 1));
        Network critic = Network.Input(6, 6, 1).Conv2D(2, 3, 2, "same").LeakyRelu(0.2f).Conv2D(2, 2).Tanh().Flatten().Dense(1);
        Tensor score = critic.Build(new BuildContext(graph), [new(x)]).Value;
        Tensor penalty = Ops.Sum(Ops.Square(Gradients.Compute([score], [x])[0]!));
        Tensor[] weights = [.. graph.Variables.Where(v => v.Name.EndsWith("kernel", StringComparison.Ordinal)).Select(v => v.Tensor)];
        Assert.All(Gradients.Compute([penalty], weights), Assert.NotNull);
        Dictionary<string, double[]> given = graph.Variables.ToDictionary(v => v.Name, v => GradientCheck.Numbers(v.Shape.UnitSize, v.Name.Length));
        given.Add("x", GradientCheck.Numbers(72, 3));
        GradientCheck.Run("penalty", [penalty], weights, given, 2, second: false);
    }

    [Fact]
    public void Errors_say_what_to_do()
    {
        Assert.Contains("expected numbers of shape (batch, height, width, channels). A flat row takes another shape by Network.Input with that shape, or by Reshape.", Error(Network.Input(784).Conv2D(8, 3)), StringComparison.Ordinal);
        Assert.Contains("a kernel of (5, 5) does not fit, with padding valid. Padding 'same'", Error(Network.Input(4, 4, 1).Conv2D(8, 5)), StringComparison.Ordinal);
        Assert.Contains("'causal' is for sequences", Error(Network.Input(4, 4, 1).Conv2D(8, 3, padding: "causal")), StringComparison.Ordinal);
        Assert.Contains("groups 2 for 3 channels", Error(Network.Input(4, 4, 3).Conv2D(8, 3, groups: 2)), StringComparison.Ordinal);
        Assert.Contains("filters is 0", Error(Network.Input(4, 1).Conv1D(0, 3)), StringComparison.Ordinal);
        Assert.Contains("strides (0, 0)", Error(Network.Input(4, 4, 1).Conv2D(1, 3, 0)), StringComparison.Ordinal);
        Assert.Contains("padding [1, 2, 3, 4, 5, 6] has 6 numbers, expected 4", Error(Network.Input(4, 4, 1).Conv2D(1, 3, padding: Padding.Explicit((1, 2), (3, 4), (5, 6)))), StringComparison.Ordinal);
        Assert.Contains("nothing but padding", Error(Network.Input(4, 4, 1).MaxPool2D(2, padding: 2)), StringComparison.Ordinal);
        Assert.Contains("a pool of (5, 5) does not fit", Error(Network.Input(4, 4, 1).MaxPool2D(5)), StringComparison.Ordinal);
        Assert.Contains("leaves nothing", Error(Network.Input(4, 4, 1).Cropping2D(2)), StringComparison.Ordinal);
        Assert.Contains("output padding along axis 1 is 2", Error(Network.Input(4, 4, 1).Conv2DTranspose(1, 3, 2, outputPadding: 2)), StringComparison.Ordinal);
        Assert.Contains("Groups is 32 for 6 channels", Error(Network.Input(4, 6).GroupNormalization()), StringComparison.Ordinal);
        Assert.Contains("output size is (0, 2)", Error(Network.Input(4, 4, 1).AdaptiveAveragePool2D((0, 2))), StringComparison.Ordinal);
    }

    private static string Error(Network network) => Assert.Throws<ArgumentException>(() => network.Build(new BuildContext(new Graph()))).Message;

    private static float[] Run(Network network, float[] input)
    {
        Graph graph = new();
        return TestEngines.Run("cpu", graph, [network.Build(new BuildContext(graph)).Value], new Dictionary<string, float[]> { ["input/input"] = input }, 1)[0];
    }
}
