using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>
/// The negative logarithm of a normal density (Nix and Weigend 1994): the network gives a mean and, through a softplus, a standard deviation.
/// </summary>
/// <remarks>
/// Output: (batch, ..., 2), the mean m and the number r of which <see cref="MinDeviation"/> + ln(1 + eʳ) is the deviation s; targets (batch, ..., 1).
/// <c>½ ln(2π) + ln s + ½ ((y - m) / s)²</c>.
/// </remarks>
public sealed record GaussianLikelihood : Loss
{
    /// <summary>The least standard deviation, which keeps the likelihood finite; more than 0. Default 0.001.</summary>
    public float MinDeviation { get; init; } = 1e-3f;

    /// <inheritdoc/>
    public override Shape TargetShape(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.With(output.Rank - 1, 1);
    }

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        SettingCheck.InRange(this, nameof(MinDeviation), MinDeviation, float.Epsilon);
        int axis = output.Value.Shape.Rank - 1;
        if (output.Value.Shape[axis] != 2)
            throw new ArgumentException($"GaussianLikelihood: the output has shape {output.Value.Shape}; expected 2 in the last axis, mean and deviation.");
        Tensor deviation = Ops.Softplus(Ops.Slice(output.Value, axis, 1, 1)) + MinDeviation;
        Tensor error = (target - Ops.Slice(output.Value, axis, 0, 1)) / deviation;
        return RowMean(Ops.Log(deviation) + Ops.Square(error) * 0.5f + (float)(0.5 * Math.Log(2 * Math.PI)), output.Mask);
    }
}
