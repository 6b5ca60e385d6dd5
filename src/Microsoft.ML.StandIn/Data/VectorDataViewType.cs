using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>A vector, or a tensor laid out as one, of primitive items. A dimension of 0 means that it varies by row.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    /// <summary>Creates a one-dimensional vector type.</summary>
    /// <param name="itemType">The type of the items.</param>
    /// <param name="size">The length, 0 where it varies by row.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : base(VectorOf(itemType))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ItemType = itemType;
        Size = size;
        Dimensions = [size];
    }

    /// <summary>Creates a vector type of several dimensions.</summary>
    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, ImmutableArray.Create(dimensions))
    {
    }

    /// <summary>Creates a vector type of several dimensions.</summary>
    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(VectorOf(itemType))
    {
        if (dimensions.IsDefaultOrEmpty || dimensions.Any(d => d < 0))
            throw new ArgumentOutOfRangeException(nameof(dimensions));
        ItemType = itemType;
        Dimensions = dimensions;
        long size = 1;
        foreach (var dimension in dimensions)
        {
            size *= dimension;
            if (size > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(dimensions), "The vector has too many items.");
        }
        Size = (int)size;
    }

    /// <summary>The dimensions, 0 for one that varies by row.</summary>
    public ImmutableArray<int> Dimensions { get; }

    /// <summary>Whether every row has the same number of items.</summary>
    public bool IsKnownSize => Size > 0;

    /// <summary>The type of the items.</summary>
    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The number of items, 0 where it varies by row.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other)
        => ReferenceEquals(this, other)
            || (other is VectorDataViewType vector && vector.ItemType.Equals(ItemType)
                && vector.Dimensions.AsSpan().SequenceEqual(Dimensions.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is DataViewType type && Equals(type);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(ItemType);
        foreach (var dimension in Dimensions)
            hash.Add(dimension);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Dimensions.Length == 1)
            return Size == 0 ? $"Vector<{ItemType}>" : $"Vector<{ItemType}, {Size}>";
        return $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(d => d == 0 ? "*" : d.ToString(System.Globalization.CultureInfo.InvariantCulture)))}>";
    }

    private static Type VectorOf(PrimitiveDataViewType itemType)
    {
        ArgumentNullException.ThrowIfNull(itemType);
        return typeof(VBuffer<>).MakeGenericType(itemType.RawType);
    }
}
