using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using MLNetDeep.Engines;
using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>
/// A graph's variables in a TensorFlow session. Each compiled part is imported under a prefix of its own; they share variables because resource variables of one
/// name, on one device, are one.
/// </summary>
internal sealed class TensorFlowSession(Graph graph, int seed, IRuntimeSession runtime) : ISession
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, VariableAccess> _variables = new(StringComparer.Ordinal);
    private int _imports;
    private bool _disposed;

    public Graph Graph { get; } = graph;

    public void ReadVariable(string name, Span<float> destination)
    {
        Variable variable = Find(name, destination.Length);
        lock (_lock)
        {
            VariableAccess access = Access(variable);
            Initialize(variable, access);
            access.Read.Run();
            MemoryMarshal.Cast<byte, float>(access.Read.Fetch(0)).CopyTo(destination);
        }
    }

    public void WriteVariable(string name, ReadOnlySpan<float> values)
    {
        Variable variable = Find(name, values.Length);
        lock (_lock)
            Write(variable, Access(variable), values);
    }

    public IExecutable Compile(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node>? targets = null)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        ObjectDisposedException.ThrowIf(_disposed, this);
        targets ??= [];
        foreach (Node node in fetches.Select(f => f.Node).Concat(targets))
        {
            if (node.Graph != Graph)
                throw new ArgumentException($"'{node.Name}' belongs to another graph.", nameof(fetches));
        }

        GraphDefProgram program = new("run", fetches, targets);
        GraphDefFile file = GraphDefWriter.Write(Graph, [program], new() { InitialValues = false });
        lock (_lock)
        {
            string prefix = NextPrefix("part");
            Dictionary<string, string> shared = file.Variables.ToDictionary(v => v.Handle, v => v.Variable.Name, StringComparer.Ordinal);
            foreach (NodeDef node in file.Definition.Node)
            {
                node.Device = runtime.Device;
                if (node.Op == "VarHandleOp")
                    node.Attr["shared_name"] = Text(shared[node.Name]);
            }

            runtime.Import(file.Definition, prefix);
            foreach (GraphDefVariable variable in file.Variables)
                Initialize(variable.Variable, Access(variable.Variable));
            return new TensorFlowExecutable(this, new CompiledPart(program, file, prefix));
        }
    }

    public IRuntimeCall Prepare(CompiledPart part)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return runtime.Prepare(part.FeedNames, part.FetchNames, part.TargetNames);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (VariableAccess access in _variables.Values)
            {
                access.Read.Dispose();
                access.Write.Dispose();
            }

            runtime.Dispose();
        }
    }

    /// <exception cref="ObjectDisposedException">The session is closed: nothing of it may run.</exception>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private string NextPrefix(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{_imports++}");

    private Variable Find(string name, int length)
    {
        Variable variable = Graph.GetVariable(name);
        return length == variable.Shape.UnitSize
            ? variable
            : throw new ArgumentException($"Variable '{name}' of shape {variable.Shape} has {variable.Shape.UnitSize} elements, received room for {length}.");
    }

    // The nodes that read and write a variable; those of all variables that have none yet are added at once.
    private VariableAccess Access(Variable variable)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_variables.TryGetValue(variable.Name, out VariableAccess? known))
            return known;
        const DataType Float = DataType.DtFloat;
        string prefix = NextPrefix("variables");
        Variable[] missing = [.. Graph.Variables.Where(v => !_variables.ContainsKey(v.Name))];
        GraphDef nodes = new();
        for (int i = 0; i < missing.Length; i++)
        {
            TensorShapeProto shape = TensorFlowText.Shape(missing[i].Shape.Dims);
            string name = string.Create(CultureInfo.InvariantCulture, $"v{i}");
            Add("VarHandleOp", name, [], ("container", Text("")), ("shared_name", Text(missing[i].Name)), ("dtype", new() { Type = Float }), ("shape", new() { Shape = shape }));
            Add("ReadVariableOp", name + "_read", [name], ("dtype", new() { Type = Float }));
            Add("Placeholder", name + "_value", [], ("dtype", new() { Type = Float }), ("shape", new() { Shape = shape }));
            Add("AssignVariableOp", name + "_write", [name, name + "_value"], ("dtype", new() { Type = Float }));
        }

        runtime.Import(nodes, prefix);
        for (int i = 0; i < missing.Length; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{prefix}/v{i}");
            _variables.Add(missing[i].Name, new(runtime.Prepare([], [name + "_read:0"], []), runtime.Prepare([(name + "_value:0", Float)], [], [name + "_write"])));
        }

        return _variables[variable.Name];

        void Add(string op, string name, string[] inputs, params ReadOnlySpan<(string Name, AttrValue Value)> attributes)
        {
            NodeDef node = new() { Op = op, Name = name, Device = runtime.Device };
            node.Input.AddRange(inputs);
            foreach ((string attribute, AttrValue value) in attributes)
                node.Attr.Add(attribute, value);
            nodes.Node.Add(node);
        }
    }

    // The value that an engine starts with; as long as nobody gave the variable another.
    private void Initialize(Variable variable, VariableAccess access)
    {
        if (access.HasValue)
            return;
        float[] values = new float[variable.Shape.UnitSize];
        variable.Initializer.Fill(values, variable.Shape, Initializer.SeedFor(seed, variable.Name));
        Write(variable, access, values);
    }

    private static void Write(Variable variable, VariableAccess access, ReadOnlySpan<float> values)
    {
        long[] dims = [.. variable.Shape.Dims.ToArray().Select(d => (long)d)];
        values.CopyTo(MemoryMarshal.Cast<byte, float>(access.Write.Feed(0, dims, keeps: true)));
        access.Write.Run();
        access.HasValue = true;
    }

    private static AttrValue Text(string text) => new() { S = ByteString.CopyFromUtf8(text) };

    private sealed class VariableAccess(IRuntimeCall read, IRuntimeCall write)
    {
        public IRuntimeCall Read { get; } = read;

        public IRuntimeCall Write { get; } = write;

        public bool HasValue { get; set; }
    }
}
