using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The columns that objects of a class give: a schema and, for each column, how its getter is made.</summary>
/// <typeparam name="TRow">The class.</typeparam>
internal sealed class ObjectColumns<TRow>
    where TRow : class
{
    private readonly RowMember[] _members;

    public ObjectColumns(SchemaDefinition? definition)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        var members = RowMember.Of(typeof(TRow), SchemaDefinition.Direction.Read).ToDictionary(m => m.Name, StringComparer.Ordinal);
        var builder = new DataViewSchema.Builder();
        _members = new RowMember[definition.Count];
        for (var i = 0; i < _members.Length; i++)
        {
            var column = definition[i];
            if (!members.TryGetValue(column.MemberName, out var member))
                throw new ArgumentOutOfRangeException("userSchemaDefinition", $"No field or property with name '{column.MemberName}' found in type '{typeof(TRow)}'");
            if (column.ColumnType is VectorDataViewType != member.IsVector)
                throw new ArgumentOutOfRangeException("userSchemaDefinition",
                    $"Column '{column.ColumnName}' is supposed to be {(member.IsVector ? "scalar" : "vector")}, but type of associated field '{member.Name}' is {(member.IsVector ? "vector" : "scalar")}");
            if (column.ColumnType.RawType != member.RawType)
                throw new ArgumentOutOfRangeException("userSchemaDefinition",
                    $"Column '{column.ColumnName}' is supposed to have item type {DataViewTypes.ItemTypeOf(column.ColumnType).RawType}, but associated field has type {member.RawItemType}");
            _members[i] = member;
            builder.AddColumn(column.ColumnName, column.ColumnType, column.Annotations);
        }
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    /// <summary>The getter of a column over the object that <paramref name="current"/> holds.</summary>
    public Delegate MakeGetter(int column, Holder current)
    {
        var member = _members[column];
        var type = Schema[column].Type;
        var keyCount = DataViewTypes.KeyCountOf(type);
        var (method, argument) = (member.Type, member.IsText) switch
        {
            ({ IsArray: true }, true) => (nameof(TextArray), null),
            (_, true) => (nameof(Text), null),
            ({ IsArray: true }, _) => (nameof(Array), member.RawItemType),
            _ when member.IsVector => (nameof(Buffer), member.RawItemType),
            _ when keyCount > 0 => (nameof(Key), member.RawItemType),
            _ => (nameof(Plain), (Type?)member.RawItemType),
        };
        var info = typeof(ObjectColumns<TRow>).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!;
        if (argument is not null)
            info = info.MakeGenericMethod(argument);
        return (Delegate)info.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [member, current, keyCount], null)!;
    }

    private static ValueGetter<T> Plain<T>(RowMember member, Holder current, ulong keyCount)
    {
        var read = member.Reader<TRow, T>();
        return (ref T value) => value = read(current.Value!);
    }

    // Objects count keys from 0; columns count them from 1, and 0 is missing, as is what is beyond the last.
    // ML.NET does so for single keys only, and passes vectors of keys on as they are.
    private static ValueGetter<T> Key<T>(RowMember member, Holder current, ulong keyCount)
        where T : struct
    {
        var read = member.Reader<TRow, T>();
        return (ref T value) => value = ToKey(read(current.Value!), keyCount);
    }

    private static ValueGetter<ReadOnlyMemory<char>> Text(RowMember member, Holder current, ulong keyCount)
    {
        var read = member.Reader<TRow, string?>();
        return (ref ReadOnlyMemory<char> value) => value = read(current.Value!).AsMemory();
    }

    private static ValueGetter<VBuffer<T>> Array<T>(RowMember member, Holder current, ulong keyCount)
    {
        var read = member.Reader<TRow, T[]?>();
        return (ref VBuffer<T> value) =>
        {
            var items = read(current.Value!).AsSpan();
            var editor = VBufferEditor.Create(ref value, items.Length);
            items.CopyTo(editor.Values);
            value = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextArray(RowMember member, Holder current, ulong keyCount)
    {
        var read = member.Reader<TRow, string?[]?>();
        return (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            var items = read(current.Value!).AsSpan();
            var editor = VBufferEditor.Create(ref value, items.Length);
            for (var i = 0; i < items.Length; i++)
                editor.Values[i] = items[i].AsMemory();
            value = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> Buffer<T>(RowMember member, Holder current, ulong keyCount)
    {
        var read = member.Reader<TRow, VBuffer<T>>();
        return (ref VBuffer<T> value) => read(current.Value!).CopyTo(ref value);
    }

    private static T ToKey<T>(T value, ulong keyCount)
        where T : struct
        => value switch
        {
            byte v => v < keyCount ? (T)(object)(byte)(v + 1) : default,
            ushort v => v < keyCount ? (T)(object)(ushort)(v + 1) : default,
            uint v => v < keyCount ? (T)(object)(v + 1) : default,
            ulong v => v < keyCount ? (T)(object)(v + 1) : default,
            _ => value,
        };

    /// <summary>The object that getters read.</summary>
    internal sealed class Holder
    {
        public TRow? Value;
    }
}
