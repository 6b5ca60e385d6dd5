using MLNetDeep.Initializers;

namespace MLNetDeep.Graphs;

/// <summary>
/// A tensor that keeps its values from one run to the next: weights, running statistics, optimizer slots.
/// Within one run every reader sees the values from before the run's updates.
/// </summary>
public sealed class Variable
{
    internal Variable(Tensor tensor, Initializer initializer, bool trainable, float learningRateMultiplier)
    {
        LearningRateMultiplier = learningRateMultiplier;
        Tensor = tensor;
        Initializer = initializer;
        Trainable = trainable;
    }

    /// <summary>Its name, unique in the graph: the layer's name, a slash and the role, such as <c>dense_1/kernel</c>.</summary>
    public string Name => Tensor.Node.Name;

    /// <summary>Its shape, never batched.</summary>
    public Shape Shape => Tensor.Shape;

    /// <summary>Its value as an input of nodes.</summary>
    public Tensor Tensor { get; }

    /// <summary>Where its first values come from.</summary>
    public Initializer Initializer { get; }

    /// <summary>Whether an optimizer changes it.</summary>
    public bool Trainable { get; }

    /// <summary>What an optimizer's learning rate is multiplied by for it.</summary>
    public float LearningRateMultiplier { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape}";
}
