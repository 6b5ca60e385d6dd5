using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A field or property of a class whose objects are rows.</summary>
internal sealed class RowMember
{
    private readonly MemberInfo _member;

    // Compiled once: there is one class of rows and one type of value for each member.
    private Delegate? _reader;
    private Delegate? _writer;

    private RowMember(MemberInfo member, Type type)
    {
        _member = member;
        Type = type;
        IsVector = type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>));
        var item = type.IsArray ? type.GetElementType()! : IsVector ? type.GetGenericArguments()[0] : type;
        IsText = item == typeof(string);
        RawItemType = IsText ? typeof(ReadOnlyMemory<char>) : item;
    }

    public string Name => _member.Name;

    public bool IsProperty => _member is PropertyInfo;

    public string ColumnName => _member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? Name;

    /// <summary>The member's own type.</summary>
    public Type Type { get; }

    public bool IsVector { get; }

    /// <summary>Whether the member, or its items, are strings.</summary>
    public bool IsText { get; }

    /// <summary>The type of the member's values, or of their items, as columns hold them.</summary>
    public Type RawItemType { get; }

    /// <summary>The type of the values as columns hold them.</summary>
    public Type RawType => IsVector ? typeof(VBuffer<>).MakeGenericType(RawItemType) : RawItemType;

    /// <summary>The members of a class that stand for columns: public fields, then public properties.</summary>
    public static IEnumerable<RowMember> Of(Type type, SchemaDefinition.Direction direction)
    {
        const BindingFlags Flags = BindingFlags.Instance | BindingFlags.Public;
        foreach (var field in type.GetFields(Flags))
            if (!field.IsDefined(typeof(NoColumnAttribute)))
                yield return new RowMember(field, field.FieldType);
        foreach (var property in type.GetProperties(Flags))
        {
            var canRead = !direction.HasFlag(SchemaDefinition.Direction.Read) || property.GetMethod is { IsPublic: true };
            var canWrite = direction != SchemaDefinition.Direction.Write || property.SetMethod is { IsPublic: true };
            if (canRead && canWrite && property.GetIndexParameters().Length == 0 && !property.IsDefined(typeof(NoColumnAttribute)))
                yield return new RowMember(property, property.PropertyType);
        }
    }

    public TAttribute? Attribute<TAttribute>()
        where TAttribute : Attribute
        => _member.GetCustomAttribute<TAttribute>();

    /// <summary>The column type that the member and its attributes declare.</summary>
    public DataViewType DeclaredType()
    {
        if (DataViewTypeManager.TypeOrNull(Type, _member.GetCustomAttribute<DataViewTypeAttribute>()) is { } registered)
            return registered;
        var item = DataViewTypes.PrimitiveOrNull(RawItemType)
            ?? throw new ArgumentOutOfRangeException("rawType", $"Could not determine an IDataView type and registered custom types for member {Name}");
        if (_member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            if (!KeyDataViewType.IsValidDataType(RawItemType))
                throw new ArgumentOutOfRangeException("userType", $"Member {Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
            item = new KeyDataViewType(RawItemType, key.KeyCount.Count
                ?? throw new NotSupportedException("Using KeyType without the Count parameter is not supported"));
        }
        var vector = _member.GetCustomAttribute<VectorTypeAttribute>();
        if (vector is not null && !IsVector)
            throw new ArgumentOutOfRangeException("userType", $"Member {Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
        if (!IsVector)
            return item;
        return vector?.Dims is { Length: > 0 } dimensions ? new VectorDataViewType(item, dimensions) : new VectorDataViewType(item);
    }

    /// <summary>Reads the member.</summary>
    public Func<TRow, TMember> Reader<TRow, TMember>()
    {
        if (_reader is not Func<TRow, TMember> reader)
        {
            var row = Expression.Parameter(typeof(TRow));
            _reader = reader = Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, _member), row).Compile();
        }
        return reader;
    }

    /// <summary>Writes the member.</summary>
    public Action<TRow, TMember> Writer<TRow, TMember>()
    {
        if (_writer is not Action<TRow, TMember> writer)
        {
            var row = Expression.Parameter(typeof(TRow));
            var value = Expression.Parameter(typeof(TMember));
            _writer = writer = Expression.Lambda<Action<TRow, TMember>>(Expression.Assign(Expression.MakeMemberAccess(row, _member), value), row, value).Compile();
        }
        return writer;
    }
}
