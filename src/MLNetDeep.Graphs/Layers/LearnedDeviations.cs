using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Layers;

/// <summary>Appends standard deviations to every row, the same to all: learnt numbers between <see cref="Least"/> and <see cref="Most"/>.</summary>
/// <remarks>Input: (batch, size), size at least <see cref="Count"/>. Output: (batch, size + <see cref="Count"/>). Weight: raw, of which a sigmoid is taken; at first the deviations are <see cref="First"/>.</remarks>
public sealed record LearnedDeviations : SimpleLayer
{
    /// <summary>The least deviation.</summary>
    public const float Least = 0.01f;

    /// <summary>The greatest deviation.</summary>
    public const float Most = 1;

    /// <summary>The deviation at first.</summary>
    public const float First = 0.1f;

    /// <summary>Number of deviations; at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>The deviations of a weight's values.</summary>
    /// <param name="raw">The values of the weight called raw.</param>
    public static float[] Of(ReadOnlySpan<float> raw)
    {
        float[] deviations = new float[raw.Length];
        for (int i = 0; i < raw.Length; i++)
            deviations[i] = Least + (Most - Least) / (1 + MathF.Exp(-raw[i]));
        return deviations;
    }

    /// <inheritdoc/>
    protected override Tensor Build(LayerContext context, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(x);
        if (Count < 1)
            throw new ArgumentException($"Count is {Count}, expected at least 1.");
        if (x.DType != DType.Float32 || x.Shape.Rank != 2 || x.Shape.BatchAxis != 0 || x.Shape[1] < Count)
            throw new ArgumentException($"expected numbers of shape (batch, {Count} or more).");
        float share = (First - Least) / (Most - Least);
        Variable raw = context.AddWeight("raw", new Shape(Count), new Constant(MathF.Log(share / (1 - share))));
        Tensor deviations = Ops.Sigmoid(raw.Tensor) * (Most - Least) + Least;

        // Of the row nothing is read but how many there are.
        return Ops.Concatenate([x, Ops.BroadcastLike(deviations, MixedBlocks.Part(x, 0, Count))], 1);
    }
}
