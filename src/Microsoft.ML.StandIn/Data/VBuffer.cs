using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>
/// The value of a vector column: dense, or sparse with explicit values at ascending indices and defaults elsewhere.
/// Getters may reuse its arrays.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[]? _values;
    private readonly int[]? _indices;
    private readonly int _count;

    /// <summary>The logical length.</summary>
    public readonly int Length;

    /// <summary>Creates a dense vector.</summary>
    /// <param name="length">The length.</param>
    /// <param name="values">At least that many values; used, not copied.</param>
    /// <param name="indices">An array to keep for later reuse.</param>
    public VBuffer(int length, T[]? values, int[]? indices = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if ((values?.Length ?? 0) < length)
            throw new ArgumentOutOfRangeException(nameof(values));
        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    /// <summary>Creates a sparse vector, dense where every item is explicit.</summary>
    /// <param name="length">The length.</param>
    /// <param name="count">How many items are explicit.</param>
    /// <param name="values">At least that many values; used, not copied.</param>
    /// <param name="indices">Their ascending indices.</param>
    public VBuffer(int length, int count, T[]? values, int[]? indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if ((uint)count > (uint)length)
            throw new ArgumentOutOfRangeException(nameof(count));
        if ((values?.Length ?? 0) < count)
            throw new ArgumentOutOfRangeException(nameof(values));
        if (count != length && (indices?.Length ?? 0) < count)
            throw new ArgumentOutOfRangeException(nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    /// <summary>Whether every item is explicit.</summary>
    public bool IsDense => _count == Length;

    internal T[]? ValueArray => _values;

    internal int[]? IndexArray => _indices;

    internal int ExplicitCount => _count;

    /// <summary>The explicit values: all of them where the vector is dense.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The indices of the explicit values; empty where the vector is dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    /// <summary>The item at an index.</summary>
    public T GetItemOrDefault(int index)
    {
        T result = default!;
        GetItemOrDefault(index, ref result);
        return result;
    }

    /// <summary>The item at an index.</summary>
    public void GetItemOrDefault(int index, ref T destination)
    {
        if ((uint)index >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(index));
        if (IsDense)
        {
            destination = _values![index];
            return;
        }
        var at = Array.BinarySearch(_indices!, 0, _count, index);
        destination = at >= 0 ? _values![at] : default!;
    }

    /// <summary>Copies into a buffer, sparse as it is.</summary>
    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    /// <summary>Copies a range into a buffer, sparse as it is.</summary>
    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        if ((uint)sourceIndex > (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex));
        if (length < 0 || length > Length - sourceIndex)
            throw new ArgumentOutOfRangeException(nameof(length));
        if (IsDense)
        {
            var dense = VBufferEditor.Create(ref destination, length);
            GetValues().Slice(sourceIndex, length).CopyTo(dense.Values);
            destination = dense.Commit();
            return;
        }
        var indices = GetIndices();
        var first = LowerBound(indices, sourceIndex);
        var end = LowerBound(indices, sourceIndex + length);
        var editor = VBufferEditor.Create(ref destination, length, end - first);
        GetValues()[first..end].CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = indices[first + i] - sourceIndex;
        destination = editor.Commit();
    }

    /// <summary>Copies every item, defaults included.</summary>
    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    /// <summary>Copies every item, with a chosen value for those that are not explicit.</summary>
    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default!)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length || destination.Length - destinationIndex < Length)
            throw new ArgumentOutOfRangeException(nameof(destination), "Not large enough to hold these values.");
        destination = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(destination);
            return;
        }
        destination.Fill(defaultValue);
        for (var i = 0; i < _count; i++)
            destination[_indices![i]] = _values![i];
    }

    /// <summary>Copies into a buffer that becomes dense.</summary>
    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Makes a dense vector of a range of an array.</summary>
    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (sourceIndex < 0 || sourceIndex > source.Length - length)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex));
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>The items with their indices: the explicit ones, or all.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var explicitItems = 0;
        for (var i = 0; i < Length && (all || explicitItems < _count); i++)
        {
            if (IsDense)
            {
                explicitItems++;
                yield return new(i, _values![i]);
            }
            else if (explicitItems < _count && _indices![explicitItems] == i)
                yield return new(i, _values![explicitItems++]);
            else if (all)
                yield return new(i, default!);
        }
    }

    /// <summary>Every item, defaults included.</summary>
    public IEnumerable<T> DenseValues()
    {
        foreach (var item in Items(all: true))
            yield return item.Value;
    }

    /// <summary>The explicit values.</summary>
    public IEnumerator GetEnumerator()
    {
        for (var i = 0; i < _count; i++)
            yield return _values![i];
    }

    /// <inheritdoc/>
    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    private static int LowerBound(ReadOnlySpan<int> indices, int value)
    {
        var at = indices.BinarySearch(value);
        return at >= 0 ? at : ~at;
    }
}
