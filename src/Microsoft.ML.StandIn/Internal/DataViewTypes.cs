using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Small questions about column types.</summary>
internal static class DataViewTypes
{
    private static readonly PrimitiveDataViewType[] Primitives =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
        TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    ];

    /// <summary>The column type that holds values of a .NET type, or null.</summary>
    public static PrimitiveDataViewType? PrimitiveOrNull(Type rawType)
        => rawType == typeof(string) ? TextDataViewType.Instance : Array.Find(Primitives, p => p.RawType == rawType);

    /// <summary>The column type that holds values of a .NET type.</summary>
    public static PrimitiveDataViewType PrimitiveOf(Type rawType)
        => PrimitiveOrNull(rawType) ?? throw new NotSupportedException($"No column type holds values of {rawType}.");

    /// <summary>The column type of a kind.</summary>
    public static PrimitiveDataViewType PrimitiveOf(DataKind kind) => kind switch
    {
        DataKind.SByte => NumberDataViewType.SByte,
        DataKind.Byte => NumberDataViewType.Byte,
        DataKind.Int16 => NumberDataViewType.Int16,
        DataKind.UInt16 => NumberDataViewType.UInt16,
        DataKind.Int32 => NumberDataViewType.Int32,
        DataKind.UInt32 => NumberDataViewType.UInt32,
        DataKind.Int64 => NumberDataViewType.Int64,
        DataKind.UInt64 => NumberDataViewType.UInt64,
        DataKind.Single => NumberDataViewType.Single,
        DataKind.Double => NumberDataViewType.Double,
        DataKind.String => TextDataViewType.Instance,
        DataKind.Boolean => BooleanDataViewType.Instance,
        DataKind.TimeSpan => TimeSpanDataViewType.Instance,
        DataKind.DateTime => DateTimeDataViewType.Instance,
        DataKind.DateTimeOffset => DateTimeOffsetDataViewType.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of data."),
    };

    /// <summary>The kind of a column type, or null where it has none.</summary>
    public static DataKind? KindOrNull(DataViewType type)
    {
        foreach (var kind in Enum.GetValues<DataKind>())
            if (PrimitiveOf(kind).RawType == type.RawType)
                return kind;
        return null;
    }

    /// <summary>The type of a vector's items; of anything else, the type itself.</summary>
    public static DataViewType ItemTypeOf(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>The number of keys of a key type or of a vector of keys; 0 for any other type.</summary>
    public static ulong KeyCountOf(DataViewType type) => ItemTypeOf(type) is KeyDataViewType key ? key.Count : 0;
}
