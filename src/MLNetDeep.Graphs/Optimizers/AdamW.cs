namespace MLNetDeep.Optimizers;

/// <summary><see cref="Adam"/> with decoupled weight decay (Loshchilov and Hutter 2019): <c>w -= rate · decay · w</c>, then Adam's step.</summary>
public sealed record AdamW : Adam
{
    /// <summary>With Keras's default weight decay, 0.004 (PyTorch: 0.01).</summary>
    public AdamW() => WeightDecay = 0.004f;
}
