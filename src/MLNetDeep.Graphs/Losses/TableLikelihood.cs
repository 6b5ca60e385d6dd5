using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>
/// The negative logarithm of how likely a row of a table is (the reconstruction loss of the TVAE of Xu et al. 2019): plain numbers are normal about the hyperbolic tangent of
/// what the network gives, choices have the softmax of theirs.
/// </summary>
/// <remarks>
/// Output: (batch, numbers + sum of blocks + numbers), the row before <see cref="MixedActivation"/> and the deviations of its plain numbers (<see cref="LearnedDeviations"/>);
/// targets: the row, (batch, numbers + sum of blocks), choices one-hot. <c>Σ (½ ((t - tanh x) / s)² + ln s) - Σ Σ t ln softmax(x)</c>, without the constant.
/// </remarks>
public sealed record TableLikelihood : Loss
{
    /// <summary>Number of plain numbers; at least 0.</summary>
    public required int Numbers { get; init; }

    /// <summary>For each choice, among how many; at least 2 each.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <inheritdoc/>
    public override Shape TargetShape(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int size = Numbers + Blocks.Sum();
        return output.Rank == 2 && output[1] == size + Numbers
            ? output.With(1, size)
            : throw new ArgumentException($"TableLikelihood: the output has shape {output}; expected (batch, {size + Numbers}), a row of {size} and {Numbers} deviations.");
    }

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        int size = TargetShape(output.Value.Shape)[1];
        Tensor row = MixedBlocks.Part(output.Value, 0, size);
        MixedBlocks.Check(row, Numbers, Blocks);
        List<Tensor> sums = [];
        if (Numbers > 0)
        {
            Tensor deviation = MixedBlocks.Part(output.Value, size, Numbers);
            Tensor error = (MixedBlocks.Part(target, 0, Numbers) - Ops.Tanh(MixedBlocks.Part(row, 0, Numbers))) / deviation;
            sums.Add(Ops.Sum(Ops.Square(error) * 0.5f + Ops.Log(deviation), [1]));
        }

        if (Blocks.Count > 0)
        {
            Tensor logarithms = MixedBlocks.Join([.. MixedBlocks.Split(row, Numbers, Blocks).Select(Ops.LogSoftmax)]);
            sums.Add(-Ops.Sum(logarithms * MixedBlocks.Part(target, Numbers, size - Numbers), [1]));
        }

        return sums.Aggregate(Ops.Add);
    }
}
