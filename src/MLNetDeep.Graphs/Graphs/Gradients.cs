namespace MLNetDeep.Graphs;

/// <summary>Reverse-mode differentiation on the graph: the gradient is more graph, so it can be differentiated again.</summary>
public static class Gradients
{
    /// <summary>Adds the nodes that compute the derivative of the sum of <paramref name="ys"/> with respect to each of <paramref name="xs"/>.</summary>
    /// <param name="ys">What is differentiated; Float32.</param>
    /// <param name="xs">With respect to what; where one depends on another, it counts as independent.</param>
    /// <param name="upstream">Gradients that flow into <paramref name="ys"/>, of their shapes; default ones.</param>
    /// <returns>One tensor of the same shape for each of <paramref name="xs"/>; null where no path leads from it to any of <paramref name="ys"/>.</returns>
    public static Tensor?[] Compute(IReadOnlyList<Tensor> ys, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor>? upstream = null)
    {
        ArgumentNullException.ThrowIfNull(ys);
        ArgumentNullException.ThrowIfNull(xs);
        if (upstream is not null && upstream.Count != ys.Count)
            throw new ArgumentException($"There are {ys.Count} tensors to differentiate and {upstream.Count} upstream gradients.", nameof(upstream));
        if (ys.Count == 0)
            return new Tensor?[xs.Count];

        Graph graph = ys[0].Graph;
        HashSet<Tensor> ends = [.. xs];
        HashSet<Node> onPath = NodesOnPath(ys, ends);
        Dictionary<Tensor, Tensor> gradients = [];
        for (int i = 0; i < ys.Count; i++)
            Accumulate(gradients, ys[i], upstream?[i] ?? Ops.BroadcastLike(Ops.Constant(graph, 1f), ys[i]));

        // Node ids are a topological order, so a node is met only after all its consumers.
        foreach (Node node in onPath.OrderByDescending(n => n.Id))
        {
            if (node.Outputs.All(ends.Contains))
                continue;
            Tensor?[] flowing = [.. node.Outputs.Select(o => ends.Contains(o) ? null : gradients.GetValueOrDefault(o))];
            if (flowing.All(g => g is null))
                continue;
            Tensor?[] results;
            using (graph.Scope("gradients"))
                results = node.Op.Gradient(node, flowing);
            for (int i = 0; i < results.Length; i++)
            {
                if (results[i] is { } result && (ends.Contains(node.Inputs[i]) || onPath.Contains(node.Inputs[i].Node)))
                    Accumulate(gradients, node.Inputs[i], result);
            }
        }

        return [.. xs.Select(x => gradients.GetValueOrDefault(x))];
    }

    // The nodes between xs and ys: everything else needs no gradient, and building it would be waste.
    private static HashSet<Node> NodesOnPath(IReadOnlyList<Tensor> ys, HashSet<Tensor> ends)
    {
        HashSet<Node> reached = [];
        Stack<Node> open = new(ys.Select(y => y.Node));
        while (open.TryPop(out Node? node))
        {
            if (!reached.Add(node))
                continue;
            foreach (Tensor input in node.Inputs)
            {
                if (!ends.Contains(input))
                    open.Push(input.Node);
            }
        }

        HashSet<Node> onPath = [];
        foreach (Node node in reached.OrderBy(n => n.Id))
        {
            if (node.Outputs.Any(ends.Contains) || node.Inputs.Any(i => ends.Contains(i) || onPath.Contains(i.Node)))
                onPath.Add(node);
        }

        return onPath;
    }

    private static void Accumulate(Dictionary<Tensor, Tensor> gradients, Tensor of, Tensor gradient)
    {
        if (!gradient.Shape.Equals(of.Shape))
            throw new InvalidOperationException($"The gradient of {of} has shape {gradient.Shape}: the gradient of one of its consumers is wrong.");
        gradients[of] = gradients.TryGetValue(of, out Tensor? sum) ? sum + gradient : gradient;
    }
}
