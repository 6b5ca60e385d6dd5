using MLNetDeep.Graphs.Tests.Reference;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;
using MLNetDeep.Serialization;

namespace MLNetDeep.Graphs.Tests.Layers;

/// <summary>What holds for every layer: shapes as promised, right gradients, the same after a round trip through JSON, the same for the same seed.</summary>
public class LayerContractTests
{
    internal const int Batch = 3;

    private static readonly Type[] Kinds = [.. typeof(Layer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract && t != typeof(InputLayer))];

    internal static readonly LayerSample[] Samples =
    [
        new(new Dense { Units = 4 }, [[3]], [4]),
        new(new Dense { Units = 4, UseBias = false, KernelInitializer = new HeNormal(), KernelRegularizer = new L2(0.5f) }, [[2, 3]], [2, 4]),
        new(new Dense { Units = 2, KernelRegularizer = new L1L2(0.5f, 0.25f), BiasRegularizer = new L1(0.125f), BiasInitializer = new Constant(0.5f) }, [[3]], [2]),
        new(new Flatten(), [[2, 3]], [6]),
        new(new Reshape { TargetShape = [3, -1] }, [[2, 6]], [3, 4]),
        new(new Dropout { Rate = 0.25f }, [[8]], [8]) { IsRandom = true },
        new(new GaussianNoise { Deviation = 0.5f }, [[8]], [8]) { IsRandom = true },
        new(new MaskingNoise { Rate = 0.25f }, [[8]], [8]) { IsRandom = true },
        new(new LatentSample(), [[4], [4]], [4]) { IsRandom = true },
        new(new LatentSample { KlWeight = 0.25f }, [[2, 3], [2, 3]], [2, 3]) { IsRandom = true },
        new(new BatchNormalization(), [[4]], [4]),
        new(new BatchNormalization { Center = false, Momentum = 0.5f }, [[2, 4]], [2, 4]),
        new(new BatchNormalization { Scale = false }, [[4]], [4]),
        new(new BatchNormalization { Trainable = false }, [[4]], [4]),
        new(new LayerNormalization(), [[5]], [5]),
        new(new LayerNormalization { Center = false, Scale = false, Epsilon = 0.01f }, [[2, 5]], [2, 5]),
        new(new Embedding { InputDim = 5, OutputDim = 3, EmbeddingsRegularizer = new L2() }, [[4]], [4, 3]) { Ids = 5 },
        new(new Embedding { InputDim = 5, OutputDim = 3, MaskZero = true, EmbeddingsInitializer = new Orthogonal() }, [[4]], [4, 3]) { Ids = 5, IsMasked = true },
        new(new Relu(), [[4]], [4]),
        new(new Relu { MaxValue = 0.5f }, [[4]], [4]),
        new(new LeakyRelu(), [[4]], [4]),
        new(new Elu(), [[4]], [4]),
        new(new Selu(), [[4]], [4]),
        new(new Gelu(), [[2, 4]], [2, 4]),
        new(new Gelu { Approximate = true }, [[4]], [4]),
        new(new Silu(), [[4]], [4]),
        new(new Sigmoid(), [[4]], [4]),
        new(new Tanh(), [[4]], [4]),
        new(new Softplus(), [[4]], [4]),
        new(new Softmax(), [[4]], [4]),
        new(new Add(), [[4], [4], [4]], [4]),
        new(new Subtract(), [[2, 4], [2, 1]], [2, 4]),
        new(new MovingAverage1D { WindowSize = 3 }, [[5, 2]], [5, 2]),
        new(new MovingAverage1D { WindowSize = 4 }, [[3, 1]], [3, 1]),
        new(new TrendBasis { Steps = 4 }, [[3, 2]], [4, 2]),
        new(new SeasonalityBasis { Steps = 5 }, [[3, 2]], [5, 2]),
        new(new Multiply(), [[2, 4], [2, 1]], [2, 4]),
        new(new Concatenate(), [[2, 4], [2, 1]], [2, 5]),
        new(new Concatenate { Axis = 1 }, [[2, 4], [3, 4]], [5, 4]),
        new(new ClassOutput { Classes = 3 }, [[4]], [3]),
        new(new ClassOutput { Classes = 1, KernelRegularizer = new L2() }, [[4]], [1]),
        new(new Output { Units = 2 }, [[4]], [2]),
        new(new TaskOutput { Units = 2, Activation = new Softmax() }, [[4]], [2]),
        new(new Conv1D { Filters = 3, KernelSize = 2 }, [[5, 2]], [4, 3]),
        new(new Conv1D { Filters = 2, KernelSize = 3, Strides = 2, Padding = Padding.Same, UseBias = false }, [[6, 2]], [3, 2]),
        new(new Conv1D { Filters = 4, KernelSize = 2, DilationRate = 2, Padding = Padding.Causal, Groups = 2 }, [[5, 2]], [5, 4]),
        new(new Conv2D { Filters = 2, KernelSize = 3 }, [[4, 5, 2]], [2, 3, 2]),
        new(new Conv2D { Filters = 2, KernelSize = (2, 3), Strides = 2, Padding = Padding.Same, KernelRegularizer = new L2(0.5f), BiasRegularizer = new L1() }, [[3, 4, 1]], [2, 2, 2]),
        new(new Conv2D { Filters = 4, KernelSize = 2, DilationRate = (1, 2), Groups = 2, Padding = Padding.Explicit((1, 0), (0, 2)) }, [[3, 3, 2]], [3, 3, 4]),
        new(new Conv3D { Filters = 2, KernelSize = 2 }, [[2, 3, 2, 1]], [1, 2, 1, 2]),
        new(new Conv3D { Filters = 2, KernelSize = (2, 1, 2), Strides = (2, 1, 1), Padding = Padding.Same, Groups = 2 }, [[3, 1, 2, 2]], [2, 1, 2, 2]),
        new(new Conv3D { Filters = 1, KernelSize = (2, 1, 1), DilationRate = (2, 1, 1), Strides = (2, 1, 1), UseBias = false }, [[5, 1, 1, 1]], [2, 1, 1, 1]),
        new(new DepthwiseConv2D { KernelSize = 2, DepthMultiplier = 2 }, [[3, 3, 2]], [2, 2, 4]),
        new(new DepthwiseConv2D { KernelSize = 3, Strides = 2, Padding = 1, UseBias = false }, [[3, 4, 2]], [2, 2, 2]),
        new(new SeparableConv2D { Filters = 3, KernelSize = 2, DepthwiseRegularizer = new L2(), PointwiseRegularizer = new L1() }, [[3, 3, 2]], [2, 2, 3]),
        new(new SeparableConv2D { Filters = 2, KernelSize = 3, DepthMultiplier = 2, Padding = Padding.Same, UseBias = false }, [[2, 3, 1]], [2, 3, 2]),
        new(new Conv1DTranspose { Filters = 2, KernelSize = 3, Strides = 2 }, [[3, 2]], [7, 2]),
        new(new Conv1DTranspose { Filters = 1, KernelSize = 3, Strides = 2, Padding = Padding.Same, OutputPadding = 0 }, [[3, 1]], [5, 1]),
        new(new Conv2DTranspose { Filters = 2, KernelSize = 4, Strides = 2, Padding = Padding.Same }, [[2, 2, 1]], [4, 4, 2]),
        new(new Conv2DTranspose { Filters = 1, KernelSize = (2, 3), Strides = (1, 2), DilationRate = (2, 1), UseBias = false }, [[2, 2, 2]], [4, 5, 1]),
        new(new Conv2DTranspose { Filters = 1, KernelSize = 3, Strides = 2, Padding = 1, OutputPadding = (1, 0) }, [[2, 2, 1]], [4, 3, 1]),
        new(new MixedActivation { Numbers = 2, Blocks = [3, 2] }, [[7]], [7]),
        new(new MixedActivation { Numbers = 0, Blocks = [3], Temperature = 0.5f }, [[2, 3]], [2, 3]) { IsRandom = true },
        new(new MixedActivation { Numbers = 2, Blocks = [] }, [[2]], [2]),
        new(new ConditionPenalty { Numbers = 1, Blocks = [3, 2, 2], Conditioned = [2, 0] }, [[8], [5]], [8]),
        new(new ConditionPenalty { Numbers = 0, Blocks = [2], Conditioned = [0] }, [[3, 2], [3, 2]], [3, 2]),
        new(new LatentSample { KlWeight = 0.5f }, [[4], [4]], [4]) { IsRandom = true },
        new(new LearnedDeviations { Count = 2 }, [[3]], [5]),
        .. SequenceSamples.All,
        new(new MaxPool1D(), [[5, 2]], [2, 2]),
        new(new MaxPool1D { PoolSize = 3, Strides = 1, Padding = Padding.Same }, [[4, 2]], [4, 2]),
        new(new MaxPool2D(), [[4, 5, 2]], [2, 2, 2]),
        new(new MaxPool2D { PoolSize = 3, Strides = 2, Padding = Padding.Same }, [[4, 5, 1]], [2, 3, 1]),
        new(new MaxPool3D { Padding = Padding.Same }, [[3, 2, 2, 2]], [2, 1, 1, 2]),
        new(new AveragePool1D { Padding = Padding.Same }, [[5, 2]], [3, 2]),
        new(new AveragePool2D { PoolSize = (3, 2), Strides = (2, 1), Padding = Padding.Same }, [[4, 3, 2]], [2, 3, 2]),
        new(new AveragePool3D { PoolSize = 2, Strides = 1, Padding = Padding.Same }, [[2, 2, 3, 1]], [2, 2, 3, 1]),
        new(new GlobalAveragePool1D(), [[4, 2]], [2]),
        new(new GlobalAveragePool2D(), [[2, 3, 2]], [2]),
        new(new GlobalAveragePool3D { KeepDims = true }, [[2, 1, 2, 2]], [1, 1, 1, 2]),
        new(new GlobalMaxPool1D { KeepDims = true }, [[4, 2]], [1, 2]),
        new(new GlobalMaxPool2D(), [[2, 3, 2]], [2]),
        new(new GlobalMaxPool3D(), [[2, 1, 2, 2]], [2]),
        new(new AdaptiveAveragePool2D(), [[3, 2, 2]], [1, 1, 2]),
        new(new AdaptiveAveragePool2D { OutputSize = 2 }, [[4, 2, 2]], [2, 2, 2]),
        new(new AdaptiveAveragePool2D { OutputSize = (3, 2) }, [[4, 3, 2]], [3, 2, 2]),
        new(new ZeroPadding1D(), [[3, 2]], [5, 2]),
        new(new ZeroPadding2D { Padding = [1, 0, 2, 1] }, [[2, 2, 2]], [3, 5, 2]),
        new(new ZeroPadding3D(), [[2, 1, 2, 1]], [4, 3, 4, 1]),
        new(new Cropping1D(), [[4, 2]], [2, 2]),
        new(new Cropping2D { Cropping = [1, 0, 0, 2] }, [[3, 4, 2]], [2, 2, 2]),
        new(new Cropping3D(), [[3, 4, 3, 1]], [1, 2, 1, 1]),
        new(new UpSampling1D { Size = 3 }, [[2, 2]], [6, 2]),
        new(new UpSampling2D { Size = (2, 3) }, [[2, 2, 2]], [4, 6, 2]),
        new(new UpSampling2D { Size = (3, 2), Interpolation = Interpolation.Bilinear }, [[2, 3, 2]], [6, 6, 2]),
        new(new UpSampling3D(), [[2, 1, 2, 2]], [4, 2, 4, 2]),
        new(new GroupNormalization { Groups = 2 }, [[2, 3, 4]], [2, 3, 4]),
        new(new GroupNormalization { Groups = -1, Center = false, Epsilon = 0.01f }, [[3, 2]], [3, 2]),
        new(new GroupNormalization { Groups = 1, Scale = false }, [[4]], [4]),
        new(new SpatialDropout1D { Rate = 0.5f }, [[2, 8]], [2, 8]) { IsRandom = true },
        new(new SpatialDropout2D { Rate = 0.5f }, [[2, 2, 8]], [2, 2, 8]) { IsRandom = true },
        new(new SpatialDropout3D { Rate = 0.5f }, [[1, 2, 2, 8]], [1, 2, 2, 8]) { IsRandom = true },
        new(new SimpleRnn { Units = 2 }, [[3, 2]], [2]),
        new(new SimpleRnn { Units = 2, Activation = new Tanh(), ReturnSequences = true, GoBackwards = true, UseBias = false }, [[3, 2]], [3, 2]),
        new(new SimpleRnn { Units = 2, Activation = new Relu(), TakesState = true, ReturnState = true }, [[3, 1], [2]], [2]),
        new(new SimpleRnn { Units = 2, Activation = new Softplus(), TruncateSteps = 8 }, [[3, 1]], [2]),
        new(new Lstm { Units = 2, KernelRegularizer = new L2(0.5f), RecurrentRegularizer = new L1(0.25f), BiasRegularizer = new L2() }, [[3, 2]], [2]),
        new(new Lstm { Units = 2, ReturnSequences = true, TakesState = true, UnitForgetBias = false, BiasInitializer = new Constant(0.5f) }, [[2, 2], [2], [2]], [2, 2]),
        new(new Lstm { Units = 1, ReturnState = true, Activation = new Softplus(), RecurrentActivation = new Tanh(), GoBackwards = true }, [[2, 2]], [1]),
        new(new Lstm { Units = 2, Dropout = 0.5f, RecurrentDropout = 0.5f }, [[3, 2]], [2]) { IsRandom = true },
        new(new Lstm { Units = 2, Stateful = true, BatchSize = 3 }, [[2, 1]], [2]),
        new(new Gru { Units = 2, ReturnSequences = true }, [[3, 2]], [3, 2]),
        new(new Gru { Units = 2, ResetAfter = false, GoBackwards = true }, [[3, 1]], [2]),
        new(new Gru { Units = 2, ResetAfter = false, UseBias = false, RecurrentDropout = 0.5f }, [[2, 1]], [2]) { IsRandom = true },
        new(new Gru { Units = 2, UseBias = false, TakesState = true, RecurrentDropout = 0.5f }, [[2, 1], [2]], [2]) { IsRandom = true },
        new(new Gru { Units = 1, RecurrentActivation = new Tanh(), KernelRegularizer = new L1() }, [[2, 1]], [1]),
        new(new Bidirectional { Layer = new Gru { Units = 2, ReturnSequences = true } }, [[2, 1]], [2, 4]),
        new(new Bidirectional { Layer = new SimpleRnn { Units = 2, KernelRegularizer = new L2() }, Merge = BidirectionalMerge.Average }, [[2, 1]], [2]),
        new(new Bidirectional { Layer = new SimpleRnn { Units = 2 }, Merge = BidirectionalMerge.Multiply }, [[2, 1]], [2]),
        new(new Bidirectional { Layer = new SimpleRnn { Units = 2 }, Merge = BidirectionalMerge.Sum }, [[2, 1]], [2]),
        new(new Bidirectional { Layer = new SimpleRnn { Units = 2, TakesState = true }, Merge = BidirectionalMerge.None }, [[2, 1], [2], [2]], [2]),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Samples.Length)];

    public static TheoryData<string, int> AllOnEngines
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string engine in TestEngines.Names)
            {
                for (int i = 0; i < Samples.Length; i++)
                    data.Add(engine, i);
            }

            return data;
        }
    }

    [Fact]
    public void Every_layer_is_tested()
    {
        string[] missing = [.. Kinds.Except(Samples.Select(s => s.Layer.GetType())).Select(t => t.Name)];
        Assert.True(missing.Length == 0, $"Without a sample: {string.Join(", ", missing)}.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Shape_is_as_promised(int sample)
    {
        foreach (bool training in (bool[])[false, true])
        {
            Built built = Build(Samples[sample], training);
            Assert.Equal(Shape.Batched(Samples[sample].Output), built.Output.Value.Shape);
            Assert.Equal(DType.Float32, built.Output.Value.DType);
            Assert.Equal(Samples[sample].IsMasked ? new TensorSpec(DType.Bool, Shape.Batched(Samples[sample].Inputs[0][0])) : null, built.Output.Mask?.Spec);
            Assert.All(built.Context.Losses, l => Assert.Equal(Shape.Scalar, l.Shape));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_agree_with_differences(int sample)
    {
        foreach (bool training in (bool[])[false, true])
        {
            Built built = Build(Samples[sample], training);
            Tensor[] by = [.. built.Inputs.Where(i => i.DType == DType.Float32), .. built.Graph.Variables.Where(v => v.Trainable).Select(v => v.Tensor)];
            GradientCheck.Run(Samples[sample].Layer.ToString(), [built.Output.Value, .. built.Context.Losses], by, Given(built), Batch, second: true);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Json_gives_the_same_layer(int sample)
    {
        Layer layer = Samples[sample].Layer with { Name = "given" };
        string json = SettingsJson.Write(layer);
        Assert.Equal(json, SettingsJson.Write(SettingsJson.Read<Layer>(json)));
        Assert.Equal(GraphJson.Write(Build(Samples[sample] with { Layer = layer }, true).Graph), GraphJson.Write(Build(Samples[sample] with { Layer = SettingsJson.Read<Layer>(json) }, true).Graph));
    }

    [Theory]
    [MemberData(nameof(AllOnEngines))]
    public void Same_seed_gives_the_same_numbers(string engine, int sample)
    {
        float[][] Run(int seed)
        {
            Built built = Build(Samples[sample], true, seed);
            Dictionary<string, float[]> given = Given(built).Where(g => built.Graph.Variables.All(v => v.Name != g.Key)).ToDictionary(g => g.Key, g => g.Value.Select(v => (float)v).ToArray());
            return TestEngines.Run(engine, built.Graph, [built.Output.Value], given, Batch, seed);
        }

        float[] once = Run(7)[0];
        Assert.Equal(once, Run(7)[0]);
        Assert.All(once, v => Assert.True(float.IsFinite(v)));
        if (Samples[sample].IsRandom || Build(Samples[sample], true).Graph.Variables.Any(v => v.Initializer is not Constant))
            Assert.NotEqual(once, Run(8)[0]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Engines_agree(int sample)
    {
        foreach (bool training in (bool[])[false, true])
        {
            // Which elements drop out is each engine's own affair.
            if (training && Samples[sample].IsRandom)
                continue;
            Built built = Build(Samples[sample], training);
            Tensor[] by = [.. built.Inputs.Where(i => i.DType == DType.Float32), .. built.Graph.Variables.Where(v => v.Trainable).Select(v => v.Tensor)];
            Tensor total = Ops.Sum(Ops.Square(built.Output.Value));
            Tensor[] fetches = [built.Output.Value, .. built.Context.Losses, .. built.Context.Updates.Select(u => u.Inputs[1]), .. Gradients.Compute([total], by).OfType<Tensor>()];
            Dictionary<string, float[]> given = Given(built).ToDictionary(g => g.Key, g => g.Value.Select(v => (float)v).ToArray());
            float[][] expected = TestEngines.Run("reference", built.Graph, fetches, given, Batch), actual = TestEngines.Run("cpu", built.Graph, fetches, given, Batch);
            for (int i = 0; i < fetches.Length; i++)
                Assert.All(expected[i].Zip(actual[i]), p => Assert.True(Math.Abs(p.First - p.Second) <= 1e-5 * (1 + Math.Abs(p.First)), $"{fetches[i]}: {p.Second}, expected {p.First}"));
        }
    }

    [Fact]
    public void Batch_normalization_used_twice_moves_its_statistics_twice()
    {
        Layer shared = new BatchNormalization { Momentum = 0.5f };
        Network a = Network.Input("a", 1), b = Network.Input("b", 1);
        Graph graph = new();
        BuildContext context = new(graph) { Training = true };
        a.Append(shared).Add(b.Append(shared)).Build(context);
        Assert.Equal(2, context.Updates.Count);
        Node mean = context.Updates.Single(u => u.Inputs[0].Node.Name.EndsWith("moving_mean", StringComparison.Ordinal));
        Dictionary<string, double[]> given = new() { ["a/input"] = [4, 4], ["b/input"] = [8, 8] };
        Assert.Equal(5, ReferenceEngine.Evaluate([mean.Inputs[1]], AddZeros(graph, given), 2)[0].Data[0]);
    }

    [Fact]
    public void Frozen_batch_normalization_keeps_its_statistics()
    {
        Graph graph = new();
        BuildContext context = new(graph) { Training = true };
        Network.Input(2).Append(new BatchNormalization { Trainable = false }).Build(context);
        Assert.Empty(context.Updates);
        Assert.All(graph.Variables, v => Assert.False(v.Trainable));
    }

    [Fact]
    public void Penalty_of_a_shared_layer_counts_once_and_of_a_frozen_one_not_at_all()
    {
        Layer shared = new Dense { Units = 2, KernelRegularizer = new L2() };
        BuildContext context = new(new Graph()) { Training = true };
        Network.Input("a", 2).Append(shared).Add(Network.Input("b", 2).Append(shared)).Build(context);
        Assert.Single(context.Losses);
        context = new(new Graph()) { Training = true };
        Network.Input(2).Append(shared with { Trainable = false }).Build(context);
        Assert.Empty(context.Losses);
    }

    [Fact]
    public void Masks_follow_their_steps()
    {
        Graph graph = new();
        Network tokens = Network.TokenInput(3, "tokens"), more = Network.TokenInput(2, "more");
        Network embedded = tokens.Embedding(5, 2, maskZero: true);
        MaskedTensor joined = embedded.Concatenate(1, more.Embedding(5, 2)).Build(new BuildContext(graph));
        Dictionary<string, double[]> given = new() { ["tokens/input"] = [1, 2, 0], ["more/input"] = [0, 1] };
        Assert.Equal([1, 1, 0, 1, 1], ReferenceEngine.Evaluate([joined.Mask!], AddZeros(graph, given), 1)[0].Data);

        MaskedTensor sum = embedded.Relu().Add(embedded.Tanh()).Build(new BuildContext(new Graph()));
        Assert.NotNull(sum.Mask);
        Assert.Null(embedded.Flatten().Build(new BuildContext(new Graph())).Mask);
    }

    [Fact]
    public void Bad_settings_and_inputs_are_named()
    {
        Assert.Contains("Layer 'dropout' (Dropout) cannot take an input of shape (batch, 4): Rate is 1", Error(Network.Input(4).Dropout(1)), StringComparison.Ordinal);
        Assert.Contains("a row of 4 elements does not fit into (3)", Error(Network.Input(4).Reshape(3)), StringComparison.Ordinal);
        Assert.Contains("a row of 4 elements does not fit into (3, -1)", Error(Network.Input(4).Reshape(3, -1)), StringComparison.Ordinal);
        Assert.Contains("'dense' (Dense)", Error(Network.Input(4).Dense(0)), StringComparison.Ordinal);
        Assert.Contains("Int32 ids", Error(Network.Input(4).Embedding(5, 2)), StringComparison.Ordinal);
        Assert.Contains("MaxValue is -1", Error(Network.Input(4).Relu(-1)), StringComparison.Ordinal);
        Assert.Contains("Epsilon is 0", Error(Network.Input(4).LayerNormalization(0)), StringComparison.Ordinal);
        Assert.Contains("Momentum is 2", Error(Network.Input(4).BatchNormalization(2)), StringComparison.Ordinal);
        Assert.Contains("(batch, 4) and (batch, 3)", Error(Network.Input("a", 4).Add(Network.Input("b", 3))), StringComparison.Ordinal);
        Assert.Contains("Axis is 0", Error(Network.Input("a", 4).Concatenate(0, Network.Input("b", 4))), StringComparison.Ordinal);
    }

    private static string Error(Network network) => Assert.Throws<ArgumentException>(() => network.Build(new BuildContext(new Graph()))).Message;

    private static Dictionary<string, double[]> AddZeros(Graph graph, Dictionary<string, double[]> given)
    {
        foreach (Variable variable in graph.Variables)
            given.Add(variable.Name, new double[variable.Shape.UnitSize]);
        return given;
    }

    internal static Built Build(LayerSample sample, bool training, int seed = 0)
    {
        Graph graph = new();
        Network[] inputs = [.. sample.Inputs.Select((dims, i) => sample.Ids > 0 ? Network.TokenInput(dims[0], $"in{i}") : Network.Input($"in{i}", dims))];
        BuildContext context = new(graph) { Training = training, Seed = seed };
        MaskedTensor output = Network.Combine(sample.Layer, inputs).Build(context);
        return new(graph, context, [.. inputs.Select((_, i) => graph.Find($"in{i}/input")!.Outputs[0])], output, sample);
    }

    internal static Dictionary<string, double[]> Given(Built built)
    {
        Dictionary<string, double[]> given = new() { ["step"] = [5] };
        foreach (Tensor input in built.Inputs)
        {
            double[] numbers = GradientCheck.Numbers((int)input.Shape.Size(Batch), given.Count, built.Sample.IsSmall ? -0.5 : -2, built.Sample.IsSmall ? 0.5 : 2);
            given.Add(input.Node.Name, built.Sample.Ids > 0 ? [.. numbers.Select(n => Math.Floor((n + 2) / 4 * built.Sample.Ids))] : numbers);
        }

        foreach (Variable variable in built.Graph.Variables)
            given.Add(variable.Name, GradientCheck.Numbers(variable.Shape.UnitSize, given.Count, built.Sample.IsSmall ? -0.75 : 0.25, built.Sample.IsSmall ? 0.75 : 1.5));
        return given;
    }

    internal sealed record Built(Graph Graph, BuildContext Context, Tensor[] Inputs, MaskedTensor Output, LayerSample Sample);
}
