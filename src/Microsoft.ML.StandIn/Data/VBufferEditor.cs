namespace Microsoft.ML.Data;

/// <summary>Creates editors, through which the values of a <see cref="VBuffer{T}"/> are written.</summary>
public static class VBufferEditor
{
    /// <summary>An editor over a buffer's present length, count and arrays.</summary>
    public static VBufferEditor<T> CreateFromBuffer<T>(ref VBuffer<T> destination)
        => Create(ref destination, destination.Length, destination.ExplicitCount, keepOldOnResize: true);

    /// <summary>An editor for a new value that reuses a buffer's arrays where they are large enough.</summary>
    /// <param name="destination">The buffer whose arrays may be reused.</param>
    /// <param name="newLogicalLength">The new logical length.</param>
    /// <param name="valuesCount">How many items will be explicit; all of them by default.</param>
    /// <param name="maxValuesCapacity">The most items that may become explicit later on, to bound growth.</param>
    /// <param name="keepOldOnResize">Whether old values are kept where an array has to grow.</param>
    /// <param name="requireIndicesOnDense">Whether there is an index array also for a dense vector.</param>
    public static VBufferEditor<T> Create<T>(ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null,
        int? maxValuesCapacity = null, bool keepOldOnResize = false, bool requireIndicesOnDense = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        if (valuesCount > newLogicalLength)
            throw new ArgumentOutOfRangeException(nameof(valuesCount), "If specified, must be no greater than newLogicalLength");
        if (maxValuesCapacity > newLogicalLength)
            throw new ArgumentOutOfRangeException(nameof(maxValuesCapacity), "If specified, must be no greater than newLogicalLength");
        var count = valuesCount ?? newLogicalLength;
        ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(valuesCount));
        var capacity = Math.Max(count, maxValuesCapacity ?? newLogicalLength);

        var values = destination.ValueArray;
        var newValues = Ensure(ref values, count, capacity, keepOldOnResize);
        var indices = destination.IndexArray;
        var sparse = count < newLogicalLength || requireIndicesOnDense;
        var newIndices = sparse && Ensure(ref indices, count, capacity, keepOldOnResize);
        return new(newLogicalLength, count, values, indices, sparse, newValues, newIndices);
    }

    private static bool Ensure<TItem>(ref TItem[]? array, int count, int capacity, bool keep)
    {
        if (array is not null ? array.Length >= count : count == 0)
            return false;
        var grown = new TItem[array is null ? count : Math.Max(count, (int)Math.Min(2L * array.Length, capacity))];
        if (keep)
            array?.CopyTo(grown, 0);
        array = grown;
        return true;
    }
}
