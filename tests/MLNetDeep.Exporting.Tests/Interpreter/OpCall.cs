using System.Text;
using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>One node being run: its inputs and attributes.</summary>
internal sealed class OpCall(NodeDef node, Value[] inputs, IDictionary<string, Value> variables)
{
    public NodeDef Node => node;

    public Value[] Inputs => inputs;

    /// <summary>The values of variables, by their shared names.</summary>
    public IDictionary<string, Value> Variables => variables;

    public Value this[int input] => input < inputs.Length ? inputs[input] : throw Error($"has {inputs.Length} inputs, expected more than {input}");

    public bool Has(string attribute) => node.Attr.ContainsKey(attribute);

    public DataType Type(string attribute, DataType otherwise = DataType.DtInvalid) =>
        Find(attribute, AttrValue.ValueOneofCase.Type)?.Type ?? (otherwise != DataType.DtInvalid ? otherwise : throw Error($"has no attribute '{attribute}'"));

    public bool Flag(string attribute, bool otherwise = false) => Find(attribute, AttrValue.ValueOneofCase.B)?.B ?? otherwise;

    public long Whole(string attribute, long? otherwise = null) =>
        Find(attribute, AttrValue.ValueOneofCase.I)?.I ?? otherwise ?? throw Error($"has no attribute '{attribute}'");

    public float Real(string attribute, float? otherwise = null) =>
        Find(attribute, AttrValue.ValueOneofCase.F)?.F ?? otherwise ?? throw Error($"has no attribute '{attribute}'");

    public string Text(string attribute, string? otherwise = null) =>
        Find(attribute, AttrValue.ValueOneofCase.S)?.S.ToString(Encoding.UTF8) ?? otherwise ?? throw Error($"has no attribute '{attribute}'");

    public int[] List(string attribute, int[]? otherwise = null) =>
        Find(attribute, AttrValue.ValueOneofCase.List)?.List.I.Select(i => checked((int)i)).ToArray() ?? otherwise ?? throw Error($"has no attribute '{attribute}'");

    /// <summary>The attribute T must be the type of these inputs.</summary>
    public void RequireType(string attribute, params ReadOnlySpan<int> which)
    {
        DataType type = Type(attribute);
        foreach (int i in which)
        {
            if (this[i].Type != type)
                throw Error($"says {attribute} = {type}, but input {i} is {this[i]}");
        }
    }

    public void RequireSameShape(int a, int b)
    {
        if (!this[a].Dims.SequenceEqual(this[b].Dims))
            throw Error($"takes two tensors of one shape, received {this[a]} and {this[b]}");
    }

    public void RequireCount(int count)
    {
        if (inputs.Length != count)
            throw Error($"has {inputs.Length} inputs, expected {count}");
    }

    public InvalidOperationException Error(string text) => new($"{node.Op} '{node.Name}' {text}.");

    private AttrValue? Find(string attribute, AttrValue.ValueOneofCase kind) =>
        !node.Attr.TryGetValue(attribute, out AttrValue? value) ? null
        : value.ValueCase == kind ? value
        : throw Error($"has an attribute '{attribute}' of kind {value.ValueCase}, expected {kind}");
}
