using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Exporting.Onnx.Emitters;

/// <summary>
/// Recurrent layers over whole sequences as ONNX's LSTM, GRU and RNN. Ours begin after the product of all steps with the input's kernel, ONNX's include it: it is taken
/// back from the graph where it stands there as layers write it, else ONNX's kernel is the unit matrix.
/// </summary>
/// <remarks>
/// A masked step of ours leaves the state as it is, wherever it stands; ONNX knows lengths only. So with a mask the real steps are moved to the front, the operator runs over
/// as many as each row has, and each step takes the state of the real step that was last before it.
/// </remarks>
internal abstract class RecurrentEmitter : OnnxEmitter
{
    private RecurrentOp Definition => (RecurrentOp)OpRegistry.Get(Operation);

    protected abstract string OnnxOperator { get; }

    /// <summary>For each gate in ONNX's order its place in ours.</summary>
    protected abstract int[] GateOrder { get; }

    public override IEnumerable<Tensor> Reads(Node node)
    {
        Projection projection = ProjectionOf(node);
        return [projection.X, .. new[] { projection.Kernel, projection.Bias }.OfType<Tensor>(), .. node.Inputs.Skip(1)];
    }

    public override OnnxValue?[] Emit(OnnxEmission emission, Node node)
    {
        OnnxGraph graph = emission.Graph;
        RecurrentInputs at = Definition.Inputs(node.Attributes);
        if (at.Dropout >= 0)
            throw OnnxEmission.CannotExpress(node, "drops part of its state, which only training does");
        Projection projection = ProjectionOf(node);
        OnnxValue x = emission.Get(projection.X);
        Shape sequence = node.Outputs[0].Shape;
        int rows = sequence[0], steps = sequence[1], units = sequence[2];
        if (!(x.Shape.Rank == 3 && x.Shape[0] == rows && x.Shape[1] == steps))
            x = graph.Reshape(x, new Shape(rows, steps, x.Shape.RowSize() / (x.Shape.Rank == 2 ? 1 : steps)));
        int features = x.Shape[2];
        bool backwards = node.Attributes.Get<bool>("go_backwards");
        MaskedSteps? masked = at.Mask < 0 ? null : MaskOf(emission, node.Inputs[at.Mask]);
        if (masked is not null)
            x = Pick(graph, x, masked.Order);

        int gates = GateOrder.Length;
        OnnxValue kernel = projection.Kernel is { } own ? emission.Get(own) : graph.Constant(Unit(gates * units), new Shape(gates * units, gates * units));
        List<OnnxValue?> inputs =
        [
            graph.Transpose(x, 1, 0, 2),
            Gates(graph, graph.Transpose(kernel, 1, 0), units, features),
            Gates(graph, graph.Transpose(emission.Input(node, RecurrentInputs.Kernel), 1, 0), units, units),
            Bias(graph, projection.Bias is { } bias ? emission.Get(bias) : null, at.Bias < 0 ? null : emission.Input(node, at.Bias), units),
            masked?.Lengths,
            First(at.State),
        ];
        if (Definition.HasCell)
            inputs.Add(First(at.Cell));
        while (inputs[^1] is null)
            inputs.RemoveAt(inputs.Count - 1);
        OnnxNode added = graph.AddNode(OnnxOperator, inputs, [("hidden_size", units), ("direction", backwards ? "reverse" : "forward"), .. Settings(node)]);
        OnnxValue y = graph.AddOutput(added, OnnxType.Float, new Shape(steps, 1, rows, units));
        OnnxValue[] last = [.. Enumerable.Range(0, Definition.HasCell ? 2 : 1).Select(_ => graph.AddOutput(added, OnnxType.Float, new Shape(1, rows, units)))];

        // One direction, which ONNX has an axis for.
        y = graph.Transpose(graph.Reshape(y, new Shape(steps, rows, units)), 1, 0, 2);
        last = [.. last.Select(l => graph.Reshape(l, new Shape(rows, units)))];
        if (masked is not null)
        {
            // Before the first real step (the last one, where steps are taken backwards) the state is still the first.
            OnnxValue zeros = graph.Constant(0);
            OnnxValue?[] first = [at.State < 0 ? null : emission.Input(node, at.State), at.Cell < 0 ? null : emission.Input(node, at.Cell)];
            StepSource from = backwards ? masked.Backwards : masked.Forwards;
            OnnxValue before = first[0] is { } state ? graph.Reshape(state, new Shape(rows, 1, units)) : zeros;
            y = graph.Add("Where", OnnxType.Float, sequence, [from.IsThere, Pick(graph, y, from.Step), before]);
            last = [.. last.Select((l, i) => graph.Add("Where", OnnxType.Float, l.Shape, [masked.IsAny, l, first[i] ?? zeros]))];
        }

        return [y, .. last, .. node.Outputs.Skip(1 + last.Length).Select(_ => (OnnxValue?)null)];

        // (rows, units) to (1, rows, units)
        OnnxValue? First(int index) => index < 0 ? null : graph.Reshape(emission.Input(node, index), new Shape(1, rows, units));
    }

    /// <summary>Attributes beside those that all have.</summary>
    protected virtual (string, object)[] Settings(Node node) => [];

    private static float[] Unit(int size)
    {
        float[] values = new float[checked(size * size)];
        for (int i = 0; i < size; i++)
            values[(i * size) + i] = 1;
        return values;
    }

    // A row for each gate and unit, (gates · units, columns), in ONNX's order of gates, with the axis for directions.
    private OnnxValue Gates(OnnxGraph graph, OnnxValue matrix, int units, int columns)
    {
        OnnxValue ordered = Ordered(graph, matrix, units);
        return graph.Reshape(ordered, new Shape(1, GateOrder.Length * units, columns));
    }

    private OnnxValue Ordered(OnnxGraph graph, OnnxValue x, int units)
    {
        if (GateOrder.SequenceEqual(Enumerable.Range(0, GateOrder.Length)))
            return x;
        OnnxValue[] parts = [.. GateOrder.Select(g => graph.Slice(x, 0, g * units, units))];
        return parts.All(p => p.IsConstant)
            ? graph.Constant([.. parts.SelectMany(p => p.Floats!)], x.Shape)
            : graph.Add("Concat", OnnxType.Float, x.Shape, parts, ("axis", 0));
    }

    // Both biases after one another, (1, 2 · gates · units).
    private OnnxValue? Bias(OnnxGraph graph, OnnxValue? input, OnnxValue? recurrent, int units)
    {
        if (input is null && recurrent is null)
            return null;
        int size = GateOrder.Length * units;
        OnnxValue zeros = graph.Constant(new float[size], new Shape(size));
        OnnxValue[] parts = [input is null ? zeros : Ordered(graph, input, units), recurrent is null ? zeros : Ordered(graph, recurrent, units)];
        return parts.All(p => p.IsConstant)
            ? graph.Constant([.. parts[0].Floats!, .. parts[1].Floats!], new Shape(1, 2 * size))
            : graph.Reshape(graph.Add("Concat", OnnxType.Float, new Shape(2 * size), parts, ("axis", 0)), new Shape(1, 2 * size));
    }

    // What a layer writes: reshape(reshape(x) · kernel + bias).
    private Projection ProjectionOf(Node node)
    {
        Tensor whole = node.Inputs[RecurrentInputs.Projection];
        if (whole.Node.Op.Name == "Reshape")
        {
            Tensor sum = whole.Node.Inputs[0], product = sum;
            Tensor? bias = null;
            if (sum.Node.Op.Name == "AddV2" && sum.Node.Inputs[1] is { Shape.Rank: 1 } added && OnnxEmission.IsStored(added))
                (product, bias) = (sum.Node.Inputs[0], added);
            if (product.Node is { Op.Name: "MatMul" } matMul && matMul.Inputs[0].Node is { Op.Name: "Reshape" } flat && flat.Inputs[0].Shape is { Rank: 3 } x
                && x[0] == whole.Shape[0] && x[1] == whole.Shape[1] && !matMul.Attributes.Get<bool>("transpose_a") && !matMul.Attributes.Get<bool>("transpose_b"))
                return new(flat.Inputs[0], matMul.Inputs[1], bias);
        }

        return new(whole, null, null);
    }

    // Elements of x (rows, steps, ...) by step, (rows, steps).
    private static OnnxValue Pick(OnnxGraph graph, OnnxValue x, OnnxValue step) =>
        graph.Add("GatherND", OnnxType.Float, x.Shape, [x, graph.Reshape(step, new Shape([.. step.Shape.Dims, 1]))], ("batch_dims", 1));

    private static MaskedSteps MaskOf(OnnxEmission emission, Tensor mask)
    {
        if (emission.Shared.TryGetValue((mask, nameof(MaskedSteps)), out object? known))
            return (MaskedSteps)known;
        OnnxGraph graph = emission.Graph;
        OnnxValue real = emission.Get(mask);
        int rows = mask.Shape[0], steps = mask.Shape[1];
        Shape all = mask.Shape, column = new(rows, 1), flags = new(rows, steps, 1);

        // The real steps in order, then the others: by keys that fall from step to step, those of real steps all above the others.
        OnnxValue keys = graph.Add("Where", OnnxType.Float, all, [real, Falling(2 * steps), Falling(steps)]);
        OnnxNode sort = graph.AddNode("TopK", [keys, graph.Longs(steps)], ("axis", 1), ("largest", 1), ("sorted", 1));
        graph.AddOutput(sort, OnnxType.Float, all);
        OnnxValue order = graph.AddOutput(sort, OnnxType.Int64, all);

        OnnxValue ones = graph.Cast(real, OnnxType.Int32), zero = graph.Constant([0], Shape.Scalar), one = graph.Constant([1], Shape.Scalar);
        OnnxValue count = graph.Add("ReduceSum", OnnxType.Int32, column, [ones], ("axes", (int[])[1]), ("keepdims", 1));
        OnnxValue isAny = graph.Binary("Greater", count, zero, OnnxType.Bool);

        // A row without real steps runs over one, and what comes of it is not used.
        OnnxValue lengths = graph.Binary("Max", count, one);
        OnnxValue soFar = graph.Add("CumSum", OnnxType.Int32, all, [ones, graph.Constant([1], Shape.Scalar)]);
        OnnxValue forwards = graph.Binary("Sub", soFar, one), backwards = graph.Binary("Sub", soFar, ones);
        MaskedSteps result = new(
            order,
            graph.Reshape(lengths, new Shape(rows)),
            isAny,
            new(graph.Cast(graph.Binary("Max", forwards, zero), OnnxType.Int64), graph.Reshape(graph.Binary("Greater", soFar, zero, OnnxType.Bool), flags)),
            new(graph.Cast(graph.Binary("Min", backwards, graph.Binary("Sub", lengths, one)), OnnxType.Int64), graph.Reshape(graph.Binary("Less", backwards, count, OnnxType.Bool), flags)));
        emission.Shared.Add((mask, nameof(MaskedSteps)), result);
        return result;

        OnnxValue Falling(int from) => graph.Constant([.. Enumerable.Range(0, steps).Select(i => (float)(from - i))], new Shape(1, steps));
    }

    private readonly record struct Projection(Tensor X, Tensor? Kernel, Tensor? Bias);

    // For each step which of the steps in the operator's output it takes, and whether there is one: (rows, steps) and (rows, steps, 1).
    private sealed record StepSource(OnnxValue Step, OnnxValue IsThere);

    private sealed record MaskedSteps(OnnxValue Order, OnnxValue Lengths, OnnxValue IsAny, StepSource Forwards, StepSource Backwards);
}

// Ours are i, f, c, o.
internal sealed class LstmEmitter : RecurrentEmitter
{
    public override string Operation => "LSTM";

    protected override string OnnxOperator => "LSTM";

    protected override int[] GateOrder => [0, 3, 1, 2];
}

internal sealed class GruEmitter : RecurrentEmitter
{
    public override string Operation => "GRU";

    protected override string OnnxOperator => "GRU";

    protected override int[] GateOrder => [0, 1, 2];

    protected override (string, object)[] Settings(Node node) => [("linear_before_reset", 1)];
}

internal sealed class SimpleRnnEmitter : RecurrentEmitter
{
    public override string Operation => "SimpleRNN";

    protected override string OnnxOperator => "RNN";

    protected override int[] GateOrder => [0];

    protected override (string, object)[] Settings(Node node) => [("activations", (string[])[node.Attributes.Get<string>("activation")])];
}
