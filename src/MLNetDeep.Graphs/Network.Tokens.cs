using MLNetDeep.Layers;

namespace MLNetDeep;

// What embeddings know of the tokens that are fed.
public sealed partial class Network
{
    /// <summary>For each input in the order of <see cref="InputLayers"/> the number of ids that all embeddings right behind it take; null where there is none, or none that says.</summary>
    public IReadOnlyList<int?> TokenCounts
    {
        get
        {
            List<InputLayer> inputs = [.. InputLayers];
            int?[] counts = new int?[inputs.Count];
            foreach ((Embedding embedding, InputLayer input) in Embeddings())
            {
                int index = inputs.FindIndex(i => ReferenceEquals(i, input));
                if (embedding.InputDim is { } known)
                    counts[index] = Math.Min(counts[index] ?? int.MaxValue, known);
            }

            return counts;
        }
    }

    /// <summary>The network with the number of ids filled in, where an embedding right behind an input left its own open.</summary>
    /// <param name="counts">Number of ids for each input, in the order of <see cref="InputLayers"/>; null where it is not known, which leaves embeddings open.</param>
    /// <exception cref="ArgumentException">Another number of counts than inputs, or one less than 1.</exception>
    public Network WithTokenCounts(params IReadOnlyList<int?> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        List<InputLayer> inputs = [.. InputLayers];
        if (inputs.Count != counts.Count)
            throw new ArgumentException($"The network has {inputs.Count} input(s), received {counts.Count} count(s).", nameof(counts));
        if (counts.Any(c => c < 1))
            throw new ArgumentException($"The numbers of ids are {string.Join(", ", counts)}, expected at least 1.", nameof(counts));
        Dictionary<Layer, int> filled = new(ReferenceEqualityComparer.Instance);
        foreach ((Embedding embedding, InputLayer input) in Embeddings())
        {
            // An embedding that several inputs share knows the ids of all of them.
            if (embedding.InputDim is null && counts[inputs.FindIndex(i => ReferenceEquals(i, input))] is { } count)
                filled[embedding] = Math.Max(filled.GetValueOrDefault(embedding), count);
        }

        return filled.Count == 0 ? this : Replace(layer => filled.TryGetValue(layer, out int count) ? ((Embedding)layer) with { InputDim = count } : layer);
    }

    // Embeddings whose ids come from an input as they are.
    private IEnumerable<(Embedding Embedding, InputLayer Input)> Embeddings()
    {
        HashSet<Network> seen = new(ReferenceEqualityComparer.Instance);
        Stack<Network> open = new([this]);
        while (open.TryPop(out Network? point))
        {
            if (!seen.Add(point))
                continue;
            foreach (Network input in point.Inputs)
                open.Push(input);
            if (point.Layer is not Embedding embedding)
                continue;
            Network source = point.Inputs[0];
            while (source.Layer is Layers.Reshape or Layers.Flatten)
                source = source.Inputs[0];
            if (source.Layer is InputLayer found)
                yield return (embedding, found);
        }
    }
}
