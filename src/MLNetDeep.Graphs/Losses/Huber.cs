using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>Half the squared error up to <see cref="Delta"/>, and in a straight line from there (Huber 1964).</summary>
/// <remarks>Output and targets: (batch, ...).</remarks>
public sealed record Huber : Loss
{
    /// <summary>Where the square becomes a line; more than 0. Default 1.</summary>
    public float Delta { get; init; } = 1;

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        SettingCheck.InRange(this, nameof(Delta), Delta, float.Epsilon);
        Tensor error = Ops.Abs(output.Value - target), small = Ops.Minimum(error, Ops.Like(error, Delta));
        return RowMean(small * (error - small * 0.5f), output.Mask);
    }
}
