using MLNetDeep.Layers;

namespace MLNetDeep.Rows;

/// <summary>How many ids the embeddings of a network know, input by input.</summary>
internal static class IdLimits
{
    /// <summary>For each input in order the number of ids that all embeddings right behind it take; null where there is none.</summary>
    public static IReadOnlyList<int?> Of(Network network)
    {
        List<InputLayer> inputs = [.. network.InputLayers];
        int?[] limits = new int?[inputs.Count];
        HashSet<Network> seen = new(ReferenceEqualityComparer.Instance);
        Stack<Network> open = new([network]);
        while (open.TryPop(out Network? point))
        {
            if (!seen.Add(point))
                continue;
            foreach (Network input in point.Inputs)
                open.Push(input);
            if (point.Layer is not Embedding embedding)
                continue;
            Network source = point.Inputs[0];
            while (source.Layer is Reshape or Flatten)
                source = source.Inputs[0];
            int index = inputs.FindIndex(i => ReferenceEquals(i, source.Layer));
            if (index >= 0)
                limits[index] = Math.Min(limits[index] ?? int.MaxValue, embedding.InputDim);
        }

        return limits;
    }
}
