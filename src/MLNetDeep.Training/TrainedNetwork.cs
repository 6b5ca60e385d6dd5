namespace MLNetDeep.Training;

/// <summary>A network and what it has learned.</summary>
/// <param name="Network">The network, nothing left open.</param>
/// <param name="Weights">The values of its weights by name.</param>
/// <param name="History">How it got there.</param>
public sealed record TrainedNetwork(Network Network, IReadOnlyDictionary<string, float[]> Weights, History History);
