using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Finds and reads the columns that evaluations need.</summary>
internal static class EvaluationColumns
{
    /// <summary>The column that has a role, or an error that names it.</summary>
    public static DataViewSchema.Column Find(IDataView data, string role, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return data.Schema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(data), $"{role} column '{name}' not found");
    }

    /// <summary>The column of single numbers that has a role.</summary>
    public static DataViewSchema.Column FindSingle(IDataView data, string role, string name)
    {
        var column = Find(data, role, name);
        return column.Type.Equals(NumberDataViewType.Single) ? column : throw Shapes.Mismatch(role, name, "Single", column.Type.ToString()!);
    }

    /// <summary>A reader of a key's index or a number; NaN where it is missing.</summary>
    public static Func<double> LabelReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType)
        {
            var keyGetter = (ValueGetter<int>)Keys.Map(row, column, key => key, keepsDefaults: false);
            var key = 0;
            return () =>
            {
                keyGetter(ref key);
                return key < 0 ? double.NaN : key;
            };
        }
        if (column.Type is not BooleanDataViewType)
            return column.Type.RawType == typeof(double) ? NumberReader<double>(row, column) : NumberReader<float>(row, column);
        var getter = row.GetGetter<bool>(column);
        var value = false;
        return () =>
        {
            getter(ref value);
            return value ? 1 : 0;
        };
    }

    /// <summary>A reader of a number.</summary>
    public static Func<double> NumberReader<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct, INumberBase<T>
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return double.CreateChecked(value);
        };
    }
}
