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

    private protected void Check(Tensor output)
    {
        SettingCheck.InRange(this, nameof(LabelSmoothing), LabelSmoothing, 0, 1);
        SettingCheck.InRange(this, nameof(FocalGamma), FocalGamma, 0);
        if (output.DType != DType.Float32 || output.Shape.Rank < 2 || output.Shape[^1] < 2)
            throw new ArgumentException($"{GetType().Name} needs an output of shape (batch, ..., classes) with at least two classes, received {output.Spec}. For one output use BinaryCrossentropy.");
    }

    // Logits, or null where the output is probabilities of unknown making.
    private protected Tensor? Logits(Tensor output) => FromLogits ? output : Before(output, "Softmax");

    private protected Tensor LogProbabilities(Tensor output)
    {
        if (Logits(output) is { } logits)
            return Ops.Reshape(Ops.LogSoftmax(logits), output.Shape);

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
