using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>
/// A layer: its settings, and how it becomes part of a graph. It is unchangeable and keeps no weights; they belong to the session that runs the graph.
/// The same object used twice in a network shares its weights, as in Keras.
/// A new layer is one new file: a record that derives from this, with its method for <see cref="Network"/> beside it.
/// </summary>
public abstract record Layer
{
    /// <summary>Its name, the first part of the names of its weights. Default (null): the kind of layer in snake case and a number, such as <c>dense_1</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Whether its weights learn; false freezes them (and a normalisation's running statistics with them). Default true.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>
    /// What the optimizer's learning rate is multiplied by for its weights: less than 1 for layers that have learnt before and are to be moved with care.
    /// At least 0. Default 1.
    /// </summary>
    public float LearningRateMultiplier { get; init; } = 1;

    /// <summary>The number of inputs it takes; -1 for two or more. Default 1.</summary>
    internal protected virtual int InputCount => 1;

    /// <summary>Adds the layer's operations and returns its outputs.</summary>
    /// <param name="context">The graph being built and this layer's place in it.</param>
    /// <param name="inputs">As many as <see cref="InputCount"/> says.</param>
    /// <exception cref="ArgumentException">The inputs do not fit; the network adds the layer's name to the message.</exception>
    public abstract IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs);
}
