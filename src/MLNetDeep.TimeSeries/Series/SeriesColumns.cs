using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.TimeSeries.Series;

/// <summary>The columns that series are read from.</summary>
internal static class SeriesColumns
{
    /// <summary>All of them, in the order value, key, time, covariates.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public static IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, SeriesSettings settings)
    {
        List<DataViewSchema.Column> columns = [];
        foreach ((string name, string role, Func<DataViewType, bool> fits, string expected) in Roles(settings))
        {
            DataViewSchema.Column column = ColumnRef.Find(schema, name, role);
            if (!fits(column.Type))
                throw WrongType(name, role, column.Type.ToString()!, expected);
            columns.Add(column);
        }

        return columns;
    }

    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public static void Check(SchemaShape schema, SeriesSettings settings)
    {
        foreach ((string name, string role, Func<DataViewType, bool> fits, string expected) in Roles(settings))
        {
            SchemaShape.Column column = ColumnRef.Find(schema, name, role);
            bool isKey = column.IsKey && role == "series key";
            if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !isKey && (column.IsKey || !fits(column.ItemType)))
                throw WrongType(name, role, column.Kind == SchemaShape.Column.VectorKind.Scalar ? column.ItemType.ToString()! : $"Vector<{column.ItemType}>", expected);
        }
    }

    /// <summary>A reader of the key of a row as text.</summary>
    public static Func<string> BindKey(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType)
        {
            IReadOnlyList<string>? names = KeyNames.Of(column)?.Names;
            Func<ulong> number = column.Type.RawType switch
            {
                Type t when t == typeof(byte) => Number<byte>(v => v),
                Type t when t == typeof(ushort) => Number<ushort>(v => v),
                Type t when t == typeof(uint) => Number<uint>(v => v),
                _ => Number<ulong>(v => v),
            };
            return () => number() switch
            {
                0 => "",
                var key when names is not null && key <= (ulong)names.Count => names[(int)key - 1],
                var key => key.ToString(CultureInfo.InvariantCulture),
            };

            Func<ulong> Number<T>(Func<T, ulong> widen)
            {
                ValueGetter<T> getter = row.GetGetter<T>(column);
                T value = default!;
                return () =>
                {
                    getter(ref value);
                    return widen(value);
                };
            }
        }

        if (column.Type is TextDataViewType)
            return Text<ReadOnlyMemory<char>>(v => v.ToString());
        if (column.Type.RawType == typeof(int))
            return Text<int>(v => v.ToString(CultureInfo.InvariantCulture));
        return Text<long>(v => v.ToString(CultureInfo.InvariantCulture));

        Func<string> Text<T>(Func<T, string> format)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return format(value);
            };
        }
    }

    private static IEnumerable<(string Name, string Role, Func<DataViewType, bool> Fits, string Expected)> Roles(SeriesSettings settings)
    {
        yield return (settings.InputColumn, "value", t => t == NumberDataViewType.Single, "Single");
        if (settings.KeyColumn is { } key)
            yield return (key, "series key", t => t is TextDataViewType or KeyDataViewType || t == NumberDataViewType.Int32 || t == NumberDataViewType.Int64, "text, a key, Int32 or Int64");
        if (settings.TimeColumn is { } time)
            yield return (time, "time", t => t is DateTimeDataViewType, "DateTime");
        foreach (string covariate in settings.PastCovariates.Concat(settings.FutureCovariates))
            yield return (covariate, "covariate", t => t == NumberDataViewType.Single, "Single");
    }

    private static ArgumentException WrongType(string name, string role, string type, string expected) =>
        new($"The {role} column '{name}' has type {type}, expected {expected}. Conversion.ConvertType changes numbers and dates.");
}
