using System.Buffers.Binary;
using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>
/// A tensor: floating point as doubles that have been rounded to the type, integers and truth values as 64-bit integers wrapped to the type, a resource as its name.
/// </summary>
internal sealed class Value
{
    private Value(DataType type, int[] dims, double[]? reals, long[]? wholes, string? handle = null)
    {
        Type = type;
        Dims = dims;
        Reals = reals ?? [];
        Wholes = wholes ?? [];
        Handle = handle;
        if (handle is null && Length != (reals?.Length ?? wholes!.Length))
            throw new InvalidOperationException($"{reals?.Length ?? wholes!.Length} values do not fill [{string.Join(", ", dims)}].");
    }

    public DataType Type { get; }

    public int[] Dims { get; }

    public int Rank => Dims.Length;

    public int Length => Dims.Aggregate(1, (a, b) => checked(a * b));

    /// <summary>The elements of a floating-point tensor, row by row; empty for others.</summary>
    public double[] Reals { get; }

    /// <summary>The elements of a tensor of integers or truth values; empty for others.</summary>
    public long[] Wholes { get; }

    /// <summary>The name of a resource.</summary>
    public string? Handle { get; }

    public bool IsReal => IsRealType(Type);

    public static bool IsRealType(DataType type) => type is DataType.DtFloat or DataType.DtDouble;

    public static Value Of(DataType type, int[] dims, double[] values)
    {
        if (type == DataType.DtFloat)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)values[i];
        }
        else if (type != DataType.DtDouble)
        {
            throw new NotSupportedException($"{type} is not of floating point.");
        }

        return new(type, dims, values, null);
    }

    public static Value Of(DataType type, int[] dims, long[] values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = Wrap(type, values[i]);
        return new(type, dims, null, values);
    }

    public static Value Floats(ReadOnlySpan<float> values, params int[] dims) => Of(DataType.DtFloat, dims, Array.ConvertAll(values.ToArray(), v => (double)v));

    public static Value Ints(ReadOnlySpan<int> values, params int[] dims) => Of(DataType.DtInt32, dims, Array.ConvertAll(values.ToArray(), v => (long)v));

    public static Value Bools(ReadOnlySpan<bool> values, params int[] dims) => Of(DataType.DtBool, dims, Array.ConvertAll(values.ToArray(), v => v ? 1L : 0));

    public static Value Resource(string name) => new(DataType.DtResource, [], null, null, name);

    /// <summary>Of integers in a vector, as shapes and axes are given.</summary>
    public static Value Vector(DataType type, params ReadOnlySpan<int> values) => Of(type, [values.Length], Array.ConvertAll(values.ToArray(), v => (long)v));

    public float[] ToFloats() => IsReal ? Array.ConvertAll(Reals, v => (float)v) : Array.ConvertAll(Wholes, v => (float)v);

    /// <summary>The elements of a tensor of integers: a shape, axes, ids.</summary>
    public int[] ToInts() => IsReal || Handle is not null ? throw new InvalidOperationException($"Expected integers, received {this}.") : Array.ConvertAll(Wholes, v => checked((int)v));

    /// <summary>The only element of a tensor of integers.</summary>
    public int ToInt() => ToInts() is [var one] ? one : throw new InvalidOperationException($"Expected one integer, received {this}.");

    /// <summary>Another view of the same elements.</summary>
    public Value WithDims(params int[] dims) => new(Type, dims, IsReal ? Reals : null, IsReal ? null : Wholes);

    /// <summary>A tensor of the same type whose elements are these ones of this tensor; 0 for a negative place.</summary>
    public Value Pick(int[] dims, Func<int, int> place)
    {
        int length = dims.Aggregate(1, (a, b) => checked(a * b));
        double[] reals = new double[IsReal ? length : 0];
        long[] wholes = new long[IsReal ? 0 : length];
        for (int i = 0; i < length; i++)
        {
            int from = place(i);
            if (from < 0)
                continue;
            if (IsReal)
                reals[i] = Reals[from];
            else
                wholes[i] = Wholes[from];
        }

        return new(Type, dims, IsReal ? reals : null, IsReal ? null : wholes);
    }

    public override string ToString() => $"{Type} [{string.Join(", ", Dims)}]";

    /// <summary>What a constant says. None are zeros, one stands for all elements, and the last of several for those that follow, as in TensorFlow.</summary>
    public static Value Parse(TensorProto proto)
    {
        int[] dims = [.. proto.TensorShape?.Dim.Select(d => checked((int)d.Size)) ?? []];
        int length = dims.Aggregate(1, (a, b) => checked(a * b));
        DataType type = proto.Dtype;
        if (proto.TensorContent.Length > 0)
        {
            ReadOnlySpan<byte> bytes = proto.TensorContent.Span;
            int size = SizeOf(type);
            if (bytes.Length != (long)size * length)
                throw new InvalidDataException($"A constant of {type} [{string.Join(", ", dims)}] has {bytes.Length} bytes.");
            double[] reals = new double[IsRealType(type) ? length : 0];
            long[] wholes = new long[IsRealType(type) ? 0 : length];
            for (int i = 0; i < length; i++)
            {
                ReadOnlySpan<byte> one = bytes.Slice(i * size, size);
                if (type == DataType.DtFloat)
                    reals[i] = BinaryPrimitives.ReadSingleLittleEndian(one);
                else if (type == DataType.DtDouble)
                    reals[i] = BinaryPrimitives.ReadDoubleLittleEndian(one);
                else
                    wholes[i] = size switch { 1 => one[0], 2 => BinaryPrimitives.ReadInt16LittleEndian(one), 4 => BinaryPrimitives.ReadInt32LittleEndian(one), _ => BinaryPrimitives.ReadInt64LittleEndian(one) };
            }

            return IsRealType(type) ? Of(type, dims, reals) : Of(type, dims, wholes);
        }

        return type switch
        {
            DataType.DtFloat => Of(type, dims, Fill(proto.FloatVal.Select(v => (double)v))),
            DataType.DtDouble => Of(type, dims, Fill(proto.DoubleVal)),
            DataType.DtInt32 or DataType.DtInt16 or DataType.DtInt8 or DataType.DtUint8 => Of(type, dims, Fill(proto.IntVal.Select(v => (long)v))),
            DataType.DtInt64 => Of(type, dims, Fill(proto.Int64Val)),
            DataType.DtBool => Of(type, dims, Fill(proto.BoolVal.Select(v => v ? 1L : 0))),
            DataType.DtUint32 => Of(type, dims, Fill(proto.Uint32Val.Select(v => (long)v))),
            DataType.DtUint64 => Of(type, dims, Fill(proto.Uint64Val.Select(v => (long)v))),
            _ => throw new NotSupportedException($"A constant of {type}."),
        };

        T[] Fill<T>(IEnumerable<T> given)
        {
            T[] values = [.. given];
            if (values.Length > length)
                throw new InvalidDataException($"A constant of {type} [{string.Join(", ", dims)}] has {values.Length} values.");
            T last = values.Length > 0 ? values[^1] : default!;
            return [.. values, .. Enumerable.Repeat(last, length - values.Length)];
        }
    }

    private static int SizeOf(DataType type) => type switch
    {
        DataType.DtBool or DataType.DtInt8 or DataType.DtUint8 => 1,
        DataType.DtInt16 => 2,
        DataType.DtFloat or DataType.DtInt32 or DataType.DtUint32 => 4,
        DataType.DtDouble or DataType.DtInt64 or DataType.DtUint64 => 8,
        _ => throw new NotSupportedException($"Constants of {type}."),
    };

    private static long Wrap(DataType type, long value) => type switch
    {
        DataType.DtBool => value is 0 or 1 ? value : throw new InvalidOperationException($"{value} is no truth value."),
        DataType.DtInt8 => (sbyte)value,
        DataType.DtUint8 => (byte)value,
        DataType.DtInt16 => (short)value,
        DataType.DtInt32 => (int)value,
        DataType.DtUint32 => (uint)value,
        DataType.DtInt64 or DataType.DtUint64 => value,
        _ => throw new NotSupportedException($"{type} is not of integers."),
    };
}
