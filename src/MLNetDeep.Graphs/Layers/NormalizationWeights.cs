using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Layers;

/// <summary>What the normalisation layers share.</summary>
internal static class NormalizationWeights
{
    public static Shape Channels(Tensor x, float epsilon)
    {
        if (x.DType != DType.Float32 || x.Shape.Rank < 2 || x.Shape[^1] < 0)
            throw new ArgumentException("expected numbers of shape (batch, ..., channels).");
        return epsilon > 0 && float.IsFinite(epsilon) ? new Shape(x.Shape[^1]) : throw new ArgumentException($"Epsilon is {epsilon}, expected more than 0.");
    }

    public static Tensor? Gamma(LayerContext context, Shape channels, bool scale) =>
        scale ? context.AddWeight("gamma", channels, Constant.Ones).Tensor : null;

    public static Tensor? Beta(LayerContext context, Shape channels, bool center) =>
        center ? context.AddWeight("beta", channels, Constant.Zeros).Tensor : null;

    // One number for every channel of x. The mean is there for its shape, and not worked out.
    public static Tensor All(Tensor x, float value) =>
        Ops.BroadcastLike(Ops.Like(x, value), Ops.Mean(x, [.. Enumerable.Range(0, x.Shape.Rank - 1)]));
}
