using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>One use of a graph: what is fetched and which updates run with it, such as a training step or scoring. Several share their variables.</summary>
/// <param name="Name">Names the operation that runs all of <paramref name="Targets"/>, such as <c>train</c>.</param>
/// <param name="Fetches">Tensors whose values are wanted.</param>
/// <param name="Targets">Nodes to run for their effect, as <see cref="Ops.Assign"/> gives; null for none.</param>
public sealed record GraphDefProgram(string Name, IReadOnlyList<Tensor> Fetches, IReadOnlyList<Node>? Targets = null);
