using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>One node of a graph while it is written as TensorFlow nodes: what it has, and words to write them in.</summary>
internal sealed partial class Emission(GraphDefBuilder builder, Node node, string name, IReadOnlyList<Value?> inputs)
{
    public const DataType Float = DataType.DtFloat, Int = DataType.DtInt32, Bool = DataType.DtBool;

    public Node Node { get; } = node;

    public Attributes Attributes => Node.Attributes;

    public int InputCount => inputs.Count;

    /// <summary>An input's values; not there for one that serves for its shape alone.</summary>
    public Value In(int index) => inputs[index] ?? throw new InvalidOperationException($"Input {index} of {Node} was not written.");

    public Shape InShape(int index) => Node.Inputs[index].Shape;

    public Shape OutShape(int index = 0) => Node.Outputs[index].Shape;

    /// <summary>Why a node cannot be written.</summary>
    public NotSupportedException CannotExpress(string why) => GraphDefWriter.CannotExpress(Node, why);

    /// <summary>Adds a node and returns its first output.</summary>
    public Value Op(string op, DataType type, ReadOnlySpan<Value> inputs, params ReadOnlySpan<Attr> attributes) => builder.Add(op, $"{name}/{op}", type, inputs, attributes);

    /// <summary>A number of several operations in arithmetic: type T in and out.</summary>
    public Value Arithmetic(string op, params ReadOnlySpan<Value> inputs) => Op(op, inputs[0].Type, inputs, ("T", inputs[0].Type));

    public Value Compare(string op, Value a, Value b) => Op(op, Bool, [a, b], ("T", a.Type));

    public Value Number(float value) => builder.Shared($"{name}/number", Float, [value], []);

    public Value Number(int value) => builder.Shared($"{name}/number", Int, [value], []);

    /// <summary>Integers, where a negative one, -k, stands for k times the batch size.</summary>
    public Value Vector(params ReadOnlySpan<int> values) => builder.Vector(name, values);

    /// <summary>Integers as they are.</summary>
    public Value Integers(ReadOnlySpan<int> values, params ReadOnlySpan<int> dims) =>
        builder.Shared($"{name}/numbers", Int, values, dims.IsEmpty ? [values.Length] : dims);

    public Value Constant<T>(DataType type, ReadOnlySpan<T> values, ReadOnlySpan<int> dims)
        where T : unmanaged => builder.Constant($"{name}/constant", type, values, dims);

    /// <summary>The number of elements of a shape, an Int32 number.</summary>
    public Value Size(Shape shape) => shape.IsBatched ? builder.Batch(shape.UnitSize) : Number(shape.UnitSize);

    public Value Cast(Value value, DataType to) => Op("Cast", to, [value], ("SrcT", value.Type), ("DstT", to), ("Truncate", false));

    /// <summary>One dimension may be -1: what is left.</summary>
    public Value Reshape(Value value, params ReadOnlySpan<int> dims) =>
        Op("Reshape", value.Type, [value, Integers(dims)], ("T", value.Type), ("Tshape", Int));

    public Value Transpose(Value value, params ReadOnlySpan<int> perm) => Op("Transpose", value.Type, [value, Integers(perm)], ("T", value.Type), ("Tperm", Int));

    /// <summary>A size of -1 is all that is left of the axis.</summary>
    public Value Slice(Value value, ReadOnlySpan<int> begin, ReadOnlySpan<int> size) => Slice(value, Integers(begin), Integers(size));

    public Value Slice(Value value, Value begin, Value size) => Op("Slice", value.Type, [value, begin, size], ("T", value.Type), ("Index", Int));

    public Value Concat(ReadOnlySpan<Value> values, int axis) => values.Length == 1 ? values[0] : Op(
        "ConcatV2", values[0].Type, [.. values, Number(axis)], ("N", values.Length), ("T", values[0].Type), ("Tidx", Int));

    /// <summary>Zeros around: two numbers an axis, before and after.</summary>
    public Value Pad(Value value, ReadOnlySpan<int> cells) => Op("Pad", value.Type, [value, Integers(cells, cells.Length / 2, 2)], ("T", value.Type), ("Tpaddings", Int));

    public Value Select(Value condition, Value a, Value b) => Op("SelectV2", a.Type, [condition, a, b], ("T", a.Type));

    /// <summary>The operation of the same name, all of whose inputs and outputs are of one type.</summary>
    public Value[] Direct(params ReadOnlySpan<Attr> attributes)
    {
        Value[] values = [.. Enumerable.Range(0, InputCount).Select(In)];
        return [Op(Node.Op.Name, TensorFlowText.Type(Node.Outputs[0].DType), values, [("T", values[0].Type), .. attributes])];
    }
}
