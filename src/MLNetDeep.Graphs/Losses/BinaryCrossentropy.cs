using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>Cross-entropy between two classes, for one output or several independent ones (labels that do not exclude one another).</summary>
/// <remarks>Output and targets: (batch, ...); targets are 0 or 1 or a probability between. Each row gives the mean over its outputs.</remarks>
public sealed record BinaryCrossentropy : Loss
{
    /// <summary>
    /// Whether the network's output is logits, before a sigmoid, rather than probabilities. Default false.
    /// It need not be set for a network that ends in a sigmoid: the logits are then taken from before it.
    /// </summary>
    public bool FromLogits { get; init; }

    /// <summary>Targets are moved by this share towards 1/2; 0 to 1. Default 0.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Focal loss (Lin et al. 2017): each part is multiplied by one minus the probability of the truth, to this power. Default 0: none; usual is 2.</summary>
    public float FocalGamma { get; init; }

    /// <summary>Weight of the positive class, the negative one's being 1 minus this; 0 to 1. Default null: both 1. Keras's focal loss with balancing has 0.25.</summary>
    public float? FocalAlpha { get; init; }

    /// <summary>Logit adjustment (Menon et al. 2021): in training the logit is raised by this times the logarithm of the odds of the positive class among the rows; at least 0. For one output. Default 0: none; the paper's is 1.</summary>
    public float LogitAdjustment { get; init; }

    /// <summary>
    /// LDAM (Cao et al. 2019): in training the logit is moved away from the truth by a margin in proportion to 1 / n^(1/4), n the rows of the true class; this is the
    /// rarer class's. At least 0. For one output. Default 0: none.
    /// </summary>
    public float Margin { get; init; }

    /// <summary>What the logit is multiplied by after <see cref="Margin"/>; more than 0. Default 1.</summary>
    public float MarginScale { get; init; } = 1;

    /// <summary>Training rows of the negative and of the positive class, for <see cref="LogitAdjustment"/> and <see cref="Margin"/>. Default null: those that the trainer counts.</summary>
    public IReadOnlyList<long>? ClassCounts { get; init; }

    /// <inheritdoc/>
    public override Loss WithClassCounts(IReadOnlyList<long> counts) => ClassCounts is null && ChangesLogits ? this with { ClassCounts = [.. counts] } : this;

    private bool ChangesLogits => LogitAdjustment > 0 || Margin > 0;

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        SettingCheck.InRange(this, nameof(LabelSmoothing), LabelSmoothing, 0, 1);
        SettingCheck.InRange(this, nameof(FocalGamma), FocalGamma, 0);
        SettingCheck.InRange(this, nameof(FocalAlpha), FocalAlpha ?? 0, 0, 1);
        SettingCheck.InRange(this, nameof(LogitAdjustment), LogitAdjustment, 0);
        SettingCheck.InRange(this, nameof(Margin), Margin, 0);
        SettingCheck.InRange(this, nameof(MarginScale), MarginScale, float.Epsilon);
        Tensor truth = LabelSmoothing > 0 ? target * (1 - LabelSmoothing) + 0.5f * LabelSmoothing : target;
        Tensor losses, probability;
        Tensor? given = FromLogits ? output.Value : Before(output.Value, "Sigmoid");
        if (given is null && ChangesLogits)
        {
            Tensor bounded = Ops.Clip(output.Value, 1e-7f, 1 - 1e-7f);
            given = Ops.Log(bounded) - Ops.Log(1f - bounded);
        }

        if (given is { } logits)
        {
            logits = Changed(Ops.Reshape(logits, output.Value.Shape), target);
            losses = Ops.Softplus(logits) - logits * truth;
            probability = Ops.Sigmoid(logits);
        }
        else
        {
            probability = Ops.Clip(output.Value, 1e-7f, 1 - 1e-7f);
            losses = -(truth * Ops.Log(probability) + (1f - truth) * Ops.Log(1f - probability));
        }

        // One minus the probability of the truth: p + t - 2pt.
        if (FocalGamma > 0)
            losses *= Power(probability + truth - probability * truth * 2f, FocalGamma);
        if (FocalAlpha is { } alpha)
            losses *= truth * (2 * alpha - 1) + (1 - alpha);
        return RowMean(losses, output.Mask);
    }

    // The logit as training sees it.
    private Tensor Changed(Tensor logits, Tensor target)
    {
        if (!ChangesLogits)
            return logits;
        if (logits.Shape.UnitSize != 1)
            throw new ArgumentException($"BinaryCrossentropy: LogitAdjustment and Margin are for one output, received {logits.Spec}.");
        IReadOnlyList<long> counts = ClassImbalance.Check(this, ClassCounts, 2);
        if (LogitAdjustment > 0)
        {
            float[] adjustments = ClassImbalance.Adjustments(LogitAdjustment, counts);
            logits += adjustments[1] - adjustments[0];
        }

        if (Margin <= 0)
            return logits;
        float[] margins = ClassImbalance.Margins(Margin, counts);
        return (logits + ((1f - target) * margins[0] - target * margins[1])) * MarginScale;
    }
}
