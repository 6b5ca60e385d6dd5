using Microsoft.ML;
using MLNetDeep.Transformers;

namespace MLNetDeep.Explanations;

/// <summary>A neural network in a model, and what stands before it.</summary>
internal sealed record ModelParts(IReadOnlyList<ITransformer> Before, NeuralNetworkTransformer Network)
{
    /// <summary>Finds the network in a chain, or a chain of chains.</summary>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public static ModelParts Of(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        List<ITransformer> parts = [.. Flatten(model)];
        int[] networks = [.. Enumerable.Range(0, parts.Count).Where(i => parts[i] is NeuralNetworkTransformer)];
        return networks is [int only] ? new(parts[..only], (NeuralNetworkTransformer)parts[only]) : throw new ArgumentException(networks.Length == 0
            ? $"There is no neural network in the model; it has: {string.Join(", ", parts.Select(p => p.GetType().Name))}."
            : $"There are {networks.Length} neural networks in the model; pass the one that is meant, or the part of the chain with it.", nameof(model));
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
