using MLNetDeep.Graphs;

namespace MLNetDeep.Regularizers;

/// <summary>A penalty on a weight, added to the training loss.</summary>
public abstract record Regularizer
{
    /// <summary>Adds the penalty, a number.</summary>
    public abstract Tensor Penalty(Tensor weight);
}
