using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>What training makes small.</summary>
public abstract record Loss
{
    /// <summary>Element type of the targets: Int32 for class numbers, else Float32. Default Float32.</summary>
    public virtual DType TargetType => DType.Float32;

    /// <summary>The shape that targets must have for outputs of shape <paramref name="output"/>. Default: the same.</summary>
    public virtual Shape TargetShape(Shape output) => output;

    /// <summary>
    /// Adds the loss of each row: (batch), before weights. Rows of several elements (or steps) give the mean over theirs;
    /// masked steps do not count.
    /// </summary>
    /// <param name="output">The network's output.</param>
    /// <param name="target">What it should be, of <see cref="TargetType"/> and <see cref="TargetShape"/>.</param>
    public abstract Tensor PerRow(MaskedTensor output, Tensor target);

    /// <summary>The number that training makes small: the sum of weighted losses over the number of rows (as Keras does), plus <paramref name="penalties"/>.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="target">What it should be.</param>
    /// <param name="weights">Weight of each row, (batch); null for ones.</param>
    /// <param name="penalties">Numbers to add.</param>
    public Tensor Reduce(MaskedTensor output, Tensor target, Tensor? weights = null, IEnumerable<Tensor>? penalties = null)
    {
        Tensor perRow = PerRow(output, target);
        Tensor loss = Ops.Mean(weights is null ? perRow : perRow * weights);
        foreach (Tensor penalty in penalties ?? [])
            loss += penalty;
        return loss;
    }
}
