using System.Text.Json;
using Google.Protobuf;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Exporting.Tests.Interpreter;

namespace MLNetDeep.Exporting.Tests;

/// <summary>The interpreter that emitted graphs are measured by, itself measured by PyTorch and NumPy (make_golden_interpreter.py) and by hand.</summary>
public class InterpreterTests
{
    private static readonly JsonElement[] Cases = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "interpreter.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string, int> All
    {
        get
        {
            TheoryData<string, int> data = [];
            for (int i = 0; i < Cases.Length; i++)
                data.Add(Cases[i].GetProperty("op").GetString()!, i);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Operations_give_what_PyTorch_and_NumPy_do(string op, int number)
    {
        JsonElement golden = Cases[number];
        Value[] inputs = [.. golden.GetProperty("inputs").EnumerateArray().Select(Parse)], outputs = [.. golden.GetProperty("outputs").EnumerateArray().Select(Parse)];
        GraphDef graph = new();
        NodeDef node = new() { Name = "node", Op = op };
        Dictionary<string, Value> feeds = [];
        for (int i = 0; i < inputs.Length; i++)
        {
            graph.Node.Add(Placeholder($"x{i}", inputs[i].Type));
            node.Input.Add($"x{i}");
            feeds.Add($"x{i}", inputs[i]);
        }

        // All floating point here is Float32, and all integers are Int32.
        node.Attr.Add("T", new() { Type = inputs.Any(i => i.IsReal) ? DataType.DtFloat : DataType.DtInt32 });
        node.Attr.Add("U", new() { Type = DataType.DtFloat });
        node.Attr.Add("Tparams", new() { Type = DataType.DtFloat });
        foreach (string name in (string[])["Tshape", "Tperm", "Tidx", "Index", "Tpaddings", "Tmultiples", "Tindices", "Taxis", "TI", "Tnumsegments", "Tlabels"])
            node.Attr.Add(name, new() { Type = DataType.DtInt32 });
        foreach (JsonProperty attribute in golden.GetProperty("attributes").EnumerateObject())
            node.Attr.Add(attribute.Name, Attribute(attribute));
        graph.Node.Add(node);
        Value[] actual = new GraphInterpreter(graph).Run(feeds, [.. outputs.Select((_, i) => $"node:{i}")]);
        for (int i = 0; i < outputs.Length; i++)
        {
            Assert.Equal(outputs[i].Type, actual[i].Type);
            Assert.Equal(outputs[i].Dims, actual[i].Dims);
            Assert.Equal(outputs[i].Wholes, actual[i].Wholes);
            Assert.All(outputs[i].Reals.Zip(actual[i].Reals), p => Assert.True(Math.Abs(p.First - p.Second) <= 1e-5 * (1 + Math.Abs(p.First)), $"output {i}: {p.Second}, expected {p.First}"));
        }
    }

    // The known answers of its authors (Random123's kat_vectors).
    [Fact]
    public void Philox_gives_its_known_answers()
    {
        Assert.Equal([0x6627e8d5u, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8], RandomOperations.Philox(0, 0));
        Assert.Equal([0x408f276du, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd], RandomOperations.Philox(UInt128.MaxValue, ulong.MaxValue));
        Assert.Equal(
            [0xd16cfe09u, 0x94fdcceb, 0x5001e420, 0x24126ea1], RandomOperations.Philox(new(0x0370734413198a2e, 0x85a308d3243f6a88), 0x299f31d0a4093822));
    }

    [Fact]
    public void Casts_cut_off_and_wrap()
    {
        Assert.Equal([1, -1, 0], Run("Cast", [Value.Floats([1.9f, -1.9f, 0.2f], 3)], ("SrcT", DataType.DtFloat), ("DstT", DataType.DtInt32))[0].Wholes);
        Assert.Equal([1, 1, 0], Run("Cast", [Value.Floats([1.9f, -1.9f, 0], 3)], ("SrcT", DataType.DtFloat), ("DstT", DataType.DtBool))[0].Wholes);
        Assert.Equal([0xFFFFFFFF], Run("Cast", [Value.Ints([-1], 1)], ("SrcT", DataType.DtInt32), ("DstT", DataType.DtUint32))[0].Wholes);
        Assert.Equal([-2], Run("AddV2", [Value.Ints([int.MaxValue], 1), Value.Ints([int.MaxValue], 1)], ("T", DataType.DtInt32))[0].Wholes);
        Assert.Equal([0x3F800000], Run("Bitcast", [Value.Floats([1], 1)], ("T", DataType.DtFloat), ("type", DataType.DtInt32))[0].Wholes);
    }

    [Fact]
    public void Variables_are_one_by_their_shared_name_and_last()
    {
        GraphDef graph = new();
        graph.Node.Add(Handle("a", "v"));
        graph.Node.Add(Handle("b", "v"));
        graph.Node.Add(Placeholder("x", DataType.DtFloat));
        graph.Node.Add(Node("set", "AssignVariableOp", ["a", "x"], ("dtype", DataType.DtFloat)));
        graph.Node.Add(Node("add", "AssignAddVariableOp", ["a", "x"], ("dtype", DataType.DtFloat)));
        graph.Node.Add(Node("read", "ReadVariableOp", ["b"], ("dtype", DataType.DtFloat)));
        GraphInterpreter interpreter = new(graph);
        Dictionary<string, Value> feeds = new() { ["x"] = Value.Floats([1, 2], 2) };
        Assert.Contains("which has no value yet", Assert.Throws<InvalidOperationException>(() => interpreter.Run(feeds, ["read:0"])).Message, StringComparison.Ordinal);
        interpreter.Run(feeds, [], ["set"]);
        interpreter.Run(feeds, [], ["add"]);
        Assert.Equal([2, 4], interpreter.Run(feeds, ["read:0"])[0].Reals);
    }

    // What no control input forbids may happen, so it does here: the write comes first.
    [Fact]
    public void Writes_come_before_reads_unless_a_control_input_says_otherwise()
    {
        foreach (bool ordered in (bool[])[false, true])
        {
            GraphDef graph = new();
            graph.Node.Add(Handle("v", "v"));
            graph.Node.Add(Placeholder("x", DataType.DtFloat));
            graph.Node.Add(Node("read", "ReadVariableOp", ["v"], ("dtype", DataType.DtFloat)));
            graph.Node.Add(Node("write", "AssignVariableOp", ordered ? ["v", "x", "^read"] : ["v", "x"], ("dtype", DataType.DtFloat)));
            GraphInterpreter interpreter = new(graph);
            interpreter.Run(new Dictionary<string, Value> { ["x"] = Value.Floats([1], 1), ["read"] = Value.Floats([0], 1) }, [], ["write"]);
            Value read = interpreter.Run(new Dictionary<string, Value> { ["x"] = Value.Floats([2], 1) }, ["read"], ["write"])[0];
            Assert.Equal([ordered ? 1 : 2], read.Reals);
        }
    }

    [Fact]
    public void What_TensorFlow_would_refuse_is_refused()
    {
        Value image = Value.Floats(new float[4 * 4 * 4], 1, 4, 4, 4), filters = Value.Floats(new float[3 * 3 * 2 * 4], 3, 3, 2, 4);
        (string, AttrValue)[] window = [("strides", List(1, 1, 1, 1)), ("padding", Text("VALID")), ("T", Type(DataType.DtFloat))];
        Refused("is grouped", "Conv2D", [image, filters], window);
        Refused("on GPUs alone", "Conv2D", [image, Value.Floats(new float[3 * 3 * 4], 3, 3, 4, 1)], [.. window, ("data_format", Text("NCHW"))]);
        Refused("is dilated", "Conv2DBackpropInput", [Value.Ints([1, 4, 4, 4], 4), Value.Floats(new float[9 * 4], 3, 3, 4, 1), image], [.. window, ("dilations", List(1, 2, 2, 1))]);
        Refused("has padding EXPLICIT", "MaxPool", [image], [("ksize", List(1, 2, 2, 1)), ("strides", List(1, 1, 1, 1)), ("padding", Text("EXPLICIT")), ("T", Type(DataType.DtFloat))]);
        Refused("takes two tensors of one shape", "ReluGrad", [image, filters], [("T", Type(DataType.DtFloat))]);
        Refused("says T = DtInt32, but input 0 is DtFloat [1, 4, 4, 4]", "Neg", [image], [("T", Type(DataType.DtInt32))]);
        Refused("does not take DtBool", "AddV2", [Value.Bools([true]), Value.Bools([true])], [("T", Type(DataType.DtBool))]);
        Refused("Incompatible shapes", "AddV2", [image, filters], [("T", Type(DataType.DtFloat))]);
        Refused("is not in [0, 3)", "GatherV2", [Value.Floats([1, 2, 3], 3), Value.Ints([3], 1), Value.Ints([0])], [("Tparams", Type(DataType.DtFloat)), ("Tindices", Type(DataType.DtInt32)), ("Taxis", Type(DataType.DtInt32))]);
        Refused("label value of 2", "SparseSoftmaxCrossEntropyWithLogits", [Value.Floats([1, 2], 1, 2), Value.Ints([2], 1)], [("T", Type(DataType.DtFloat)), ("Tlabels", Type(DataType.DtInt32))]);
        Assert.Contains("The op NoSuchOp of node 'node' is not known", Assert.Throws<NotSupportedException>(() => Run("NoSuchOp", [])).Message, StringComparison.Ordinal);

        GraphDef graph = new();
        graph.Node.Add(Placeholder("x", DataType.DtFloat));
        Assert.Contains("must be fed", Assert.Throws<InvalidOperationException>(() => new GraphInterpreter(graph).Run(new Dictionary<string, Value>(), ["x"])).Message, StringComparison.Ordinal);
        Assert.Contains("is fed DtInt32", Assert.Throws<InvalidOperationException>(() => new GraphInterpreter(graph).Run(new Dictionary<string, Value> { ["x"] = Value.Ints([1]) }, ["x"])).Message, StringComparison.Ordinal);
        graph.Node.Add(Node("y", "Neg", ["z"], ("T", DataType.DtFloat)));
        Assert.Contains("which is not in the graph", Assert.Throws<InvalidDataException>(() => new GraphInterpreter(graph)).Message, StringComparison.Ordinal);

        static void Refused(string why, string op, Value[] inputs, (string, AttrValue)[] attributes) =>
            Assert.Contains(why, Assert.Throws<InvalidOperationException>(() => Run(op, inputs, 1, attributes)).Message, StringComparison.Ordinal);
    }

    private static Value[] Run(string op, Value[] inputs, params ReadOnlySpan<(string Name, DataType Type)> types)
    {
        (string, AttrValue)[] attributes = new (string, AttrValue)[types.Length];
        for (int i = 0; i < types.Length; i++)
            attributes[i] = (types[i].Name, Type(types[i].Type));
        return Run(op, inputs, 1, attributes);
    }

    private static Value[] Run(string op, Value[] inputs, int outputs, (string Name, AttrValue Value)[] attributes)
    {
        GraphDef graph = new();
        NodeDef node = new() { Name = "node", Op = op };
        foreach ((string name, AttrValue value) in attributes)
            node.Attr.Add(name, value);
        Dictionary<string, Value> feeds = [];
        for (int i = 0; i < inputs.Length; i++)
        {
            graph.Node.Add(Placeholder($"x{i}", inputs[i].Type));
            node.Input.Add($"x{i}");
            feeds.Add($"x{i}", inputs[i]);
        }

        graph.Node.Add(node);
        return new GraphInterpreter(graph).Run(feeds, [.. Enumerable.Range(0, outputs).Select(i => $"node:{i}")]);
    }

    private static NodeDef Placeholder(string name, DataType type) => Node(name, "Placeholder", [], ("dtype", type));

    private static NodeDef Handle(string name, string shared)
    {
        NodeDef node = Node(name, "VarHandleOp", [], ("dtype", DataType.DtFloat));
        node.Attr.Add("shared_name", Text(shared));
        node.Attr.Add("shape", new() { Shape = new() });
        return node;
    }

    private static NodeDef Node(string name, string op, string[] inputs, params ReadOnlySpan<(string Name, DataType Type)> types)
    {
        NodeDef node = new() { Name = name, Op = op };
        node.Input.AddRange(inputs);
        foreach ((string attribute, DataType type) in types)
            node.Attr.Add(attribute, Type(type));
        return node;
    }

    private static AttrValue Type(DataType type) => new() { Type = type };

    private static AttrValue Text(string text) => new() { S = ByteString.CopyFromUtf8(text) };

    private static AttrValue List(params int[] values)
    {
        AttrValue list = new() { List = new() };
        list.List.I.AddRange(values.Select(v => (long)v));
        return list;
    }

    private static AttrValue Attribute(JsonProperty attribute) => attribute.Value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => new() { B = attribute.Value.GetBoolean() },
        JsonValueKind.Array => List([.. attribute.Value.EnumerateArray().Select(v => v.GetInt32())]),
        JsonValueKind.String => attribute.Name == "output_type" ? Type(DataType.DtInt32) : Text(attribute.Value.GetString()!),
        _ => attribute.Value.GetRawText().Contains('.', StringComparison.Ordinal) ? new() { F = attribute.Value.GetSingle() } : new() { I = attribute.Value.GetInt64() },
    };

    private static Value Parse(JsonElement tensor)
    {
        int[] dims = [.. tensor.GetProperty("dims").EnumerateArray().Select(d => d.GetInt32())];
        JsonElement values = tensor.GetProperty("values");
        return tensor.GetProperty("type").GetString() switch
        {
            "float" => Value.Of(DataType.DtFloat, dims, values.EnumerateArray().Select(v => v.GetDouble()).ToArray()),
            "int" => Value.Of(DataType.DtInt32, dims, values.EnumerateArray().Select(v => v.GetInt64()).ToArray()),
            _ => Value.Of(DataType.DtBool, dims, values.EnumerateArray().Select(v => v.GetInt64()).ToArray()),
        };
    }
}
