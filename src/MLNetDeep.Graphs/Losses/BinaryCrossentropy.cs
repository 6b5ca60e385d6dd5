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

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        SettingCheck.InRange(this, nameof(LabelSmoothing), LabelSmoothing, 0, 1);
        SettingCheck.InRange(this, nameof(FocalGamma), FocalGamma, 0);
        SettingCheck.InRange(this, nameof(FocalAlpha), FocalAlpha ?? 0, 0, 1);
        Tensor truth = LabelSmoothing > 0 ? target * (1 - LabelSmoothing) + 0.5f * LabelSmoothing : target;
        Tensor losses, probability;
        if ((FromLogits ? output.Value : Before(output.Value, "Sigmoid")) is { } logits)
        {
            logits = Ops.Reshape(logits, output.Value.Shape);
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
}
