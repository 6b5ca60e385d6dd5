using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Graphs.Tests.Layers;

/// <summary>What the layer contract is tried on: attention, positions, and what handles steps.</summary>
internal static class SequenceSamples
{
    public static readonly LayerSample[] All =
    [
        new(new MultiHeadAttention { NumHeads = 2, KeyDim = 2 }, [[3, 4], [3, 4]], [3, 4]) { IsSmall = true },
        new(new MultiHeadAttention { NumHeads = 2, KeyDim = 2, ValueDim = 3, OutputShape = 5, UseBias = false, UseCausalMask = true }, [[3, 2], [4, 3], [4, 2]], [3, 5]) { IsSmall = true },
        new(new MultiHeadAttention { NumHeads = 1, KeyDim = 4, UseRotaryEmbedding = true, RotaryMaxWavelength = 100, KernelRegularizer = new L2(0.1f), BiasRegularizer = new L1(0.1f) }, [[3, 2], [2, 3]], [3, 2]) { IsSmall = true },
        new(new MultiHeadAttention { NumHeads = 2, KeyDim = 1, Dropout = 0.5f, BiasInitializer = new Constant(0.5f) }, [[4, 2], [4, 2]], [4, 2]) { IsRandom = true, IsSmall = true },
        new(new Attention(), [[2, 3], [4, 3]], [2, 3]) { IsSmall = true },
        new(new Attention { UseScale = true, UseCausalMask = true }, [[3, 2], [3, 4], [3, 2]], [3, 4]) { IsSmall = true },
        new(new Attention { Dropout = 0.5f }, [[3, 2], [8, 2]], [3, 2]) { IsRandom = true, IsSmall = true },
        new(new AdditiveAttention(), [[2, 3], [3, 3]], [2, 3]) { IsSmall = true },
        new(new AdditiveAttention { UseScale = false, UseCausalMask = true }, [[3, 2], [3, 4], [3, 2]], [3, 4]) { IsSmall = true },
        new(new AdditiveAttention { Dropout = 0.5f }, [[3, 2], [8, 2]], [3, 2]) { IsRandom = true, IsSmall = true },
        new(new RotaryEmbedding(), [[3, 4]], [3, 4]),
        new(new RotaryEmbedding { MaxWavelength = 100, ScalingFactor = 2 }, [[3, 2, 2]], [3, 2, 2]),
        new(new SinePositionEncoding { MaxWavelength = 100 }, [[3, 5]], [3, 5]),
        new(new PositionEmbedding(), [[3, 2]], [3, 2]),
        new(new PositionEmbedding { SequenceLength = 5, Initializer = Constant.Zeros }, [[3, 2]], [3, 2]),
        new(new TransformerEncoder { IntermediateDim = 3, NumHeads = 2, LayerNormEpsilon = 1 }, [[3, 4]], [3, 4]) { IsSmall = true },
        new(new TransformerEncoder { IntermediateDim = 3, NumHeads = 1, LayerNormEpsilon = 1, NormalizeFirst = true, Activation = new Gelu(), UseRotaryEmbedding = true, UseCausalMask = true }, [[3, 2]], [3, 2]) { IsSmall = true },
        new(new TransformerEncoder { IntermediateDim = 4, NumHeads = 1, LayerNormEpsilon = 1, Dropout = 0.25f, IntermediateDropout = 0.25f, NormalizeFirst = true }, [[2, 4]], [2, 4]) { IsRandom = true, IsSmall = true },
        new(new TransformerDecoder { IntermediateDim = 3, NumHeads = 1, LayerNormEpsilon = 1, Activation = new Tanh() }, [[3, 2], [2, 4]], [3, 2]) { IsSmall = true },
        new(new TransformerDecoder { IntermediateDim = 3, NumHeads = 2, LayerNormEpsilon = 1, CrossAttention = false, NormalizeFirst = true, Activation = new Tanh() }, [[3, 4]], [3, 4]) { IsSmall = true },
        new(new TransformerDecoder { IntermediateDim = 4, NumHeads = 1, LayerNormEpsilon = 1, UseCausalMask = false, Dropout = 0.25f, NormalizeFirst = true, Activation = new Tanh() }, [[2, 4], [3, 4]], [2, 4]) { IsRandom = true, IsSmall = true },
        new(new TimeDistributed { Layer = new Dense { Units = 3 } }, [[4, 2]], [4, 3]),
        new(new TimeDistributed { Layer = new Flatten() }, [[2, 2, 3]], [2, 6]),
        new(new TimeDistributed { Layer = new Reshape { TargetShape = [3, -1] } }, [[2, 6]], [2, 3, 2]),
        new(new TimeDistributed { Layer = new Conv1D { Filters = 2, KernelSize = 2 } }, [[2, 3, 2]], [2, 2, 2]),
        new(new TimeDistributed { Layer = new Conv2D { Filters = 2, KernelSize = 2 } }, [[2, 3, 3, 1]], [2, 2, 2, 2]),
        new(new TimeDistributed { Layer = new Conv3D { Filters = 1, KernelSize = (2, 1, 2), Strides = (2, 1, 1) } }, [[2, 2, 1, 2, 1]], [2, 1, 1, 1, 1]),
        new(new TimeDistributed { Layer = new UpSampling2D { Size = (2, 1), Interpolation = Interpolation.Bilinear } }, [[2, 2, 2, 1]], [2, 4, 2, 1]),
        new(new TimeDistributed { Layer = new MaxPool3D { Padding = Padding.Same } }, [[2, 2, 1, 2, 1]], [2, 1, 1, 1, 1]),
        new(new TimeDistributed { Layer = new GroupNormalization { Groups = 1 } }, [[2, 3]], [2, 3]),
        new(new TimeDistributed { Layer = new BatchNormalization() }, [[2, 3]], [2, 3]),
        new(new TimeDistributed { Layer = new Embedding { InputDim = 5, OutputDim = 2 } }, [[4]], [4, 2]) { Ids = 5 },
        new(new TimeDistributed { Layer = new TransformerEncoder { IntermediateDim = 2, NumHeads = 1, LayerNormEpsilon = 1, Activation = new Tanh() } }, [[2, 2, 2]], [2, 2, 2]) { IsSmall = true },
        new(new LastStep(), [[4, 2]], [2]),
        new(new RepeatVector { N = 3 }, [[2]], [3, 2]),
        new(new Permute { Dims = [2, 1] }, [[3, 2]], [2, 3]),
        new(new Permute { Dims = [1, 3, 2] }, [[2, 3, 4]], [2, 4, 3]),
        new(new Masking { MaskValue = 0.5f }, [[3, 2]], [3, 2]) { IsMasked = true },
    ];
}
