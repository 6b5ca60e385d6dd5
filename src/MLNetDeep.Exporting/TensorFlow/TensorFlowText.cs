using System.Text;
using Google.Protobuf;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>Names, types, shapes and values as TensorFlow writes them.</summary>
internal static class TensorFlowText
{
    /// <summary>A name that TensorFlow takes for an operation: letters, digits and <c>_ . - /</c>, beginning with a letter, a digit or a point.</summary>
    public static string OperationName(string name)
    {
        StringBuilder text = new(name.Length);
        foreach (char c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/' ? c : '_');
        if (text.Length == 0 || text[0] is '_' or '-' or '/')
            text.Insert(0, '.');
        return text.ToString();
    }

    public static DataType Type(DType type) => type switch
    {
        DType.Float32 => DataType.DtFloat,
        DType.Int32 => DataType.DtInt32,
        DType.Bool => DataType.DtBool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No TensorFlow type is known for this element type."),
    };

    /// <summary>The batched dimension is unknown (-1).</summary>
    public static TensorShapeProto Shape(ReadOnlySpan<int> dims)
    {
        TensorShapeProto shape = new();
        foreach (int dim in dims)
            shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = dim < 0 ? -1 : dim });
        return shape;
    }

    public static TensorProto Tensor<T>(DataType type, ReadOnlySpan<T> values, ReadOnlySpan<int> dims)
        where T : unmanaged
    {
        // The bytes are those of a little-endian machine, which all that .NET runs on are.
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(values);
        return new() { Dtype = type, TensorShape = Shape(dims), TensorContent = ByteString.CopyFrom(bytes) };
    }
}
