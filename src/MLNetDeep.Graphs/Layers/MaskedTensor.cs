using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>What flows between layers: values, and for sequences of differing lengths which steps are real.</summary>
/// <param name="Value">The values, the batch in the first axis.</param>
/// <param name="Mask">Bool (batch, steps): true where a step is real, false where it is padding. Null: all are real.</param>
public readonly record struct MaskedTensor(Tensor Value, Tensor? Mask = null);
