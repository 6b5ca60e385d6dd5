namespace MLNetDeep.Graphs.Definitions;

/// <summary>Where a recurrent operation has its inputs; -1 for one that is not there.</summary>
internal readonly record struct RecurrentInputs(int Bias, int State, int Cell, int Mask, int Dropout, int Count)
{
    /// <summary>The input projection x·W + b of all steps, (batch, steps, gates · units).</summary>
    public const int Projection = 0;

    /// <summary>The recurrent kernel, (units, gates · units).</summary>
    public const int Kernel = 1;
}

/// <summary>
/// A recurrent layer over whole sequences, after the input projection, which is an ordinary product over all steps at once.
/// </summary>
/// <remarks>
/// <para>
/// Inputs: the projection (batch, steps, gates · units), the recurrent kernel (units, gates · units), for GRU where <c>has_bias</c> a recurrent bias (gates · units),
/// where <c>has_state</c> the first state (batch, units) and for LSTM the first cell (batch, units), else both are zeros; where <c>has_mask</c> the mask
/// Bool (batch, steps); where <c>has_dropout</c> factors (batch, units) that the state is multiplied by before each recurrent product.
/// Outputs: the state after each step (batch, steps, units), at the step's place whichever way the steps are taken; the last state (batch, units);
/// for LSTM the last cell; then what the gradient needs, which is 0 at masked steps: gates, and for LSTM the cells.
/// </para>
/// <para>
/// A masked step leaves the state as it is, and its output is that state. <c>go_backwards</c> takes the steps from the last to the first.
/// Where <c>truncate</c> is k &gt; 0, no gradient flows through the state from the steps k, 2k, ... (in the order taken) to the step before.
/// </para>
/// <para>
/// Order of the gates: LSTM i, f, c, o (Keras, PyTorch, TensorFlow's BlockLSTMV2; ONNX: i, o, f, c); GRU z, r, h (Keras, ONNX with linear_before_reset = 1;
/// PyTorch: r, z, n).
/// </para>
/// </remarks>
internal abstract class RecurrentOp : OpDefinition
{
    internal abstract int Gates { get; }

    internal abstract bool HasCell { get; }

    internal virtual bool TakesBias => false;

    /// <summary>Outputs before those that only the gradient needs.</summary>
    internal int Results => HasCell ? 3 : 2;

    internal RecurrentInputs Inputs(Attributes a)
    {
        int next = 2;
        int bias = TakesBias && a.Get<bool>("has_bias") ? next++ : -1;
        bool hasState = a.Get<bool>("has_state");
        int state = hasState ? next++ : -1, cell = hasState && HasCell ? next++ : -1;
        int mask = a.Get<bool>("has_mask") ? next++ : -1, dropout = a.Get<bool>("has_dropout") ? next++ : -1;
        return new(bias, state, cell, mask, dropout, next);
    }

    /// <summary>Shapes of what the gradient needs beside the states, after (batch, steps).</summary>
    protected abstract int[] Saved(int units);

    public sealed override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        attributes.Get<bool>("go_backwards");
        if (attributes.Get<int>("truncate") < 0)
            throw new ArgumentException($"{Name}: truncate is {attributes["truncate"]}, expected at least 0.", nameof(attributes));
        RecurrentInputs at = Inputs(attributes);
        RequireInputs(inputs, at.Count);
        Shape x = inputs[RecurrentInputs.Projection].Shape, kernel = inputs[RecurrentInputs.Kernel].Shape;
        if (x.Rank != 3 || x[0] > 0 || x[1] < 0 || kernel.Rank != 2 || kernel.IsBatched || kernel[1] != Gates * kernel[0] || x[2] != kernel[1])
            throw Misfit($"a projection (batch, steps, {Gates} · units) and a kernel (units, {Gates} · units)", inputs);
        int units = kernel[0];
        Shape state = new(x[0], units);
        Require(at.Bias, DType.Float32, new Shape(kernel[1]), "a recurrent bias");
        Require(at.State, DType.Float32, state, "a first state");
        Require(at.Cell, DType.Float32, state, "a first cell");
        Require(at.Mask, DType.Bool, new Shape(x[0], x[1]), "a mask");
        Require(at.Dropout, DType.Float32, state, "factors of the state");
        List<TensorSpec> outputs = [new(DType.Float32, new Shape(x[0], x[1], units)), new(DType.Float32, state)];
        if (HasCell)
            outputs.Add(new(DType.Float32, state));
        outputs.AddRange(Saved(units).Select(s => new TensorSpec(DType.Float32, new Shape(x[0], x[1], s))));
        return [.. outputs];

        void Require(int index, DType type, Shape shape, string what)
        {
            if (index >= 0 && inputs[index] != new TensorSpec(type, shape))
                throw Misfit($"{what} of {type} {shape}", inputs);
        }
    }

    public sealed override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        // Beyond the first derivative, what was saved is written out as a function of the inputs.
        if (gradients[Results..].Any(g => g is not null))
            return base.Gradient(node, gradients);
        int[] upstream = [.. Enumerable.Range(0, Results).Where(i => gradients[i] is not null)];
        Tensor[] found = Ops.Many(
            Name + "Grad",
            [.. node.Inputs, node.Outputs[0], .. node.Outputs.Skip(Results), .. upstream.Select(i => gradients[i]!)],
            new([.. node.Attributes.Select(a => (a.Key, a.Value)), ("upstream", upstream)]));
        Tensor?[] results = new Tensor?[node.Inputs.Count];
        foreach ((int input, Tensor gradient) in Differentiated(node.Attributes).Zip(found))
            results[input] = gradient;
        return results;
    }

    /// <summary>The inputs that have a gradient; mask and dropout have none.</summary>
    internal int[] Differentiated(Attributes attributes)
    {
        RecurrentInputs at = Inputs(attributes);
        return [.. new[] { RecurrentInputs.Projection, RecurrentInputs.Kernel, at.Bias, at.State, at.Cell }.Where(i => i >= 0)];
    }

    public override Tensor[] Expand(Node node) => Expand(node.Inputs, node.Attributes);

    internal Tensor[] Expand(IReadOnlyList<Tensor> inputs, Attributes attributes)
    {
        RecurrentInputs at = Inputs(attributes);
        Tensor projection = inputs[RecurrentInputs.Projection];
        int units = inputs[RecurrentInputs.Kernel].Shape[0];
        return Unrolled.Run(
            Cell(inputs, attributes),
            projection,
            [State(at.State), .. HasCell ? [State(at.Cell)] : Array.Empty<Tensor>()],
            at.Mask < 0 ? null : inputs[at.Mask],
            at.Dropout < 0 ? null : inputs[at.Dropout],
            attributes.Get<bool>("go_backwards"),
            attributes.Get<int>("truncate"));

        Tensor State(int index) => index < 0 ? Unrolled.Zeros(projection, units) : inputs[index];
    }

    /// <summary>One step in simple operations.</summary>
    protected abstract Unrolled.Cell Cell(IReadOnlyList<Tensor> inputs, Attributes attributes);
}

// h, c = sigmoid(o) · tanh(c), sigmoid(f) · c + sigmoid(i) · tanh(g) with i, f, g, o = projection + h · kernel (Hochreiter and Schmidhuber 1997; Gers et al. 2000).
// Saved: i, f, g, o after their functions, and the cells.
internal sealed class LstmOp : RecurrentOp
{
    public override string Name => "LSTM";

    internal override int Gates => 4;

    internal override bool HasCell => true;

    protected override int[] Saved(int units) => [4 * units, units];

    protected override Unrolled.Cell Cell(IReadOnlyList<Tensor> inputs, Attributes attributes) =>
        Unrolled.Lstm(inputs[RecurrentInputs.Kernel], Ops.Tanh, Ops.Sigmoid);
}

// With a = projection, b = h · kernel + bias: z = sigmoid(az + bz), r = sigmoid(ar + br), n = tanh(an + r · bn), h = z · h + (1 - z) · n
// (Cho et al. 2014, with the reset gate after the product, as cuDNN, PyTorch and Keras's reset_after). Saved: z, r, n and bn.
internal sealed class GruOp : RecurrentOp
{
    public override string Name => "GRU";

    internal override int Gates => 3;

    internal override bool HasCell => false;

    internal override bool TakesBias => true;

    protected override int[] Saved(int units) => [4 * units];

    protected override Unrolled.Cell Cell(IReadOnlyList<Tensor> inputs, Attributes attributes)
    {
        int bias = Inputs(attributes).Bias;
        return Unrolled.GruResetAfter(inputs[RecurrentInputs.Kernel], bias < 0 ? null : inputs[bias], Ops.Tanh, Ops.Sigmoid);
    }
}

// h = activation(projection + h · kernel), the activation Tanh or Relu (Elman 1990).
internal sealed class SimpleRnnOp : RecurrentOp
{
    public override string Name => "SimpleRNN";

    internal override int Gates => 1;

    internal override bool HasCell => false;

    protected override int[] Saved(int units) => [];

    protected override Unrolled.Cell Cell(IReadOnlyList<Tensor> inputs, Attributes attributes) => Unrolled.Simple(inputs[RecurrentInputs.Kernel], attributes.Get<string>("activation") switch
    {
        "Tanh" => Ops.Tanh,
        "Relu" => Ops.Relu,
        var other => throw new ArgumentException($"SimpleRNN: activation is '{other}', expected Tanh or Relu.", nameof(attributes)),
    });
}

/// <summary>
/// The gradient of a recurrent operation. Inputs: those of the operation, the states and what else it saved, and the gradients that flow into those of its results
/// that the attribute <c>upstream</c> lists. Outputs: the gradients by projection, kernel, bias, first state and first cell, of those that there are.
/// </summary>
internal abstract class RecurrentGradOp : OpDefinition
{
    internal RecurrentOp Forward => (RecurrentOp)OpRegistry.Get(Name[..^"Grad".Length]);

    // The projection's values went into the gates.
    public override bool IsShapeOnly(int index) => index == RecurrentInputs.Projection;

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(attributes);
        int count = Forward.Inputs(attributes).Count;
        TensorSpec[] results = Forward.Infer([.. inputs.Take(count)], attributes);
        TensorSpec[] expected = [results[0], .. results[Forward.Results..], .. attributes.Get<int[]>("upstream").Select(i => results[i])];
        if (!inputs.Skip(count).SequenceEqual(expected))
            throw Misfit($"the operation's inputs and {string.Join(" and ", expected)}", inputs);
        return [.. Forward.Differentiated(attributes).Select(i => inputs[i])];
    }

    public override Tensor[] Expand(Node node)
    {
        Attributes attributes = node.Attributes;

        // Through identities, for the case that one tensor is several of the inputs: each has its own gradient.
        Tensor[] inputs = [.. node.Inputs.Take(Forward.Inputs(attributes).Count).Select(i => i.Graph.Add("Identity", [i]).Outputs[0])];
        int[] upstream = attributes.Get<int[]>("upstream");
        Tensor[] results = Forward.Expand(inputs, attributes);
        Tensor[] by = [.. Forward.Differentiated(attributes).Select(i => inputs[i])];
        Tensor?[] found = Gradients.Compute([.. upstream.Select(i => results[i])], by, [.. node.Inputs.TakeLast(upstream.Length)]);
        return [.. found.Zip(by, (gradient, input) => gradient ?? Ops.BroadcastLike(Ops.Like(input, 0), input))];
    }
}

internal sealed class LstmGradOp : RecurrentGradOp
{
    public override string Name => "LSTMGrad";
}

internal sealed class GruGradOp : RecurrentGradOp
{
    public override string Name => "GRUGrad";
}

internal sealed class SimpleRnnGradOp : RecurrentGradOp
{
    public override string Name => "SimpleRNNGrad";
}
