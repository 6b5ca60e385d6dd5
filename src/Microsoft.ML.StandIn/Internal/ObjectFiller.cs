using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Fills the members of objects from the columns of rows.</summary>
/// <typeparam name="TRow">The class of the objects.</typeparam>
internal sealed class ObjectFiller<TRow>
    where TRow : class
{
    private readonly List<(DataViewSchema.Column Column, RowMember Member)> _bound = [];

    public ObjectFiller(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition? definition)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write);
        var members = RowMember.Of(typeof(TRow), SchemaDefinition.Direction.Write).ToDictionary(m => m.Name, StringComparer.Ordinal);
        foreach (var wanted in definition)
        {
            if (!members.TryGetValue(wanted.MemberName, out var member))
                throw new ArgumentOutOfRangeException(nameof(definition), $"No field or property with name '{wanted.MemberName}' found in type '{typeof(TRow)}'");
            if (schema.GetColumnOrNull(wanted.ColumnName) is not { } column)
            {
                if (ignoreMissingColumns)
                    continue;
                throw new ArgumentOutOfRangeException("Schema", $"Could not find  column '{wanted.ColumnName}'");
            }
            if (column.Type.RawType != member.RawType)
                throw new InvalidOperationException(
                    $"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property '{member.Name}' of type '{member.Type.FullName}'.");
            _bound.Add((column, member));
        }
    }

    /// <summary>The columns that members take their values from.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => _bound.Select(b => b.Column);

    /// <summary>Fills objects from a row's present values.</summary>
    public Action<TRow> Over(DataViewRow row)
    {
        var setters = _bound.Select(b => MakeSetter(row, b.Column, b.Member)).ToArray();
        return target =>
        {
            foreach (var setter in setters)
                setter(target);
        };
    }

    private static Action<TRow> MakeSetter(DataViewRow row, DataViewSchema.Column column, RowMember member)
    {
        var (method, argument) = (member.Type, member.IsText) switch
        {
            ({ IsArray: true }, true) => (nameof(TextArray), null),
            (_, true) => (nameof(Text), null),
            ({ IsArray: true }, _) => (nameof(Array), member.RawItemType),
            _ when member.IsVector => (nameof(Buffer), member.RawItemType),
            _ => (nameof(Plain), (Type?)member.RawItemType),
        };
        var info = typeof(ObjectFiller<TRow>).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!;
        if (argument is not null)
            info = info.MakeGenericMethod(argument);
        return (Action<TRow>)info.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column, member], null)!;
    }

    private static Action<TRow> Plain<T>(DataViewRow row, DataViewSchema.Column column, RowMember member)
    {
        var getter = row.GetGetter<T>(column);
        var write = member.Writer<TRow, T>();
        return target =>
        {
            T value = default!;
            getter(ref value);
            write(target, value);
        };
    }

    private static Action<TRow> Text(DataViewRow row, DataViewSchema.Column column, RowMember member)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        var write = member.Writer<TRow, string>();
        return target =>
        {
            ReadOnlyMemory<char> value = default;
            getter(ref value);
            write(target, value.ToString());
        };
    }

    private static Action<TRow> Array<T>(DataViewRow row, DataViewSchema.Column column, RowMember member)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var read = member.Reader<TRow, T[]?>();
        var write = member.Writer<TRow, T[]>();
        VBuffer<T> value = default;
        return target =>
        {
            getter(ref value);
            var array = read(target);
            if ((array?.Length ?? 0) != value.Length)
                write(target, array = new T[value.Length]);
            value.CopyTo(array.AsSpan());
        };
    }

    private static Action<TRow> TextArray(DataViewRow row, DataViewSchema.Column column, RowMember member)
    {
        var getter = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        var read = member.Reader<TRow, string[]?>();
        var write = member.Writer<TRow, string[]>();
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            getter(ref value);
            var array = read(target);
            if ((array?.Length ?? 0) != value.Length)
                write(target, array = new string[value.Length]);
            foreach (var item in value.Items(all: true))
                array![item.Key] = item.Value.ToString();
        };
    }

    private static Action<TRow> Buffer<T>(DataViewRow row, DataViewSchema.Column column, RowMember member)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var read = member.Reader<TRow, VBuffer<T>>();
        var write = member.Writer<TRow, VBuffer<T>>();
        return target =>
        {
            var value = read(target);
            getter(ref value);
            write(target, value);
        };
    }
}
