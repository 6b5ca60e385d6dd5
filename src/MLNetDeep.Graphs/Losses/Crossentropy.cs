using MLNetDeep.Graphs;

namespace MLNetDeep.Losses;

/// <summary>Cross-entropy between several classes: minus the logarithm of the probability given to the true one.</summary>
public abstract record Crossentropy : Loss
{
    private protected Crossentropy()
    {
    }

    /// <summary>
    /// Whether the network's output is logits, before a softmax, rather than probabilities. Default false.
    /// It need not be set for a network that ends in a softmax: the logits are then taken from before it.
    /// </summary>
    public bool FromLogits { get; init; }

    /// <summary>The share of the truth that is spread evenly over all classes (Szegedy et al. 2016); 0 to 1. Default 0.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// Focal loss (Lin et al. 2017): each class's part is multiplied by (1 - p) to this power, so that what is recognised already weighs little. Default 0: none; usual is 2.
    /// </summary>
    public float FocalGamma { get; init; }

    /// <summary>
    /// Logit adjustment (Menon et al. 2021): in training each class's logit is raised by this times the logarithm of the class's share of the rows, so that the
    /// network itself scores as if classes were equally frequent; at least 0. Default 0: none; the paper's is 1.
    /// </summary>
    public float LogitAdjustment { get; init; }

    /// <summary>
    /// LDAM (Cao et al. 2019): in training the true class's logit is lowered by a margin in proportion to 1 / n^(1/4), n the rows of the class; this is the rarest
    /// class's. At least 0. Default 0: none; the paper's is 0.5.
    /// </summary>
    public float Margin { get; init; }

    /// <summary>
    /// What logits are multiplied by after <see cref="Margin"/> and before the softmax; more than 0. Default 1. The paper's is 30, for a last layer whose outputs
    /// are cosines, which no margin would otherwise be seen among.
    /// </summary>
    public float MarginScale { get; init; } = 1;

    /// <summary>Training rows of each class, for <see cref="LogitAdjustment"/> and <see cref="Margin"/>. Default null: those that the trainer counts.</summary>
    public IReadOnlyList<long>? ClassCounts { get; init; }

    /// <inheritdoc/>
    public override Loss WithClassCounts(IReadOnlyList<long> counts) => ClassCounts is null && ChangesLogits ? this with { ClassCounts = [.. counts] } : this;

    private protected bool ChangesLogits => LogitAdjustment > 0 || Margin > 0;

    // Logits as training sees them: for truths that are distributions over the last axis.
    private protected Tensor Changed(Tensor logits, Tensor truth)
    {
        int classes = logits.Shape[^1];
        IReadOnlyList<long> counts = ClassImbalance.Check(this, ClassCounts, classes);
        if (LogitAdjustment > 0)
            logits += Ops.Constant(logits.Graph, ClassImbalance.Adjustments(LogitAdjustment, counts), new Shape(classes));
        return Margin > 0 ? (logits - truth * Ops.Constant(logits.Graph, ClassImbalance.Margins(Margin, counts), new Shape(classes))) * MarginScale : logits;
    }

    private protected void Check(Tensor output)
    {
        SettingCheck.InRange(this, nameof(LogitAdjustment), LogitAdjustment, 0);
        SettingCheck.InRange(this, nameof(Margin), Margin, 0);
        SettingCheck.InRange(this, nameof(MarginScale), MarginScale, float.Epsilon);
        SettingCheck.InRange(this, nameof(LabelSmoothing), LabelSmoothing, 0, 1);
        SettingCheck.InRange(this, nameof(FocalGamma), FocalGamma, 0);
        if (output.DType != DType.Float32 || output.Shape.Rank < 2 || output.Shape[^1] < 2)
            throw new ArgumentException($"{GetType().Name} needs an output of shape (batch, ..., classes) with at least two classes, received {output.Spec}. For one output use BinaryCrossentropy.");
    }

    // Logits, or null where the output is probabilities of unknown making.
    private protected Tensor? Logits(Tensor output) => FromLogits ? output : Before(output, "Softmax");

    private protected Tensor LogProbabilities(Tensor output, Tensor truth)
    {
        if (Logits(output) is { } logits)
            return Ops.Reshape(Ops.LogSoftmax(ChangesLogits ? Changed(Ops.Reshape(logits, output.Shape), truth) : logits), output.Shape);

        // The logarithm of probabilities is as good as what went into the softmax.
        if (ChangesLogits)
            return Ops.LogSoftmax(Changed(Ops.Log(Ops.Clip(output, 1e-7f, 1)), truth));

        // As Keras: brought to a sum of 1 and kept from 0.
        return Ops.Log(Ops.Clip(output / Ops.Sum(output, [-1], keepDims: true), 1e-7f, 1));
    }

    // For truths that are distributions over the last axis.
    private protected Tensor General(Tensor logProbabilities, Tensor truth)
    {
        Tensor losses = truth * logProbabilities;
        if (FocalGamma > 0)
            losses *= Power(-Ops.Expm1(logProbabilities), FocalGamma);
        return -Ops.Sum(losses, [-1]);
    }
}
