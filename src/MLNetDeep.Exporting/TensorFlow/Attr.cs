using Google.Protobuf;
using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>A named attribute of a TensorFlow node, written as a pair: <c>("transpose_a", true)</c>.</summary>
internal readonly record struct Attr(string Name, AttrValue Value)
{
    public static implicit operator Attr((string Name, DataType Value) pair) => new(pair.Name, new() { Type = pair.Value });

    public static implicit operator Attr((string Name, int Value) pair) => new(pair.Name, new() { I = pair.Value });

    public static implicit operator Attr((string Name, float Value) pair) => new(pair.Name, new() { F = pair.Value });

    public static implicit operator Attr((string Name, bool Value) pair) => new(pair.Name, new() { B = pair.Value });

    public static implicit operator Attr((string Name, string Value) pair) => new(pair.Name, new() { S = ByteString.CopyFromUtf8(pair.Value) });

    public static implicit operator Attr((string Name, TensorProto Value) pair) => new(pair.Name, new() { Tensor = pair.Value });

    public static implicit operator Attr((string Name, TensorShapeProto Value) pair) => new(pair.Name, new() { Shape = pair.Value });

    public static implicit operator Attr((string Name, DataType[] Value) pair)
    {
        AttrValue value = new() { List = new() };
        value.List.Type.AddRange(pair.Value);
        return new(pair.Name, value);
    }

    public static implicit operator Attr((string Name, int[] Value) pair)
    {
        AttrValue value = new() { List = new() };
        value.List.I.AddRange(pair.Value.Select(i => (long)i));
        return new(pair.Name, value);
    }
}
