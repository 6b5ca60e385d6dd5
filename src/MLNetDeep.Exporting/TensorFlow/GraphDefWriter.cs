using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>
/// Writes graphs, with gradients and updates where a program asks for them, as TensorFlow GraphDefs.
/// </summary>
/// <remarks>
/// <para>
/// Only standard operations are used, all of them since TensorFlow 2.4, with layouts as they are here (NHWC). An operation without an emitter is written as the
/// simpler ones it stands for (<see cref="OpDefinition.Expand"/>): recurrent layers step by step, attention and normalisation as products and sums. The batch size is
/// unknown: one graph serves batches of any size.
/// </para>
/// <para>
/// Variables are resource variables, read once a run; each assignment waits for that read, so that all of a run sees the values from before its updates.
/// Random numbers are the CPU engine's bits: both count with Philox, so that dropout and noise are the same for the same seed and step.
/// </para>
/// </remarks>
public sealed class GraphDefWriter
{
    private readonly Graph _graph;
    private readonly GraphDefOptions _options;
    private readonly GraphDefBuilder _builder;
    private readonly Dictionary<Tensor, Value> _tensors = [];
    private readonly Dictionary<Tensor, Value> _fed = [];
    private readonly Dictionary<Node, string> _assigns = [];
    private readonly Dictionary<Node, string> _names = [];
    private readonly Dictionary<Tensor, (string Handle, string Read)> _variables = [];
    private readonly List<GraphDefVariable> _described = [];
    private readonly Tensor? _batchSource;
    private string? _batchFeed;

    private GraphDefWriter(Graph graph, GraphDefOptions options, Tensor? batchSource)
    {
        _graph = graph;
        _options = options;
        _batchSource = batchSource;
        _builder = new() { FindBatch = FindBatch };
    }

    /// <summary>Writes what some programs need of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="programs">The uses, with different names.</param>
    /// <param name="options">Names, values, and whether variables become constants; null for the defaults.</param>
    /// <exception cref="ArgumentException">A program is of another graph, or two have one name, or <see cref="GraphDefOptions.Freeze"/> is asked for with targets.</exception>
    /// <exception cref="NotSupportedException">TensorFlow cannot express an operation; the message names the layer.</exception>
    public static GraphDefFile Write(Graph graph, IReadOnlyList<GraphDefProgram> programs, GraphDefOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(programs);
        options ??= new();
        foreach (GraphDefProgram program in programs)
        {
            if (program.Fetches.Select(f => f.Node).Concat(program.Targets ?? []).FirstOrDefault(n => n.Graph != graph) is { } stranger)
                throw new ArgumentException($"'{stranger.Name}' of program '{program.Name}' belongs to another graph.", nameof(programs));
            if (options.Freeze && program.Targets is { Count: > 0 })
                throw new ArgumentException($"Program '{program.Name}' changes variables, and Freeze makes them constants; leave out its targets.", nameof(programs));
        }

        if (programs.GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two programs are called '{twice.Key}'.", nameof(programs));

        // What tells the batch size must be fed in every program.
        Dictionary<string, IReadOnlyList<Tensor>> feeds = programs.ToDictionary(
            p => p.Name, p => (IReadOnlyList<Tensor>)[.. Reachable(p.Fetches, p.Targets ?? []).Where(n => n.Op.Name == "Placeholder").Select(n => n.Outputs[0])], StringComparer.Ordinal);
        Tensor? batchSource = feeds.Values.FirstOrDefault()?.FirstOrDefault(f => f.Shape.IsBatched && feeds.Values.All(all => all.Contains(f)));
        GraphDefWriter writer = new(graph, options, batchSource);
        return writer.Write(programs, feeds);
    }

    internal static NotSupportedException CannotExpress(Node node, string why) => new(
        $"TensorFlow cannot express '{node.Name}' (operation {node.Op.Name}{(node.Name.LastIndexOf('/') is > 0 and var end ? $" of layer '{node.Name[..end]}'" : "")}): {why}");

    // What fetches and targets need, in the order of the graph. Inputs that serve for their shape alone are not needed where an emitter knows it.
    private static List<Node> Reachable(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node> targets)
    {
        HashSet<Node> reached = [];
        Stack<Node> open = new(fetches.Select(f => f.Node).Concat(targets));
        while (open.TryPop(out Node? node))
        {
            if (!reached.Add(node))
                continue;
            bool all = node.Op.Name == "Assign" || EmitterTable.Of(node.Op.Name) is null;
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (all || !node.Op.IsShapeOnly(i))
                    open.Push(node.Inputs[i].Node);
            }
        }

        return [.. reached.OrderBy(n => n.Id)];
    }

    private GraphDefFile Write(IReadOnlyList<GraphDefProgram> programs, Dictionary<string, IReadOnlyList<Tensor>> feeds)
    {
        List<Node> nodes = Reachable([.. programs.SelectMany(p => p.Fetches)], [.. programs.SelectMany(p => p.Targets ?? [])]);

        // Names that people look for are given first: what the caller asks for, then variables and placeholders.
        List<(string Name, Tensor Tensor, string Taken)> wanted = [];
        foreach ((string name, Tensor tensor) in _options.Names)
        {
            wanted.Add((name, tensor, _builder.Take(name)));
            if (tensor.Node.Op.Name == "Placeholder")
                _names.TryAdd(tensor.Node, wanted[^1].Taken);
        }

        foreach (Node node in nodes.Where(n => n.Op.Name is "Variable" or "Placeholder" && !_names.ContainsKey(n)))
            _names.Add(node, _builder.Take(node.Name));
        Dictionary<string, string?> groups = programs.ToDictionary(p => p.Name, p => p.Targets is { Count: > 0 } ? _builder.Take(p.Name) : null);
        string? init = !_options.Freeze && _options.InitialValues && nodes.Any(n => n.Op.Name == "Variable") ? _builder.Take("init") : null;

        foreach (Node node in nodes)
            Emit(node);
        Dictionary<string, string> named = new(StringComparer.Ordinal);
        foreach ((string name, Tensor tensor, string taken) in wanted)
        {
            if (!_tensors.TryGetValue(tensor, out Value value))
                continue;
            if (_options.Keys.Contains(tensor))
                EmitKeys(taken, value);
            else if (tensor.Node.Op.Name != "Placeholder" || _names[tensor.Node] != taken)
                _builder.AddTaken("Identity", taken, [value], [("T", value.Type)]);
            named.Add(name, taken + ":0");
        }

        Dictionary<string, string> targets = new(StringComparer.Ordinal);
        foreach (GraphDefProgram program in programs)
        {
            if (groups[program.Name] is { } name)
            {
                _builder.AddTaken("NoOp", name, [], [], [.. program.Targets!.Select(t => _assigns[t]).Distinct()]);
                targets.Add(program.Name, name);
            }
        }

        if (init is not null)
            _builder.AddTaken("NoOp", init, [], [], [.. _described.Select(v => v.Initialize).OfType<string>()]);
        foreach ((Tensor placeholder, Value value) in _fed)
            _tensors[placeholder] = value;
        return new(_builder.Definition, _tensors, _assigns, targets, feeds) { Init = init, BatchSize = _batchFeed, Named = named, Variables = _described };
    }

    private void Emit(Node node)
    {
        switch (node.Op.Name)
        {
            case "Placeholder":
                EmitPlaceholder(node);
                break;
            case "Variable":
                EmitVariable(node);
                break;
            case "Assign":
                (string handle, string read) = _variables[node.Inputs[0]];
                Value value = _tensors[node.Inputs[1]];
                _assigns.Add(node, Assign(_builder.Take(node.Name), handle, value, read));
                break;
            default:
                Value?[] inputs = [.. node.Inputs.Select(i => _tensors.TryGetValue(i, out Value known) ? known : (Value?)null)];
                Value[] outputs = EmitOperation(node, node.Name, inputs);
                for (int i = 0; i < outputs.Length; i++)
                    _tensors.Add(node.Outputs[i], outputs[i]);
                break;
        }
    }

    private Value[] EmitOperation(Node node, string name, Value?[] inputs)
    {
        if (EmitterTable.Of(node.Op.Name) is not { } emit)
            return EmitExpansion(node, name, inputs);
        int start = _builder.Definition.Node.Count;
        string taken = _builder.Take(name);
        Value[] outputs = emit(new Emission(_builder, node, taken, inputs));

        // What gives the result takes the node's own name; constants may be shared, and keep theirs.
        string result = outputs[0].Node;
        if (result.StartsWith(taken + "/", StringComparison.Ordinal) && _builder.Definition.Node.Skip(start).Any(n => n.Name == result && n.Op is not ("Const" or "Pack")))
        {
            _builder.Rename(start, result, taken);
            outputs = [.. outputs.Select(o => o.Node == result ? o with { Node = taken } : o)];
        }

        return outputs;
    }

    // Through a graph of the node alone, which its expansion can grow.
    private Value[] EmitExpansion(Node node, string name, Value?[] inputs)
    {
        Graph graph = new();
        Dictionary<Tensor, Value> values = [];
        Tensor[] places = new Tensor[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            places[i] = graph.Placeholder($"input_{i}", node.Inputs[i].DType, node.Inputs[i].Shape);
            if (inputs[i] is { } value)
                values.Add(places[i], value);
        }

        Node alone = graph.Add(node.Op.Name, places, node.Attributes);
        Tensor[] outputs = node.Op.Expand(alone) ?? throw CannotExpress(
            node, "there is no TensorFlow operation known for it, and it does not say which simpler operations it stands for. Give its OpDefinition an Expand method, or leave the layer out of the network.");
        foreach (Node inner in Reachable(outputs, []).Where(n => n.Op.Name != "Placeholder"))
        {
            Value[] results = EmitOperation(inner, $"{name}/{inner.Name}", [.. inner.Inputs.Select(i => values.TryGetValue(i, out Value known) ? known : (Value?)null)]);
            for (int i = 0; i < results.Length; i++)
                values.Add(inner.Outputs[i], results[i]);
        }

        return [.. outputs.Select(o => values[o])];
    }

    private void EmitPlaceholder(Node node)
    {
        Tensor tensor = node.Outputs[0];
        DataType type = TensorFlowText.Type(tensor.DType);
        string name = _names[node];
        Value value = new(name, 0, type);
        int[] dims = [.. tensor.Shape.Dims];
        bool planar = _options.ChannelsFirst.Contains(tensor);
        if (planar && dims.Length != 4)
            throw new ArgumentException($"'{node.Name}' of shape {tensor.Shape} is to be fed plane by plane, and is no batch of images (batch, height, width, channels).");
        _builder.AddTaken("Placeholder", name, [], [("dtype", type), ("shape", TensorFlowText.Shape(planar ? [dims[0], dims[3], dims[1], dims[2]] : dims))]);
        _fed.Add(tensor, value);
        if (planar)
            value = _builder.Add("Transpose", name + "/channels_last", type, [value, _builder.Shared<int>(name + "/perm", DataType.DtInt32, [0, 2, 3, 1], [4])], ("T", type), ("Tperm", DataType.DtInt32));
        _tensors.Add(tensor, value);
    }

    private void EmitKeys(string name, Value value)
    {
        const DataType Int = DataType.DtInt32, Key = DataType.DtUint32;
        Value counted = _builder.Add("AddV2", name + "/from_one", Int, [value, _builder.Shared(name + "/one", Int, [1], [])], ("T", Int));
        _builder.AddTaken("Cast", name, [counted], [("SrcT", Int), ("DstT", Key), ("Truncate", false)]);
    }

    private void EmitVariable(Node node)
    {
        const DataType Float = DataType.DtFloat, Resource = DataType.DtResource;
        Variable variable = _graph.GetVariable(node.Name);
        string name = _names[node];
        int[] dims = [.. variable.Shape.Dims];
        if (_options.Freeze)
        {
            _builder.AddTaken("Const", name, [], [("dtype", Float), ("value", TensorFlowText.Tensor<float>(Float, Values(variable), dims))]);
            _tensors.Add(node.Outputs[0], new(name, 0, Float));
            return;
        }

        TensorShapeProto shape = TensorFlowText.Shape(dims);
        _builder.AddTaken("VarHandleOp", name, [], [("container", ""), ("shared_name", name), ("dtype", Float), ("shape", shape)]);
        Value read = _builder.Add("ReadVariableOp", name + "/Read", Float, [new(name, 0, Resource)], ("dtype", Float));
        _tensors.Add(node.Outputs[0], read);
        _variables.Add(node.Outputs[0], (name, read.Node));

        Value? first = null;
        string? initialize = null;
        if (_options.InitialValues)
        {
            float[] values = Values(variable);
            if (values.Length > 1 && values.AsSpan().IndexOfAnyExcept(values[0]) < 0)
                first = _builder.Add("Fill", name + "/initial_value", Float, [_builder.Shared<int>(name + "/shape", DataType.DtInt32, dims, [dims.Length]), _builder.Shared(name + "/fill", Float, values.AsSpan(0, 1), [])], ("T", Float), ("index_type", DataType.DtInt32));
            else if (values.Length <= _options.LargestInitialValue)
                first = _builder.Constant<float>(name + "/initial_value", Float, values, dims);
            if (first is { } value)
                initialize = Assign(_builder.Take(name + "/Initialize"), name, value);
        }

        Value feed = _builder.Add("Placeholder", name + "/new_value", Float, [], ("dtype", Float), ("shape", shape));
        string write = Assign(_builder.Take(name + "/Write"), name, feed);
        _described.Add(new(variable, name, read.TensorName, feed.TensorName, write, first?.TensorName, initialize));
    }

    private string Assign(string name, string handle, Value value, params ReadOnlySpan<string> controls) =>
        _builder.AddTaken("AssignVariableOp", name, [new(handle, 0, DataType.DtResource), value], [("dtype", value.Type)], controls).Name;

    private float[] Values(Variable variable)
    {
        float[] values;
        if (_options.Values is null)
        {
            values = new float[variable.Shape.UnitSize];
            variable.Initializer.Fill(values, variable.Shape, Initializer.SeedFor(_options.Seed, variable.Name));
            return values;
        }

        values = _options.Values(variable);
        return values.Length == variable.Shape.UnitSize
            ? values
            : throw new ArgumentException($"Values gave {values.Length} numbers for variable '{variable.Name}' of shape {variable.Shape}, expected {variable.Shape.UnitSize}.");
    }

    private Value FindBatch()
    {
        const DataType Int = DataType.DtInt32;
        if (_batchSource is null)
        {
            Value fed = _builder.Add("Placeholder", "batch_size", Int, [], ("dtype", Int), ("shape", TensorFlowText.Shape([])));
            _batchFeed = fed.TensorName;
            return fed;
        }

        Value source = _fed[_batchSource];
        int axis = _batchSource.Shape.BatchAxis, times = -_batchSource.Shape[axis];
        Value shape = _builder.Add("Shape", "batch_size/shape", Int, [source], ("T", source.Type), ("out_type", Int));
        Value Numbers(int value) => _builder.Shared("batch_size/axis", Int, [value], [1]);
        Attr[] masks = [("T", Int), ("Index", Int), ("shrink_axis_mask", 1)];
        Value[] range = [shape, Numbers(axis), Numbers(axis + 1), Numbers(1)];
        Value size = _builder.Add("StridedSlice", times == 1 ? "batch_size" : "batch_size/rows", Int, range, masks);
        return times == 1 ? size : _builder.Add("FloorDiv", "batch_size", Int, [size, _builder.Shared("batch_size/times", Int, [times], [])], ("T", Int));
    }
}
