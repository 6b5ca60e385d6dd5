using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>
/// The middle of a variational autoencoder (Kingma and Welling 2014): while training a vector drawn from independent normal distributions, <c>mean + e^(v / 2) · noise</c>, and as a
/// loss their Kullback-Leibler divergence from the standard normal; in scoring the mean.
/// </summary>
/// <remarks>Inputs: means and logarithms of variances, both (batch, size). Output: (batch, size). The loss, <c>½ Σ (mean² + eᵛ - 1 - v)</c>, is a mean over rows.</remarks>
public sealed record GaussianSample : Layer
{
    /// <summary>What the divergence is multiplied by; at least 0. Default 1.</summary>
    public float KlWeight { get; init; } = 1;

    /// <inheritdoc/>
    internal protected override int InputCount => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(inputs);
        (Tensor mean, Tensor logVariance) = (inputs[0].Value, inputs[1].Value);
        SettingCheck.InRange(this, nameof(KlWeight), KlWeight, 0);
        if (mean.DType != DType.Float32 || mean.Shape.Rank != 2 || !mean.Shape.Equals(logVariance.Shape))
            throw new ArgumentException("expected means and logarithms of variances of the same shape (batch, size).");
        if (!context.Training)
            return [new(mean)];
        context.AddLoss(Ops.Mean(Ops.Sum(Ops.Square(mean) + Ops.Exp(logVariance) - 1f - logVariance, [1])) * (KlWeight / 2));
        return [new(mean + Ops.Exp(logVariance * 0.5f) * Ops.RandomNormal(mean, context.Step, context.NextSeed()))];
    }
}
