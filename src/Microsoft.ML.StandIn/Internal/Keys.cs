using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Reads key columns of whatever number type.</summary>
internal static class Keys
{
    /// <summary>The type of a column's keys, or an error where it has none.</summary>
    public static KeyDataViewType TypeOf(DataViewSchema.Column column)
        => DataViewTypes.ItemTypeOf(column.Type) as KeyDataViewType
            ?? throw Shapes.Mismatch("input", column.Name, "key type of known cardinality", column.Type.ToString()!);

    /// <summary>A getter that maps each key's index, -1 for a missing one, as <see cref="Getters.Map"/> does items.</summary>
    public static Delegate Map<TOut>(DataViewRow row, DataViewSchema.Column column, Func<int, TOut> map, bool keepsDefaults)
        => Getters.Call<Delegate>(typeof(Keys), nameof(MapTyped), [TypeOf(column).RawType, typeof(TOut)], row, column, map, keepsDefaults);

    private static Delegate MapTyped<TKey, TOut>(DataViewRow row, DataViewSchema.Column column, Func<int, TOut> map, bool keepsDefaults)
        where TKey : IBinaryInteger<TKey>
    {
        var count = TypeOf(column).Count;
        return Getters.Map<TKey, TOut>(row, column, (_, key) => map(IndexOf(key)), keepsDefaults);

        int IndexOf(TKey key)
        {
            var number = ulong.CreateTruncating(key);
            return number > count ? -1 : (int)Math.Min(number, int.MaxValue) - 1;
        }
    }
}
