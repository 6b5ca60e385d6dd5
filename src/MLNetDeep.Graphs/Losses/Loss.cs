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
    /// The loss for training rows of which there are so many of each class. A loss that depends on how frequent classes are takes the numbers from here
    /// unless it was given them; trainers call it before they train. Default: the loss itself.
    /// </summary>
    /// <param name="counts">Rows of each class, in the order of outputs; of one output, those of 0 and of 1.</param>
    public virtual Loss WithClassCounts(IReadOnlyList<long> counts) => this;

    /// <summary>
    /// Adds the loss of each row: (batch), before weights. Rows of several elements (or steps) give the mean over theirs;
    /// masked steps do not count.
    /// </summary>
    /// <param name="output">The network's output.</param>
    /// <param name="target">What it should be, of <see cref="TargetType"/> and <see cref="TargetShape"/>.</param>
    public abstract Tensor PerRow(MaskedTensor output, Tensor target);

    /// <summary>
    /// The number that training makes small: the sum of weighted losses over the number of rows (as Keras does), plus <paramref name="penalties"/>.
    /// Where steps are masked, a row counts as often as it has real ones (<see cref="RealSteps"/>): the mean is over steps, not over rows.
    /// </summary>
    /// <param name="output">The network's output.</param>
    /// <param name="target">What it should be.</param>
    /// <param name="weights">Weight of each row, (batch); null for ones.</param>
    /// <param name="penalties">Numbers to add.</param>
    public Tensor Reduce(MaskedTensor output, Tensor target, Tensor? weights = null, IEnumerable<Tensor>? penalties = null)
    {
        Tensor perRow = PerRow(output, target);
        if (weights is not null)
            perRow *= weights;
        Tensor loss = RealSteps(output) is { } steps
            ? Ops.Sum(perRow * steps) / Ops.Maximum(Ops.Sum(steps), Ops.Like(perRow, 1))
            : Ops.Mean(perRow);
        foreach (Tensor penalty in penalties ?? [])
            loss += penalty;
        return loss;
    }

    /// <summary>The number of steps of each row that are not masked, (batch): how much the row's loss counts in a mean over steps. Null where no step is masked.</summary>
    /// <param name="output">The network's output.</param>
    public virtual Tensor? RealSteps(MaskedTensor output)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        return IsHeeded(TargetShape(output.Value.Shape), output.Mask) ? Ops.Sum(Ops.Cast(output.Mask!), [1]) : null;
    }

    /// <summary>The mean over each row's elements, and over its steps those that are not masked: (batch).</summary>
    /// <param name="elements">Losses of single elements, (batch, ...).</param>
    /// <param name="mask">Bool (batch, steps), or null. Not heeded where the elements have no steps: (batch) or (batch, 1).</param>
    protected static Tensor RowMean(Tensor elements, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(elements);
        bool masked = IsHeeded(elements.Shape, mask);
        int[] axes = [.. Enumerable.Range(masked ? 2 : 1, elements.Shape.Rank - (masked ? 2 : 1))];
        Tensor mean = Ops.Mean(elements, axes);
        if (!masked)
            return mean;

        // What a padded step holds may be anything, and must not matter even where its loss is infinite.
        Tensor zero = Ops.Like(mean, 0), real = Ops.Cast(mask!);
        return Ops.Sum(Ops.Select(mask!, mean, zero), [1]) / Ops.Maximum(Ops.Sum(real, [1]), Ops.Like(real, 1));
    }

    private static bool IsHeeded(Shape elements, Tensor? mask) => mask is not null && elements.Rank > 1 && elements[1] == mask.Shape[1];

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
