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

    /// <summary>The mean over each row's elements, and over its steps those that are not masked: (batch).</summary>
    /// <param name="elements">Losses of single elements, (batch, ...).</param>
    /// <param name="mask">Bool (batch, steps), or null. Not heeded where the elements have no steps: (batch) or (batch, 1).</param>
    protected static Tensor RowMean(Tensor elements, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(elements);
        bool masked = mask is not null && elements.Shape.Rank > 1 && elements.Shape[1] == mask.Shape[1];
        int[] axes = [.. Enumerable.Range(masked ? 2 : 1, elements.Shape.Rank - (masked ? 2 : 1))];
        Tensor mean = Ops.Mean(elements, axes);
        if (!masked)
            return mean;
        Tensor real = Ops.Cast(mask!);
        return Ops.Sum(mean * real, [1]) / Ops.Maximum(Ops.Sum(real, [1]), Ops.Like(real, 1));
    }

    // What stands before an activation that ends the network, so that its logarithm can be taken without loss: Keras does the same.
    private protected static Tensor? Before(Tensor output, string activation)
    {
        while (output.Node.Op.Name == "Identity")
            output = output.Node.Inputs[0];
        return output.Node.Op.Name == activation ? output.Node.Inputs[0] : null;
    }

    // xᵖ for x from 0 to 1, with a finite derivative at 0.
    private protected static Tensor Power(Tensor x, float exponent) => exponent switch
    {
        1 => x,
        2 => Ops.Square(x),
        3 => Ops.Square(x) * x,
        _ => Ops.Exp(Ops.Log(Ops.Maximum(x, Ops.Like(x, 1e-12f))) * exponent),
    };
}
