using System.Globalization;

namespace MLNetDeep.Graphs;

/// <summary>
/// The dimensions of a tensor, known when the graph is built except for the batch size.
/// At most one dimension is batched; it is stored as a negative number, <c>-k</c> meaning
/// <c>k</c> times the batch size, so that folding the time axis into the batch axis stays static:
/// <c>(batch, 48, 8)</c> reshapes to <c>(48·batch, 8)</c>.
/// </summary>
public sealed class Shape : IEquatable<Shape>
{
    private readonly int[] _dims;

    /// <summary>A shape with these dimensions; see the class for what a negative one means.</summary>
    /// <exception cref="ArgumentException">A dimension is zero, or more than one is batched, or the size overflows.</exception>
    public Shape(params ReadOnlySpan<int> dims)
    {
        _dims = dims.ToArray();
        BatchAxis = -1;
        long size = 1;
        for (int i = 0; i < _dims.Length; i++)
        {
            int dim = _dims[i];
            if (dim == 0)
                throw new ArgumentException($"Dimension {i} of shape {this} is 0; every dimension must be at least 1.", nameof(dims));
            if (dim < 0)
            {
                if (BatchAxis >= 0)
                    throw new ArgumentException($"Shape {this} has more than one batched dimension.", nameof(dims));
                BatchAxis = i;
            }

            size *= Math.Abs((long)dim);
            if (size > int.MaxValue)
                throw new ArgumentException($"Shape {this} has more than {int.MaxValue} elements.", nameof(dims));
        }

        UnitSize = (int)size;
    }

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar { get; } = new();

    /// <summary>The dimensions; a batched one is negative.</summary>
    public ReadOnlySpan<int> Dims => _dims;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dims.Length;

    /// <summary>Which dimension is batched, or -1.</summary>
    public int BatchAxis { get; }

    /// <summary>Whether a dimension depends on the batch size.</summary>
    public bool IsBatched => BatchAxis >= 0;

    /// <summary>Number of elements for a batch of one row.</summary>
    public int UnitSize { get; }

    /// <summary>The dimension at <paramref name="index"/>, which may be counted from the end.</summary>
    public int this[Index index] => _dims[index];

    /// <summary>A shape whose first dimension is the batch, followed by <paramref name="dims"/>.</summary>
    public static Shape Batched(params ReadOnlySpan<int> dims) => new([-1, .. dims]);

    /// <summary>This shape's first dimension, batched or not, followed by <paramref name="dims"/>: other rows in the same number.</summary>
    internal Shape WithRows(params ReadOnlySpan<int> dims) => new([_dims[0], .. dims]);

    /// <summary>Number of elements for a batch of <paramref name="batch"/> rows.</summary>
    public long Size(int batch) => IsBatched ? (long)UnitSize * batch : UnitSize;

    /// <summary>The dimension <paramref name="axis"/> for a batch of <paramref name="batch"/> rows.</summary>
    public int Dim(int axis, int batch) => _dims[axis] < 0 ? -_dims[axis] * batch : _dims[axis];

    /// <summary>The dimensions without a leading batch dimension: the shape of one row.</summary>
    public int[] RowDims() => BatchAxis == 0 ? _dims[1..] : [.. _dims];

    /// <summary>Number of elements after the first dimension.</summary>
    internal int RowSize() => _dims.AsSpan(1).ToArray().Aggregate(1, (a, b) => a * Math.Abs(b));

    /// <summary>Turns an axis counted from the end (negative) into one counted from the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int Axis(int axis)
    {
        int a = axis < 0 ? axis + Rank : axis;
        if ((uint)a >= (uint)Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"Shape {this} has no axis {axis.ToString(CultureInfo.InvariantCulture)}.");
        return a;
    }

    /// <summary>This shape with dimension <paramref name="axis"/> replaced.</summary>
    public Shape With(int axis, int dim)
    {
        int[] dims = [.. _dims];
        dims[axis] = dim;
        return new Shape(dims);
    }

    /// <summary>
    /// The shape that <paramref name="a"/> and <paramref name="b"/> broadcast to by NumPy's rule (aligned at the last axis, 1 stretches),
    /// or null where they do not fit.
    /// </summary>
    public static Shape? Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int x = i <= a.Rank ? a[^i] : 1, y = i <= b.Rank ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                return null;
            dims[^i] = x == 1 ? y : x;
        }

        return dims.Count(d => d < 0) > 1 ? null : new Shape(dims);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _dims.AsSpan().SequenceEqual(other._dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int dim in _dims)
            hash.Add(dim);
        return hash.ToHashCode();
    }

    /// <summary>The shape as Keras prints it, with "batch" where Keras says None: <c>(batch, 28, 28, 1)</c>.</summary>
    public override string ToString() => "(" + string.Join(", ", _dims.Select(d => d switch
    {
        -1 => "batch",
        < 0 => string.Create(CultureInfo.InvariantCulture, $"{-(long)d}·batch"),
        _ => d.ToString(CultureInfo.InvariantCulture),
    })) + ")";
}
