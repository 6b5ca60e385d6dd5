using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx.Passes;

/// <summary>
/// Takes constants that are multiplied with or added to the output of a product into its weights: biases, and batch normalisation, which at scoring is no more
/// than that. Products with two constants become one.
/// </summary>
internal static class FoldingPass
{
    public static void Run(OnnxGraph graph)
    {
        Dictionary<OnnxValue, OnnxValue> replaced = [];
        Dictionary<OnnxValue, int> readers = [];
        foreach (OnnxValue value in graph.Nodes.SelectMany(n => n.Inputs).OfType<OnnxValue>().Concat(graph.Outputs))
            readers[value] = readers.GetValueOrDefault(value) + 1;
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
                // The constant must not make the output larger, nor anybody else need it without the constant.
                if (node.Op is "Mul" or "Add" or "Sub" && Split(node) is var (x, constant) && x.Producer is { } before && readers[x] == 1
                    && x.Shape.Equals(node.Output.Shape) && !graph.Outputs.Contains(node.Output) && Fold(graph, before, node.Op, constant, ReferenceEquals(node.Inputs[0], x)))
                {
                    replaced.Add(node.Output, x);
                    readers[x] = readers[node.Output];
                    continue;
                }
            }

            nodes.Add(node);
        }

        graph.Nodes = nodes;

    }

    private static (OnnxValue X, OnnxValue Constant)? Split(OnnxNode node) => (node.Inputs[0], node.Inputs[1]) switch
    {
        ({ Floats: null } x, { Floats: not null } c) => (x, c),
        ({ Floats: not null } c, { Floats: null } x) => (x, c),
        _ => null,
    };

    private static bool Fold(OnnxGraph graph, OnnxNode before, string op, OnnxValue constant, bool isSecond)
    {
        if (op == "Sub" && !isSecond)
            return false;
        if (before.Op == "Mul" && op == "Mul" && Split(before) is var (_, first) && Shape.Broadcast(first.Shape, constant.Shape) is { } both)
        {
            before.Inputs[before.Inputs.IndexOf(first)] = graph.Constant(Folding.Broadcast(first.Floats!, first.Shape, constant.Floats!, constant.Shape, both, (a, b) => a * b), both);
            return true;
        }

        // Where the weights have the output's channels, and where these stand in the output.
        (int weightAxis, int outputAxis) = before.Op switch
        {
            "Conv" => (0, 1),
            "ConvTranspose" when (int)before.Attributes["group"] == 1 => (1, 1),
            "Gemm" when (int)before.Attributes["transB"] == 0 => (1, 1),
            _ => (-1, 0),
        };
        if (weightAxis < 0 || before.Inputs[1]!.Floats is not { } weights || before.Inputs.Count > 2 && before.Inputs[2]!.Floats is null)
            return false;
        Shape shape = before.Inputs[1]!.Shape;
        int channels = shape[weightAxis], rank = before.Output.Shape.Rank;
        if (ByChannel(constant, rank, outputAxis, channels) is not { } values)
            return false;
        float[] bias = before.Inputs.Count > 2 ? before.Inputs[2]!.Floats! : new float[channels];
        if (op == "Mul")
        {
            int[] dims = [.. Enumerable.Repeat(1, shape.Rank)];
            dims[weightAxis] = channels;
            before.Inputs[1] = graph.Constant(Folding.Broadcast(weights, shape, values, new Shape(dims), shape, (a, b) => a * b), shape);
            if (before.Inputs.Count > 2)
                before.Inputs[2] = graph.Constant([.. bias.Zip(values, (a, b) => a * b)], new Shape(channels));
            return true;
        }

        OnnxValue sum = graph.Constant([.. bias.Zip(values, (a, b) => op == "Sub" ? a - b : a + b)], new Shape(channels));
        if (before.Inputs.Count > 2)
            before.Inputs[2] = sum;
        else
            before.Inputs.Add(sum);
        return true;
    }

    // The constant's value for each channel; null where it differs along another axis.
    private static float[]? ByChannel(OnnxValue constant, int rank, int axis, int channels)
    {
        if (constant.Shape.UnitSize == 1)
            return [.. Enumerable.Repeat(constant.Floats![0], channels)];
        int own = axis - (rank - constant.Shape.Rank);
        return own >= 0 && constant.Shape[own] == channels && constant.Shape.UnitSize == channels ? constant.Floats : null;
    }
}
