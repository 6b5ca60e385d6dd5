using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Operations;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>
/// Takes over the part of a graph that some fetches and targets need, simplified: equal computations once, views
/// (reshapes, identities) as other readings of the same value, broadcasts left to the elementwise loops that read them,
/// and scales of channels made part of the weights before them (<see cref="ScaleFolding"/>).
/// </summary>
internal sealed class Importer
{
    private readonly Dictionary<Tensor, Operand> _operands = [];
    private readonly Dictionary<Key, Value[]> _known = [];
    private readonly List<PlanNode> _nodes = [];
    private readonly List<Value> _values = [];
    private readonly List<(Value Variable, Value Value)> _assigns = [];
    private readonly HashSet<Tensor> _assigned;
    private readonly HashSet<Node> _taken = [];
    private Dictionary<Node, ScaleFolding.Fold> _folds = [];
    private readonly Dictionary<Value, bool> _fromWeights = [];
    private readonly bool _measure;
    private string _name = "";

    // Stands for what is not read.
    private static Value ShapeOnly { get; } = new(-1, Storage.Constant, DType.Float32, 1, false);

    /// <summary>Floats of a convolution's weights made ready for it, at most: they are kept beside the weights.</summary>
    private const long PackedMost = 1 << 22;

    private Importer(IReadOnlyList<Node> targets, bool measure)
    {
        _assigned = [.. targets.Where(IsAssign).Select(t => t.Inputs[0])];
        _measure = measure;
    }

    public IReadOnlyList<PlanNode> Nodes => _nodes;

    public IReadOnlyList<Value> Values => _values;

    /// <summary>Which variable takes which value at the end of a run.</summary>
    public IReadOnlyList<(Value Variable, Value Value)> Assigns => _assigns;

    public IReadOnlyList<Operand> Fetches { get; private set; } = [];

    public static Importer Import(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node> targets, bool measure = false)
    {
        Importer importer = new(targets, measure);
        List<Node> nodes = Reachable(fetches, targets);
        importer._folds = ScaleFolding.Find(nodes, fetches);
        foreach (Node node in nodes)
            importer.TakeOnce(node);

        List<Operand> results = [];
        foreach (Tensor fetch in fetches)
        {
            importer._name = fetch.Node.Name;
            Operand operand = importer.Materialize(importer._operands[fetch]);

            // A variable that the run changes is fetched as it was before.
            if (operand.Value.Storage == Storage.Variable && importer._assigned.Contains(operand.Value.Source!.Outputs[0]))
                operand = operand with { Value = importer.Copy(operand.Value) };
            results.Add(operand);
        }

        importer.Fetches = results;
        return importer;
    }

    private static bool IsAssign(Node node) => node.Op.Name == "Assign";

    private static List<Node> Reachable(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node> targets)
    {
        HashSet<Node> reached = [];
        Stack<Node> open = new(fetches.Select(f => f.Node).Concat(targets));
        while (open.TryPop(out Node? node))
        {
            if (!reached.Add(node))
                continue;
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (!node.Op.IsShapeOnly(i))
                    open.Push(node.Inputs[i].Node);
            }
        }

        return [.. reached.OrderBy(n => n.Id)];
    }

    private void TakeOnce(Node node)
    {
        if (!_taken.Add(node))
            return;
        if (_folds.TryGetValue(node, out ScaleFolding.Fold? fold))
        {
            TakeFolded(node, fold);
            return;
        }

        _name = node.Name;
        Take(node);
    }

    // The product with scaled weights, and one bias for all that is added.
    private void TakeFolded(Node product, ScaleFolding.Fold fold)
    {
        foreach (Tensor row in fold.Rows)
            TakeAhead(row.Node);
        _name = product.Name;
        Shape channels = new(product.Outputs[0].Shape[^1]), shape = fold.Last.Outputs[0].Shape;
        Operand scale = Row(fold.Scale);
        Operand weights = Elementwise("Mul", Materialize(_operands[product.Inputs[1]]), scale, product.Inputs[1].Shape);
        Operand? bias = fold.Bias is null ? null : Elementwise("Mul", Row(fold.Bias), scale, channels);
        if (fold.Shift is not null)
            bias = bias is { } scaled ? Elementwise("AddV2", scaled, Row(fold.Shift), channels) : Row(fold.Shift);
        Operand[] inputs = WithPackedWeights(product.Op.Name, product.Attributes, product.Outputs[0].Shape, [Materialize(_operands[product.Inputs[0]]), weights]);
        Value value = Emit(product.Op.Name, product.Attributes, inputs, [product.Outputs[0].Spec], null, default)[0];
        Operand result = new(value, shape);
        _operands[fold.Last.Outputs[0]] = bias is { } added ? Elementwise("AddV2", result, added, shape) : result;
        _taken.Add(fold.Last);
        _taken.UnionWith(fold.Inner);

        Operand Row(Tensor tensor) => Materialize(_operands[tensor]) with { Shape = channels };
    }

    // A node and what it needs, before their turn.
    private void TakeAhead(Node node)
    {
        HashSet<Node> needed = [];
        Stack<Node> open = new([node]);
        while (open.TryPop(out Node? next))
        {
            if (_taken.Contains(next) || !needed.Add(next))
                continue;
            for (int i = 0; i < next.Inputs.Count; i++)
            {
                if (!next.Op.IsShapeOnly(i))
                    open.Push(next.Inputs[i].Node);
            }
        }

        foreach (Node next in needed.OrderBy(n => n.Id))
            TakeOnce(next);
    }

    private Operand Elementwise(string op, Operand a, Operand b, Shape shape)
    {
        Operand[] inputs = [a, b];
        Inner inner = FitLoop(inputs, shape);
        return new(Emit(op, Attributes.None, inputs, [new(DType.Float32, shape)], (ElementwiseOp)OpRegistry.Get(op), inner)[0], shape);
    }

    private void Take(Node node)
    {
        switch (node.Op.Name)
        {
            case "Placeholder":
                Define(node, NewValue(Storage.Feed, node.Outputs[0].Spec, node));
                return;
            case "Variable":
                Define(node, VariableOf(node));
                return;
            case "Const":
                Define(node, ConstantOf(node.Attributes, node.Outputs[0].Spec));
                return;
            case "Identity" or "StopGradient":
                _operands[node.Outputs[0]] = _operands[node.Inputs[0]];
                return;
            case "Reshape":
                _operands[node.Outputs[0]] = Reshape(_operands[node.Inputs[0]], node.Outputs[0].Shape);
                return;
            case "BroadcastLike":
                Operand source = _operands[node.Inputs[0]];
                _operands[node.Outputs[0]] = source with { Stretched = node.Outputs[0].Shape };
                return;
            case "Assign":
                TakeAssign(node);
                return;
        }

        Operand[] inputs = new Operand[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            // Of an input that serves for its shape nothing is read; the reading node's own shapes tell it.
            inputs[i] = node.Op.IsShapeOnly(i) ? new(ShapeOnly, node.Inputs[i].Shape) : _operands[node.Inputs[i]];
        }

        if (node.Op is ElementwiseOp elementwise)
        {
            _operands[node.Outputs[0]] = Elementwise(elementwise, node.Attributes, node.Outputs[0].Spec, inputs);
            return;
        }

        inputs = [.. inputs.Select(i => i.Value == ShapeOnly ? i : Materialize(i))];
        inputs = WithPackedWeights(node.Op.Name, node.Attributes, node.Outputs[0].Shape, inputs);
        Operand[] outputs = Lowering.Of(node.Op.Name) is { } lower
            ? lower(this, node.Attributes, inputs)
            : Kernel(node.Op.Name, node.Attributes, [.. node.Outputs.Select(o => o.Spec)], inputs);
        for (int i = 0; i < outputs.Length; i++)
            _operands[node.Outputs[i]] = outputs[i];
    }

    // Weights that the run does not change are brought into the order that products read them in only once.
    private Operand[] WithPackedWeights(string op, Attributes attributes, Shape output, Operand[] inputs) => op switch
    {
        "MatMul" when inputs[0].Value.IsBatched && IsFromWeights(inputs[1].Value) && !attributes.Get<bool>("transpose_a") => WithPackedMatrix(attributes, inputs),
        "Conv2D" when inputs[0].Value.IsBatched && IsFromWeights(inputs[1].Value) =>
            WithPackedTaps(ConvPass.Forward, ConvolutionStep.ShapeOf(attributes, inputs[0].Shape, inputs[1].Shape, output), inputs[1], inputs),
        "Conv2DBackpropInput" when inputs[1].Value.IsBatched && IsFromWeights(inputs[0].Value) =>
            WithPackedTaps(ConvPass.BackwardInput, ConvolutionStep.ShapeOf(attributes, output, inputs[0].Shape, inputs[1].Shape), inputs[0], inputs),
        _ => inputs,
    };

    private Operand[] WithPackedMatrix(Attributes attributes, Operand[] inputs)
    {
        Operand weights = inputs[1];
        bool transposed = attributes.Get<bool>("transpose_b");
        long size = Gemm.PackedWeightsSize(weights.Shape[transposed ? 0 : 1], weights.Shape[transposed ? 1 : 0]);
        return size == 0 ? inputs : [.. inputs, Kernel("PackWeights", new(("transpose_b", transposed)), [new(DType.Float32, new Shape((int)size))], weights)[0]];
    }

    private Operand[] WithPackedTaps(ConvPass pass, ConvShape shape, Operand weights, Operand[] inputs)
    {
        // Where the way is yet to be found there is room for any.
        long size = _measure ? Convolution.Ways(shape, pass).Max(way => Convolution.PackedSize(shape, pass, way)) : Convolution.PackedSize(shape, pass, Convolution.Choose(shape, pass, Scores));
        if (size is 0 or > PackedMost)
            return inputs;
        Attributes attributes = new(("backward", pass == ConvPass.BackwardInput), ("shape", PackConvolutionWeights.ToNumbers(shape)));
        return [.. inputs, Kernel("PackConvolutionWeights", attributes, [new(DType.Float32, new Shape((int)size))], weights)[0]];
    }

    private bool Scores => _assigned.Count == 0;

    // Whether a value follows from variables that the run does not change.
    private bool IsFromWeights(Value value)
    {
        if (value.Storage != Storage.Temporary)
            return value.Storage == Storage.Variable && !_assigned.Contains(value.Source!.Outputs[0]);
        if (!_fromWeights.TryGetValue(value, out bool known))
            _fromWeights.Add(value, known = !value.IsBatched && value.Producer!.Inputs.Length > 0 && value.Producer.Inputs.All(i => i.Value.Storage == Storage.Constant || IsFromWeights(i.Value)));
        return known;
    }

    /// <summary>Adds an operation that a kernel computes.</summary>
    internal Operand[] Kernel(string op, Attributes attributes, TensorSpec[] outputs, params Operand[] inputs) =>
        [.. Emit(op, attributes, inputs, outputs, null, default).Zip(outputs, (value, spec) => new Operand(value, spec.Shape))];

    /// <summary>Adds an elementwise operation on numbers.</summary>
    internal Operand Elementwise(string op, params Operand[] inputs)
    {
        Shape shape = inputs.Select(i => i.Stretched ?? i.Shape).Aggregate((a, b) => Shape.Broadcast(a, b)!);
        return Elementwise((ElementwiseOp)OpRegistry.Get(op), Attributes.None, new(DType.Float32, shape), [.. inputs]);
    }

    /// <summary>A number.</summary>
    internal Operand Number(float number) => new(ConstantOf(new(("value", new[] { number }), ("shape", Shape.Scalar)), new(DType.Float32, Shape.Scalar)), Shape.Scalar);

    private Operand Elementwise(ElementwiseOp op, Attributes attributes, TensorSpec output, Operand[] inputs)
    {
        Inner inner = FitLoop(inputs, output.Shape);
        return new(Emit(op.Name, attributes, inputs, [output], op, inner)[0], output.Shape);
    }

    private Value ConstantOf(Attributes attributes, TensorSpec spec)
    {
        Key key = new("Const", attributes, []);
        if (!_known.TryGetValue(key, out Value[]? known))
            _known.Add(key, known = [NewValue(Storage.Constant, spec, data: (Array)attributes["value"].Value)]);
        return known[0];
    }

    private void Define(Node node, Value value) => _operands[node.Outputs[0]] = new(value, node.Outputs[0].Shape);

    private Value VariableOf(Node node)
    {
        if (_operands.TryGetValue(node.Outputs[0], out Operand known))
            return known.Value;
        Value value = NewValue(Storage.Variable, node.Outputs[0].Spec, node);
        Define(node, value);
        return value;
    }

    private void TakeAssign(Node node)
    {
        Operand value = Materialize(_operands[node.Inputs[1]]);
        Value variable = VariableOf(node.Inputs[0].Node);

        // What no elementwise loop makes is copied by one, which can write to the variable itself.
        Value made = value.Value.Producer is { IsElementwise: true } ? value.Value : Copy(value.Value);
        _assigns.Add((variable, made));
    }

    // Chooses one loop nest for an elementwise operation and stretches the inputs that it cannot read.
    private Inner FitLoop(Operand[] inputs, Shape output)
    {
        // A broadcast that the operation would do anyhow need not be done beforehand; one input at least keeps the full shape.
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Stretched is null)
                continue;
            Shape? without = inputs[i].Shape;
            for (int j = 0; j < inputs.Length && without is not null; j++)
            {
                if (j != i)
                    without = Shape.Broadcast(without, inputs[j].Stretched ?? inputs[j].Shape);
            }

            inputs[i] = without is not null && without.Equals(output) ? inputs[i] with { Stretched = null } : Materialize(inputs[i]);
        }

        Inner inner = default;
        for (int i = 0; i < inputs.Length; i++)
        {
            (Access access, Inner rows) = Inner.Of(inputs[i].Shape, output);
            if (access is Access.Row or Access.Column or Access.Block && inner.IsFlat)
                inner = rows;
            if (access == Access.Other || !rows.IsFlat && rows != inner)
                inputs[i] = Materialize(inputs[i] with { Stretched = output });
        }

        return inner;
    }

    private Operand Reshape(Operand operand, Shape shape)
    {
        // One number stretched to any shape is still one number.
        if (operand.Stretched is not null && operand.Value.UnitSize == 1 && !operand.Value.IsBatched)
            return operand with { Shape = Shape.Scalar, Stretched = shape };
        return Materialize(operand) with { Shape = shape };
    }

    private Operand Materialize(Operand operand)
    {
        if (operand.Stretched is not { } shape)
            return operand;
        if (operand.Shape.UnitSize == shape.UnitSize && operand.Shape.IsBatched == shape.IsBatched)
            return new(operand.Value, shape);
        Value[] stretched = Emit("BroadcastTo", Attributes.None, [operand with { Stretched = null }], [new(operand.Value.DType, shape)], null, default);
        return new(stretched[0], shape);
    }

    private Value Copy(Value value)
    {
        Shape flat = value.IsBatched ? new(-value.UnitSize) : new(value.UnitSize);
        return Emit("Copy", Attributes.None, [new(value, flat)], [new(value.DType, flat)], CopyOp.Instance, default, unique: true)[0];
    }

    private Value[] Emit(string op, Attributes attributes, Operand[] inputs, TensorSpec[] outputs, ElementwiseOp? elementwise, Inner inner, bool unique = false)
    {
        // Nodes that draw their shapes from an input they do not read differ by those.
        Key key = new(op, attributes, [.. inputs.Select(i => (i.Value.Id, i.Shape)), .. outputs.Select(o => (-2, o.Shape))]);
        if (!unique && _known.TryGetValue(key, out Value[]? known))
            return known;
        PlanNode node = new(_nodes.Count, op, attributes, inputs, [.. outputs.Select(o => o.Shape)]) { Name = _name, Elementwise = elementwise, Inner = inner, Scores = Scores };
        node.Outputs = [.. outputs.Select(o => NewValue(Storage.Temporary, o))];
        foreach (Value output in node.Outputs)
            output.Producer = node;
        _nodes.Add(node);
        if (!unique)
            _known.Add(key, node.Outputs);
        return node.Outputs;
    }

    private Value NewValue(Storage storage, TensorSpec spec, Node? source = null, Array? data = null)
    {
        Value value = new(_values.Count, storage, spec.DType, spec.Shape.UnitSize, spec.Shape.IsBatched) { Source = source, Constant = data };
        _values.Add(value);
        return value;
    }

    /// <summary>What makes two computations equal.</summary>
    private sealed record Key(string Op, Attributes Attributes, (int Value, Shape Shape)[] Views)
    {
        public bool Equals(Key? other) => other is not null && Op == other.Op && Attributes.Equals(other.Attributes) && Views.AsSpan().SequenceEqual(other.Views);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add(Op);
            hash.Add(Attributes);
            foreach (var view in Views)
                hash.Add(view);
            return hash.ToHashCode();
        }
    }

    /// <summary>Not an operation of graphs: moves a value to a place of its own.</summary>
    private sealed class CopyOp : ElementwiseOp
    {
        public static CopyOp Instance { get; } = new();

        public override string Name => "Copy";

        public override int Arity => 1;
    }
}
