namespace Microsoft.ML.Data;

/// <summary>Writes the values of a <see cref="VBuffer{T}"/> through spans; <see cref="Commit"/> gives the finished buffer.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[]? _values;
    private readonly int[]? _indices;

    /// <summary>The explicit values, to be written.</summary>
    public readonly Span<T> Values;

    /// <summary>Their indices, to be written; empty for a dense vector.</summary>
    public readonly Span<int> Indices;

    internal VBufferEditor(int length, int count, T[]? values, int[]? indices, bool useIndices, bool newValues, bool newIndices)
    {
        _length = length;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = useIndices ? indices.AsSpan(0, count) : default;
        CreatedNewValues = newValues;
        CreatedNewIndices = newIndices;
    }

    /// <summary>Whether the value array is new, so that it holds defaults.</summary>
    public bool CreatedNewValues { get; }

    /// <summary>Whether the index array is new.</summary>
    public bool CreatedNewIndices { get; }

    /// <summary>The finished buffer.</summary>
    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);

    /// <summary>The finished buffer, of which only the first explicit values are kept.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount) => new(_length, physicalValuesCount, _values, _indices);
}
