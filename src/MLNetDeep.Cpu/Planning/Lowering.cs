using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Cpu.Planning;

/// <summary>
/// Operations that run better as several: what is elementwise in them then joins the elementwise operations around them
/// in one pass over memory.
/// </summary>
internal static class Lowering
{
    private static readonly Dictionary<string, Func<Importer, Attributes, Operand[], Operand[]>> Table = new()
    {
        ["BatchNorm"] = BatchNorm,
        ["BatchNormGrad"] = BatchNormGrad,
        ["LSTM"] = (graph, attributes, inputs) => Recurrent(graph, "LSTM", attributes, inputs),
        ["LSTMGrad"] = (graph, attributes, inputs) => Recurrent(graph, "LSTMGrad", attributes, inputs),
        ["GRU"] = (graph, attributes, inputs) => Recurrent(graph, "GRU", attributes, inputs),
        ["GRUGrad"] = (graph, attributes, inputs) => Recurrent(graph, "GRUGrad", attributes, inputs),
        ["SimpleRNN"] = (graph, attributes, inputs) => Recurrent(graph, "SimpleRNN", attributes, inputs),
        ["SimpleRNNGrad"] = (graph, attributes, inputs) => Recurrent(graph, "SimpleRNNGrad", attributes, inputs),
    };

    /// <summary>What to do in place of an operation: from its attributes and inputs to its outputs; null to leave it.</summary>
    public static Func<Importer, Attributes, Operand[], Operand[]>? Of(string op) => Table.GetValueOrDefault(op);

    // (x, gamma, beta): the statistics are a kernel, (x - mean) * (gamma * rstd) + beta is elementwise.
    private static Operand[] BatchNorm(Importer graph, Attributes attributes, Operand[] inputs)
    {
        Operand x = inputs[0];
        TensorSpec channels = new(DType.Float32, inputs[1].Shape);
        Operand[] statistics = graph.Kernel("BatchNormStatistics", Attributes.None, [channels, channels], x);
        Operand scale = graph.Elementwise("Mul", inputs[1], Rstd(graph, attributes, statistics[1]));
        Operand centered = graph.Elementwise("Sub", x, statistics[0]);
        return [graph.Elementwise("AddV2", graph.Elementwise("Mul", centered, scale), inputs[2]), .. statistics];
    }

    // (dy, x, gamma, mean, variance): dgamma and dbeta are sums, and
    // dx = gamma * rstd * (dy - dbeta / n - (x - mean) * rstd * dgamma / n) is elementwise.
    private static Operand[] BatchNormGrad(Importer graph, Attributes attributes, Operand[] inputs)
    {
        Operand dy = inputs[0], x = inputs[1], mean = inputs[3];
        TensorSpec channels = new(DType.Float32, inputs[2].Shape);
        Operand[] sums = graph.Kernel("BatchNormSums", attributes, [channels, channels], dy, x, mean, inputs[4]);
        Operand count = graph.Kernel("ElementCount", new(("axes", Enumerable.Range(0, x.Shape.Rank - 1).ToArray())), [new(DType.Float32, Shape.Scalar)], x)[0];
        Operand rstd = Rstd(graph, attributes, inputs[4]);
        Operand meanDy = graph.Elementwise("RealDiv", sums[1], count);
        Operand slope = graph.Elementwise("Mul", rstd, graph.Elementwise("RealDiv", sums[0], count));

        // mean - x and not x - mean: that the forward pass has, and it would be kept until now where working it out again costs nothing.
        Operand inner = graph.Elementwise("AddV2", graph.Elementwise("Sub", dy, meanDy), graph.Elementwise("Mul", graph.Elementwise("Sub", mean, x), slope));
        return [graph.Elementwise("Mul", inner, graph.Elementwise("Mul", inputs[2], rstd)), .. sums];
    }

    // The recurrent kernel is packed by a step of its own, which depends on nothing else.
    private static Operand[] Recurrent(Importer graph, string op, Attributes attributes, Operand[] inputs)
    {
        bool isGradient = op.EndsWith("Grad", StringComparison.Ordinal);
        TensorSpec[] outputs = OpRegistry.Get(op).Infer([.. inputs.Select(Spec)], attributes);
        Operand kernel = inputs[RecurrentInputs.Kernel];
        int units = kernel.Shape[0], width = kernel.Shape[1];
        long size = isGradient ? PanelProduct.PackedSize(width, units) : PanelProduct.PackedSize(units, width);
        Operand packed = graph.Kernel("RecurrentPanels", new(("transposed", isGradient)), [new(DType.Float32, new Shape(checked((int)size)))], kernel)[0];

        // Each activation is a kernel of its own.
        if (attributes.TryGet("activation", out string? activation))
            op = isGradient ? $"{op[..^"Grad".Length]}{activation}Grad" : op + activation;
        return graph.Kernel(op, attributes, outputs, [.. inputs, packed]);

        static TensorSpec Spec(Operand operand) => new(operand.Value.DType, operand.Shape);
    }

    private static Operand Rstd(Importer graph, Attributes attributes, Operand variance) =>
        graph.Elementwise("Rsqrt", graph.Elementwise("AddV2", variance, graph.Number(attributes.Get<float>("epsilon"))));
}
