using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Support;

/// <summary>Columns of numbers to the bit.</summary>
internal static class Bits
{
    /// <summary>The values of a column, each as its bits: Single, vector of Single, Boolean, key or vector of keys.</summary>
    public static int[][] Of(IDataView data, string column)
    {
        DataViewType type = data.Schema[column].Type;
        return type is VectorDataViewType { ItemType: KeyDataViewType } ? [.. data.GetColumn<uint[]>(column).Select(v => v.Select(k => (int)k).ToArray())]
            : type is VectorDataViewType ? [.. data.GetColumn<float[]>(column).Select(Of)]
            : type is BooleanDataViewType ? [.. data.GetColumn<bool>(column).Select(v => new[] { v ? 1 : 0 })]
            : type is KeyDataViewType ? [.. data.GetColumn<uint>(column).Select(v => new[] { (int)v })]
            : type is TextDataViewType ? [.. data.GetColumn<string>(column).Select(v => v.Select(c => (int)c).ToArray())]
            : [.. data.GetColumn<float>(column).Select(v => Of([v]))];
    }

    public static int[] Of(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
