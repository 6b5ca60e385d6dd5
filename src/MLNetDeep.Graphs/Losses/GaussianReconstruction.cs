using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>
/// The negative logarithm of the likelihood of a whole row under normal distributions round the outputs, all of one standard deviation s: what a variational autoencoder makes small
/// beside its divergence.
/// </summary>
/// <remarks>Output and targets: (batch, ...). <c>Σ ½ ln(2π) + ln s + ½ ((y - x) / s)²</c>, the sum over a row's elements.</remarks>
public sealed record GaussianReconstruction : Loss
{
    // Of perfect rows the best deviation would be 0.
    private const float LeastVariance = 1e-6f;

    /// <summary>
    /// The standard deviation s; more than 0. Default null: the one that fits the batch best, the root of its mean squared error (Rybkin, Daniilidis and Levine 2021), so that there is no balance
    /// of likelihood and divergence to be found by hand.
    /// </summary>
    public float? Deviation { get; init; }

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        SettingCheck.InRange(this, nameof(Deviation), Deviation ?? 1, float.Epsilon);
        Tensor mean = RowMean(Ops.Square(target - output.Value), output.Mask);
        float half = output.Value.Shape.UnitSize / 2f;
        if (Deviation is { } deviation)
            return (mean * (1 / (deviation * deviation)) + (float)Math.Log(2 * Math.PI * deviation * deviation)) * half;

        // At the best deviation the loss does not change with it, so its gradient is that of a given one.
        Tensor variance = Ops.StopGradient(Ops.Maximum(Ops.Mean(mean), Ops.Like(mean, LeastVariance)));
        return (mean / variance + (Ops.Log(variance) + (float)Math.Log(2 * Math.PI))) * half;
    }
}
