namespace Microsoft.ML.Data;

/// <summary>Which column types stand for .NET types that are not primitive.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock Gate = new();
    private static readonly List<(Type RawType, DataViewTypeAttribute? Attribute, DataViewType Type)> Types = [];

    /// <summary>Makes a column type known.</summary>
    /// <param name="dataViewType">The column type.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="typeAttribute">The attribute by which a member of that type asks for it; null for a member without one.</param>
    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute? typeAttribute = null)
    {
        ArgumentNullException.ThrowIfNull(dataViewType);
        ArgumentNullException.ThrowIfNull(type);
        if (dataViewType.RawType != type)
            throw new ArgumentException($"A column of {dataViewType} has values of {dataViewType.RawType}, not {type}.", nameof(type));
        lock (Gate)
        {
            if (FindOrNull(type, typeAttribute) is not { } known)
                Types.Add((type, typeAttribute, dataViewType));
            else if (!known.Equals(dataViewType))
                throw new ArgumentException($"{type} is already known as {known}.", nameof(type));
        }
    }

    /// <summary>The column type of a member's type and attribute; null for none.</summary>
    internal static DataViewType? TypeOrNull(Type type, DataViewTypeAttribute? attribute)
    {
        attribute?.Register();
        lock (Gate)
            return FindOrNull(type, attribute);
    }

    private static DataViewType? FindOrNull(Type type, DataViewTypeAttribute? attribute)
        => Types.Find(t => t.RawType == type && (t.Attribute is null ? attribute is null : t.Attribute.Equals(attribute))).Type;
}
