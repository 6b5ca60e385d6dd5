using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>
/// The pinball loss, whose least value is a quantile instead of a mean (Koenker and Bassett 1978): errors below count <see cref="Quantiles"/>, errors above 1 minus that.
/// </summary>
/// <remarks>
/// One quantile: output and targets (batch, ...). Several: output (batch, ..., quantiles), one for each, and targets (batch, ..., 1); each row gives the mean over all.
/// </remarks>
public sealed record Quantile : Loss
{
    /// <summary>The median.</summary>
    public Quantile()
    {
    }

    /// <summary>These quantiles.</summary>
    public Quantile(params float[] quantiles) => Quantiles = quantiles;

    /// <summary>The quantiles, each between 0 and 1. Default 0.5: the median.</summary>
    public IReadOnlyList<float> Quantiles { get; init; } = [0.5f];

    /// <inheritdoc/>
    public override Shape TargetShape(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return Quantiles.Count > 1 ? output.With(output.Rank - 1, 1) : output;
    }

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        if (Quantiles.Count == 0 || Quantiles.Any(q => q is not (> 0 and < 1)))
            throw new ArgumentException($"Quantile: the quantiles are [{string.Join(", ", Quantiles)}], expected numbers between 0 and 1.");
        if (Quantiles.Count > 1 && output.Value.Shape[^1] != Quantiles.Count)
            throw new ArgumentException($"Quantile: there are {Quantiles.Count} quantiles and an output of shape {output.Value.Shape}; expected as many outputs in the last axis.");
        Tensor d = target - output.Value;
        Tensor q = Quantiles.Count == 1 ? Ops.Like(d, Quantiles[0]) : Ops.Constant(d.Graph, [.. Quantiles], new Shape(Quantiles.Count));
        return RowMean(Ops.Maximum(d * q, d * (q - 1f)), output.Mask);
    }
}
