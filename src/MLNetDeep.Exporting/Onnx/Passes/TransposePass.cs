using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx.Passes;

/// <summary>
/// Moves transposes towards the outputs, through whatever does not care about the order of axes, until they meet others and cancel. Of a convolutional network, in which
/// each convolution came with two, one stays at the entry and one where the image is flattened.
/// </summary>
internal static class TransposePass
{
    private static readonly HashSet<string> ByElement = new(StringComparer.Ordinal)
    {
        "Add", "Sub", "Mul", "Div", "Max", "Min", "Neg", "Abs", "Sign", "Sqrt", "Reciprocal", "Exp", "Log", "Erf", "Relu", "Sigmoid", "Tanh", "Softplus", "LeakyRelu", "Elu", "Selu",
        "Greater", "Less", "Equal", "GreaterOrEqual", "LessOrEqual", "Not", "And", "Or", "Where", "Cast", "Identity",
    };

    public static void Run(OnnxGraph graph)
    {
        Dictionary<OnnxValue, OnnxValue> replaced = [];
        List<OnnxNode> nodes = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] is { } input && replaced.TryGetValue(input, out OnnxValue? other))
                    node.Inputs[i] = other;
            }

            using (graph.Under(node.Name))
            {
                if (node.Op == "Transpose")
                    Join(node);
                else if (Moved(graph, node) is { } moved)
                    Push(node, moved);
                else
                    nodes.Add(node);
            }
        }

        graph.Nodes = nodes;

        // Two transposes after one another are one, or none.
        void Join(OnnxNode node)
        {
            int[] perm = node.Ints("perm");
            OnnxValue from = node.Inputs[0]!;
            while (from.Producer is { Op: "Transpose" } before)
            {
                int[] first = before.Ints("perm");
                perm = [.. perm.Select(p => first[p])];
                from = before.Inputs[0]!;
            }

            if (perm.SequenceEqual(Enumerable.Range(0, perm.Length)) && !graph.Outputs.Contains(node.Output))
            {
                replaced.Add(node.Output, from);
                return;
            }

            node.Inputs[0] = from;
            node.Attributes["perm"] = perm;
            nodes.Add(node);
        }

        // The node on what was before the transpose, and a transpose of its output.
        void Push(OnnxNode node, (OnnxNode Node, OnnxValue Output, int[]? Perm) moved)
        {
            nodes.Add(moved.Node);
            if (moved.Perm is null)
            {
                replaced.Add(node.Output, moved.Output);
                return;
            }

            OnnxNode transpose = graph.Create("Transpose", [moved.Output], ("perm", moved.Perm));
            transpose.Outputs.Add(node.Output);
            node.Output.Producer = transpose;
            nodes.Add(transpose);
        }
    }

    private static (OnnxNode Node, OnnxValue Output, int[]? Perm)? Moved(OnnxGraph graph, OnnxNode node)
    {
        if (node.Outputs.Count != 1 || graph.Outputs.Contains(node.Output) && !ByElement.Contains(node.Op))
            return null;
        int at = node.Inputs.FindIndex(i => i is { Producer.Op: "Transpose" } value && value.Shape.Rank == node.Output.Shape.Rank || i is { Producer.Op: "Transpose" } && node.Inputs.Count == 1);
        if (at < 0)
            return null;
        int[] perm = node.Inputs[at]!.Producer!.Ints("perm");
        if (ByElement.Contains(node.Op))
            return Elementwise(graph, node, perm);
        if (at > 0)
            return node.Op == "Concat" ? Concatenation(graph, node, perm) : null;
        return node.Op switch
        {
            "Concat" => Concatenation(graph, node, perm),
            "Softmax" or "LogSoftmax" => WithAxis(graph, node, perm),
            "Pad" => Padding(graph, node, perm),
            "Slice" when node.Inputs.Count == 1 => Slice(graph, node, perm),
            "ReduceSum" or "ReduceMean" or "ReduceMax" when node.FindInts("axes") is not null => Reduction(graph, node, perm),
            "Reshape" when node.FindInts("shape") is not null => UnitAxes(graph, node, perm),
            _ => null,
        };
    }

    private static (OnnxNode, OnnxValue, int[]?)? Elementwise(OnnxGraph graph, OnnxNode node, int[] perm)
    {
        List<OnnxValue?> inputs = [];
        foreach (OnnxValue? input in node.Inputs)
        {
            if (input is { Producer: { Op: "Transpose" } before } && before.Ints("perm").SequenceEqual(perm))
                inputs.Add(before.Inputs[0]);
            else if (input is { Shape: { IsBatched: false, UnitSize: 1 } shape } && shape.Rank <= perm.Length)
                inputs.Add(input);
            else if (input?.Floats is { } values && input.Shape.Rank <= perm.Length)
                inputs.Add(BeforeTranspose(graph, values, input.Shape, perm));
            else
                return null;
        }

        return Made(graph, node, inputs, perm, node.Output.Shape, [.. node.Attributes.Select(a => (a.Key, a.Value))]);
    }

    // A constant as it would stand before the transpose, so that it broadcasts there as it does after it.
    private static OnnxValue BeforeTranspose(OnnxGraph graph, float[] values, Shape shape, int[] perm)
    {
        Shape full = new([.. Enumerable.Repeat(1, perm.Length - shape.Rank), .. shape.Dims]);
        int[] back = Inverse(perm);
        return graph.Constant(Folding.Transpose(values, full, back), new Shape([.. back.Select(b => full[b])]));
    }

    private static (OnnxNode, OnnxValue, int[]?)? Concatenation(OnnxGraph graph, OnnxNode node, int[] perm)
    {
        if (node.Inputs.Any(i => i!.Producer is not { Op: "Transpose" } before || !before.Ints("perm").SequenceEqual(perm)))
            return null;
        return Made(graph, node, [.. node.Inputs.Select(i => i!.Producer!.Inputs[0])], perm, node.Output.Shape, ("axis", perm[(int)node.Attributes["axis"]]));
    }

    private static (OnnxNode, OnnxValue, int[]?)? WithAxis(OnnxGraph graph, OnnxNode node, int[] perm) =>
        Made(graph, node, [node.Inputs[0]!.Producer!.Inputs[0]], perm, node.Output.Shape, ("axis", perm[(int)node.Attributes["axis"]]));

    private static (OnnxNode, OnnxValue, int[]?)? Padding(OnnxGraph graph, OnnxNode node, int[] perm)
    {
        int[] pads = node.Ints("pads"), moved = new int[pads.Length];
        for (int i = 0; i < perm.Length; i++)
            (moved[perm[i]], moved[perm.Length + perm[i]]) = (pads[i], pads[perm.Length + i]);
        return Made(graph, node, [node.Inputs[0]!.Producer!.Inputs[0]], perm, node.Output.Shape, ("pads", moved));
    }

    private static (OnnxNode, OnnxValue, int[]?)? Slice(OnnxGraph graph, OnnxNode node, int[] perm) =>
        Made(graph, node, [node.Inputs[0]!.Producer!.Inputs[0]], perm, node.Output.Shape,
            ("starts", node.Ints("starts")), ("ends", node.Ints("ends")), ("axes", (int[])[.. node.Ints("axes").Select(a => perm[a])]));

    private static (OnnxNode, OnnxValue, int[]?)? Reduction(OnnxGraph graph, OnnxNode node, int[] perm)
    {
        int[] axes = node.Ints("axes"), moved = [.. axes.Select(a => perm[a]).Order()];
        bool keeps = (int)node.Attributes["keepdims"] == 1;
        int[] rest = perm;
        if (!keeps)
        {
            int[] kept = [.. Enumerable.Range(0, perm.Length).Except(moved)];
            rest = [.. Enumerable.Range(0, perm.Length).Except(axes).Select(a => Array.IndexOf(kept, perm[a]))];
        }

        return Made(graph, node, [node.Inputs[0]!.Producer!.Inputs[0]], rest, node.Output.Shape, ("axes", moved), ("keepdims", keeps ? 1 : 0));
    }

    // A reshape that only adds or drops axes of length 1. Each such axis stays with the axis that follows it.
    private static (OnnxNode, OnnxValue, int[]?)? UnitAxes(OnnxGraph graph, OnnxNode node, int[] perm)
    {
        OnnxValue from = node.Inputs[0]!.Producer!.Inputs[0]!;
        Shape before = node.Inputs[0]!.Shape, after = node.Output.Shape;
        int[] real = [.. Enumerable.Range(0, before.Rank).Where(i => before[i] != 1)], realAfter = [.. Enumerable.Range(0, after.Rank).Where(i => after[i] != 1)];
        if (!real.Select(i => before[i]).SequenceEqual(realAfter.Select(i => after[i])))
            return null;

        // The axes of the result in the order that the real ones have before the transpose; trailing ones of length 1 come last.
        List<int> order = [];
        foreach (int axis in real.OrderBy(i => perm[i]).Select(i => realAfter[Array.IndexOf(real, i)]))
        {
            int first = axis;
            while (first > 0 && after[first - 1] == 1)
                first--;
            order.AddRange(Enumerable.Range(first, axis - first + 1));
        }

        order.AddRange(Enumerable.Range(0, after.Rank).Except(order).ToArray());
        return Made(graph, node, [from], Inverse([.. order]), after, ("shape", OnnxGraph.Target(new Shape([.. order.Select(o => after[o])]))));
    }

    // The same operator; perm takes its output to what the node's was.
    private static (OnnxNode, OnnxValue, int[]?) Made(
        OnnxGraph graph, OnnxNode node, List<OnnxValue?> inputs, int[] perm, Shape after, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        OnnxNode moved = graph.Create(node.Op, inputs, attributes);
        bool isSame = perm.SequenceEqual(Enumerable.Range(0, perm.Length)) && !graph.Outputs.Contains(node.Output);
        OnnxValue output = graph.AddOutput(moved, node.Output.Type, new Shape([.. Inverse(perm).Select(p => after[p])]));
        return (moved, output, isSame ? null : perm);
    }

    private static int[] Inverse(int[] perm) => [.. Enumerable.Range(0, perm.Length).Select(i => Array.IndexOf(perm, i))];
}
