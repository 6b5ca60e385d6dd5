using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Layers;

/// <summary>What Transformer layers share: attention and a feed-forward network, each with dropout, a connection around it and layer normalisation (Vaswani et al. 2017).</summary>
public abstract record TransformerLayer : Layer
{
    /// <summary>Size of the feed-forward network's hidden layer; at least 1.</summary>
    public required int IntermediateDim { get; init; }

    /// <summary>Number of heads; a divisor of the features.</summary>
    public required int NumHeads { get; init; }

    /// <summary>The share of attention weights, and of the outputs of attention and of the feed-forward network, set to 0 while training; at least 0 and less than 1. Default 0.</summary>
    public float Dropout { get; init; }

    /// <summary>The share of the feed-forward network's hidden outputs set to 0 while training. Default 0, as in Keras Hub; PyTorch takes <see cref="Dropout"/> there too.</summary>
    public float IntermediateDropout { get; init; }

    /// <summary>What follows the hidden layer: a layer without weights. Default <see cref="Relu"/>.</summary>
    public Layer Activation { get; init; } = new Relu();

    /// <summary>Added to the variance in layer normalisation. Default 1e-5.</summary>
    public float LayerNormEpsilon { get; init; } = 1e-5f;

    /// <summary>Whether normalisation comes before attention and feed-forward network (pre-norm), rather than after the sum (post-norm). Default false.</summary>
    public bool NormalizeFirst { get; init; }

    /// <summary>Whether queries and keys of self-attention are rotated by their positions; see <see cref="RotaryEmbedding"/>. Default false.</summary>
    public bool UseRotaryEmbedding { get; init; }

    /// <summary>First values of the kernels. Default Glorot uniform.</summary>
    public Initializer KernelInitializer { get; init; } = new GlorotUniform();

    /// <summary>First values of the biases. Default zeros.</summary>
    public Initializer BiasInitializer { get; init; } = Constant.Zeros;

    private protected MaskedTensor Attend(LayerContext context, string name, MaskedTensor x, MaskedTensor? source, bool causal)
    {
        int features = x.Value.Shape[^1];
        if (NumHeads < 1 || features % NumHeads != 0)
            throw new ArgumentException($"NumHeads is {NumHeads}, expected a divisor of the {features} features.");
        MultiHeadAttention attention = new()
        {
            NumHeads = NumHeads,
            KeyDim = features / NumHeads,
            Dropout = Dropout,
            UseCausalMask = causal,
            UseRotaryEmbedding = UseRotaryEmbedding && source is null,
            KernelInitializer = KernelInitializer,
            BiasInitializer = BiasInitializer,
        };
        return Around(context, name, x, y => context.Build(name, attention, [y, source ?? y])[0]);
    }

    private protected MaskedTensor FeedForward(LayerContext context, MaskedTensor x) => Around(context, "feedforward", x, y =>
    {
        if (IntermediateDim < 1)
            throw new ArgumentException($"IntermediateDim is {IntermediateDim}, expected at least 1.");
        y = context.Build("feedforward_intermediate_dense", Projection(IntermediateDim), y)[0];
        y = context.Build("feedforward_activation", Activation, y)[0];
        y = context.Build("feedforward_intermediate_dropout", new Dropout { Rate = IntermediateDropout }, y)[0];
        return context.Build("feedforward_output_dense", Projection(x.Value.Shape[^1]), y)[0];
    });

    private protected static void Require(IReadOnlyList<MaskedTensor> inputs)
    {
        foreach (MaskedTensor input in inputs)
            SpatialLayer.Require(input.Value, 1);
    }

    private Dense Projection(int units) => new() { Units = units, KernelInitializer = KernelInitializer, BiasInitializer = BiasInitializer };

    private MaskedTensor Around(LayerContext context, string name, MaskedTensor x, Func<MaskedTensor, MaskedTensor> inner)
    {
        string norm = $"{name}_layer_norm";
        LayerNormalization normalization = new() { Epsilon = LayerNormEpsilon };
        MaskedTensor y = inner(NormalizeFirst ? context.Build(norm, normalization, x)[0] : x);
        y = context.Build($"{name}_dropout", new Dropout { Rate = Dropout }, y)[0];
        MaskedTensor sum = new(x.Value + y.Value, x.Mask);
        return NormalizeFirst ? sum : context.Build(norm, normalization, sum)[0];
    }
}
