using System.Text.Json;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Serialization;

/// <summary>Graphs as JSON: the nodes in their order, with attributes, and the variables' initializers; not the variables' values.</summary>
/// <remarks>
/// <code>
/// { "Format": "MLNetDeep.Graph", "Version": 1,
///   "Nodes": [ { "Name": "x", "Op": "Placeholder", "Attributes": { "dtype": { "DType": "Float32" }, "shape": { "Shape": [ -1, 4 ] } } },
///              { "Name": "relu", "Op": "Relu", "Inputs": [ "x:0" ] } ] }
/// </code>
/// Shapes are worked out again from the operations when it is read, so a file cannot state wrong ones.
/// </remarks>
public static class GraphJson
{
    /// <summary>Graphs of more nodes, and nodes of more inputs, are refused.</summary>
    public const int MaxNodes = 1_000_000;

    private const string Format = "MLNetDeep.Graph";
    private const int Version = 1;

    /// <summary>Writes a graph.</summary>
    /// <exception cref="NotSupportedException">A variable's initializer is of another assembly.</exception>
    public static string Write(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        List<NodeData> nodes = [.. graph.Nodes.Select(node => new NodeData(
            node.Name,
            node.Op.Name,
            node.Inputs.Count == 0 ? null : [.. node.Inputs.Select(i => i.Name)],
            node.Attributes.Count == 0 ? null : node.Attributes.ToDictionary(a => a.Key, a => ToData(a.Value)),
            node.Op.Name == "Variable" ? graph.GetVariable(node.Name).Initializer : null))];
        return JsonSerializer.Serialize(new Document(Format, Version, nodes), SettingsJson.Options);
    }

    /// <summary>Reads a graph.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="keepInitializers">
    /// False for a graph whose variables all get values from elsewhere, such as a saved model: they then start at zero, and a file cannot ask for first values that take long to work out.
    /// </param>
    /// <exception cref="InvalidDataException">It is not such JSON, or of a later version, or holds unknown operations or shapes that do not fit.</exception>
    public static Graph Read(string json, bool keepInitializers = true)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Guard.Reading("graph", () =>
        {
            Document document = JsonSerializer.Deserialize<Document>(json, SettingsJson.Options) ?? throw new InvalidDataException("it is null.");
            if (document.Format != Format)
                throw new InvalidDataException($"its format is '{document.Format}', expected '{Format}'.");
            if (document.Version is < 1 or > Version)
                throw new InvalidDataException($"its version is {document.Version}; this library reads versions up to {Version}.");
            if (document.Nodes.Count > MaxNodes)
                throw new InvalidDataException($"it has {document.Nodes.Count} nodes; at most {MaxNodes} are read.");
            Graph graph = new();
            Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
            foreach (NodeData node in document.Nodes)
                Add(graph, tensors, node ?? throw new InvalidDataException("a node is null."), keepInitializers);
            return graph;
        });
    }

    private static void Add(Graph graph, Dictionary<string, Tensor> tensors, NodeData data, bool keepInitializers)
    {
        if (data.Name.Length == 0 || graph.Find(data.Name) is not null)
            throw new InvalidDataException($"there are two nodes called '{data.Name}', or the name is empty.");
        Attributes attributes = new((data.Attributes ?? []).Select(a => KeyValuePair.Create(a.Key, FromData(a.Key, a.Value))));
        Node node;
        if (data.Op == "Variable")
        {
            if (data.Initializer is null || attributes.Get<DType>("dtype") != DType.Float32)
                throw new InvalidDataException($"variable '{data.Name}' has no initializer, or is not of Float32.");
            node = graph.Variable(data.Name, attributes.Get<Shape>("shape"), keepInitializers ? data.Initializer : Constant.Zeros, attributes.Get<bool>("trainable"),
                attributes.TryGet(Graph.MultiplierAttribute, out float multiplier) ? multiplier : 1).Tensor.Node;
        }
        else
        {
            if ((data.Inputs?.Count ?? 0) > MaxNodes)
                throw new InvalidDataException($"node '{data.Name}' has {data.Inputs!.Count} inputs; at most {MaxNodes} are read.");
            Tensor[] inputs = [.. (data.Inputs ?? []).Select(name => name is not null && tensors.TryGetValue(name, out Tensor? tensor)
                ? tensor
                : throw new InvalidDataException($"node '{data.Name}' takes '{name}', which no node before it gives."))];
            node = graph.Add(data.Op, inputs, attributes, data.Name);
        }

        foreach (Tensor output in node.Outputs)
            tensors.Add(output.Name, output);
    }

    private static AttributeData ToData(AttributeValue value) => value.Value switch
    {
        int i => new() { Int = i },
        float f => new() { Float = f },
        bool b => new() { Bool = b },
        string s => new() { String = s },
        int[] ints => new() { Ints = ints },
        float[] floats => new() { Floats = floats },
        Shape shape => new() { Shape = [.. shape.Dims] },
        DType dtype => new() { DType = dtype },
        var other => throw new NotSupportedException($"An attribute of type {other.GetType().Name} cannot be written."),
    };

    private static AttributeValue FromData(string name, AttributeData data) => data switch
    {
        { Int: { } i } => i,
        { Float: { } f } => f,
        { Bool: { } b } => b,
        { String: { } s } => s,
        { Ints: { } ints } => ints,
        { Floats: { } floats } => floats,
        { Shape: { } dims } => new Shape(dims),
        { DType: { } dtype } => dtype,
        _ => throw new InvalidDataException($"attribute '{name}' has no value."),
    };

    private sealed record Document(string Format, int Version, IReadOnlyList<NodeData> Nodes);

    private sealed record NodeData(
        string Name,
        string Op,
        IReadOnlyList<string>? Inputs = null,
        Dictionary<string, AttributeData>? Attributes = null,
        Initializer? Initializer = null);

    // One of these is set: the kind of the attribute.
    private sealed record AttributeData
    {
        public int? Int { get; init; }

        [System.Text.Json.Serialization.JsonNumberHandling(System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals)]
        public float? Float { get; init; }

        public bool? Bool { get; init; }

        public string? String { get; init; }

        public int[]? Ints { get; init; }

        [System.Text.Json.Serialization.JsonNumberHandling(System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals)]
        public float[]? Floats { get; init; }

        public int[]? Shape { get; init; }

        public DType? DType { get; init; }
    }
}
