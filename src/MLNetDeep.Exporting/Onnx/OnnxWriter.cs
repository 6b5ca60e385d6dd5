using System.Runtime.InteropServices;
using Google.Protobuf;
using MLNetDeep.Exporting.Onnx.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx;

/// <summary>Turns a finished graph into ONNX's messages.</summary>
internal static class OnnxWriter
{
    /// <summary>The operator set that is written: the first with LayerNormalization.</summary>
    public const int Opset = 17;

    // The file format's version that came with that operator set.
    private const int IrVersion = 8;

    // What a protobuf message can hold, less some for all but the weights.
    private const long MostBytes = (1L << 31) - (1L << 26);

    // Attributes that the operator set takes as inputs, in the order of the inputs.
    private static readonly Dictionary<string, string[]> AsInputs = new(StringComparer.Ordinal)
    {
        ["Reshape"] = ["shape"],
        ["ReduceSum"] = ["axes"],
        ["Slice"] = ["starts", "ends", "axes"],
        ["Pad"] = ["pads"],
    };

    /// <exception cref="NotSupportedException">The weights are more than a file can hold.</exception>
    public static ModelProto Write(OnnxGraph graph, string name, string? description, IReadOnlyDictionary<string, string> metadata)
    {
        long bytes = graph.Nodes.SelectMany(n => n.Inputs).OfType<OnnxValue>().Where(v => v.IsConstant).Distinct().Sum(v => (long)Buffer.ByteLength(v.Data!));
        if (bytes > MostBytes)
            throw new NotSupportedException($"The weights take {bytes / 1e9:F1} GB; an ONNX file holds at most {MostBytes / 1e9:F1} GB.");
        ModelProto model = new()
        {
            IrVersion = IrVersion,
            ProducerName = "MLNetDeep",
            ProducerVersion = typeof(OnnxWriter).Assembly.GetName().Version?.ToString(3) ?? "",
            DocString = description ?? "",
            Graph = new() { Name = name },
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        model.Graph.Input.AddRange(graph.Inputs.Select(Info));
        model.Graph.Output.AddRange(graph.Outputs.Select(Info));
        Dictionary<string, string> lists = new(StringComparer.Ordinal);
        HashSet<OnnxValue> stored = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            NodeProto proto = new() { Name = node.Name, OpType = node.Op };
            foreach (OnnxValue? input in node.Inputs)
            {
                proto.Input.Add(input?.Name ?? "");
                if (input is { IsConstant: true } && stored.Add(input))
                    model.Graph.Initializer.Add(Tensor(input.Name, input.Type, input.Shape, input.Data!));
            }

            proto.Output.AddRange(node.Outputs.Select(o => o?.Name ?? ""));
            string[] inputs = AsInputs.GetValueOrDefault(node.Op, []);
            foreach (string attribute in inputs.Where(node.Attributes.ContainsKey))
                proto.Input.Add(List(node.Ints(attribute)));
            foreach ((string key, object value) in node.Attributes.Where(a => !inputs.Contains(a.Key)).OrderBy(a => a.Key, StringComparer.Ordinal))
                proto.Attribute.Add(Attribute(key, value));
            model.Graph.Node.Add(proto);
        }

        return model;

        // Lists of the same numbers are stored once.
        string List(int[] values)
        {
            string key = string.Join(",", values);
            if (!lists.TryGetValue(key, out string? known))
            {
                lists.Add(key, known = $"list:{(key.Length <= 100 ? key : lists.Count)}");
                model.Graph.Initializer.Add(Tensor(known, OnnxType.Int64, new Shape(values.Length), values.Select(v => (long)v).ToArray()));
            }

            return known;
        }
    }

    private static ValueInfoProto Info(OnnxValue value)
    {
        TensorShapeProto shape = new();
        foreach (int dim in value.Shape.Dims)
        {
            shape.Dim.Add(dim switch
            {
                > 0 => new TensorShapeProto.Types.Dimension { DimValue = dim },
                -1 => new TensorShapeProto.Types.Dimension { DimParam = "batch" },
                _ => new TensorShapeProto.Types.Dimension { DimParam = $"{-dim}*batch" },
            });
        }

        return new() { Name = value.Name, Type = new() { TensorType = new() { ElemType = (int)value.Type, Shape = shape } } };
    }

    private static TensorProto Tensor(string name, OnnxType type, Shape shape, Array values)
    {
        // The format is little-endian, as are all machines that .NET runs on.
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(values), Buffer.ByteLength(values));
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape.Dims.ToArray().Select(d => (long)d));
        return tensor;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        AttributeProto attribute = new() { Name = name };
        switch (value)
        {
            case int number:
                (attribute.I, attribute.Type) = (number, AttributeProto.Types.AttributeType.Int);
                break;
            case float number:
                (attribute.F, attribute.Type) = (number, AttributeProto.Types.AttributeType.Float);
                break;
            case string text:
                (attribute.S, attribute.Type) = (ByteString.CopyFromUtf8(text), AttributeProto.Types.AttributeType.String);
                break;
            case int[] numbers:
                attribute.Ints.AddRange(numbers.Select(n => (long)n));
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case string[] texts:
                attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                attribute.Type = AttributeProto.Types.AttributeType.Strings;
                break;
            default:
                throw new ArgumentException($"Attribute '{name}' is a {value.GetType().Name}.", nameof(value));
        }

        return attribute;
    }
}
