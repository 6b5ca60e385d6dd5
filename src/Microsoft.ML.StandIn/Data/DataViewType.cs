namespace Microsoft.ML.Data;

/// <summary>The type of a column, of an annotation or of a vector's items.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType)
    {
        ArgumentNullException.ThrowIfNull(rawType);
        RawType = rawType;
    }

    /// <summary>The .NET type of the values: what getters are typed by.</summary>
    public Type RawType { get; }

    /// <summary>Whether the other is the same type.</summary>
    public abstract bool Equals(DataViewType? other);
}
