using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Graphs;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>
/// That a fed tensor's numbers must be in [0, <paramref name="Limit"/>), since a table has no other rows. TensorFlow looks at this on a CPU alone: on a GPU
/// it computes with zeros or NaN.
/// </summary>
/// <param name="Feed">The placeholder.</param>
/// <param name="User">The node that looks rows up.</param>
/// <param name="What">What the numbers are, for the message.</param>
/// <param name="Limit">The number of rows.</param>
internal sealed record IdRange(Tensor Feed, Node User, string What, int Limit)
{
    /// <summary>The ranges of the feeds whose numbers reach a look-up as they are.</summary>
    public static IReadOnlyList<IdRange> Find(GraphDefProgram program, IReadOnlyList<Tensor> feeds)
    {
        List<IdRange> ranges = [];
        HashSet<Node> seen = [];
        Stack<Node> open = new(program.Fetches.Select(f => f.Node).Concat(program.Targets ?? []));
        while (open.TryPop(out Node? node))
        {
            if (!seen.Add(node))
                continue;
            foreach (Tensor input in node.Inputs)
                open.Push(input.Node);
            (int input, string what, int limit)? use = node.Op.Name switch
            {
                "GatherV2" => (1, "ids", node.Inputs[0].Shape[0]),
                "UnsortedSegmentSum" => (1, "ids", node.Outputs[0].Shape[0]),
                "SparseSoftmaxCrossEntropyWithLogits" => (1, "labels", node.Inputs[0].Shape[1]),
                _ => null,
            };
            if (use is not { } found)
                continue;
            Tensor source = node.Inputs[found.input];
            while (source.Node.Op.Name is "Identity" or "Reshape" or "EnsureShape" or "Transpose" or "StopGradient")
                source = source.Node.Inputs[0];
            if (feeds.Contains(source))
                ranges.Add(new(source, node, found.what, found.limit));
        }

        return ranges;
    }

    public void Check(ReadOnlySpan<int> ids)
    {
        int wrong = ids.IndexOfAnyExceptInRange(0, Limit - 1);
        if (wrong >= 0)
            throw new ArgumentOutOfRangeException(What, ids[wrong], $"'{User.Name}': element {wrong} of the {What} is {ids[wrong]}, expected 0 to {Limit - 1}.");
    }
}
