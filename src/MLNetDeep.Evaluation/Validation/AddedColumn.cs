using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation.Validation;

/// <summary>A column of values in memory that is added to data.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Annotations">What is known of it.</param>
/// <param name="CreateGetter">Makes a getter of the value of the row whose number the argument gives.</param>
internal sealed record AddedColumn(string Name, DataViewType Type, DataViewSchema.Annotations? Annotations, Func<Func<int>, Delegate> CreateGetter)
{
    public static AddedColumn Of<T>(string name, DataViewType type, T[] values, DataViewSchema.Annotations? annotations = null) =>
        new(name, type, annotations, row => (ValueGetter<T>)((ref T value) => value = values[row()]));

    public static AddedColumn OfVectors(string name, float[][] values, DataViewSchema.Annotations? annotations = null) =>
        new(name, new VectorDataViewType(NumberDataViewType.Single, values.Length == 0 ? 1 : values[0].Length), annotations, row => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Vectors.Set(ref value, values[row()])));

    /// <summary>Annotations with texts under a name: what keys or slots stand for.</summary>
    public static DataViewSchema.Annotations Texts(string annotation, IReadOnlyList<string> texts)
    {
        DataViewSchema.Annotations.Builder builder = new();
        builder.Add(annotation, new VectorDataViewType(TextDataViewType.Instance, texts.Count), (ref VBuffer<ReadOnlyMemory<char>> value) => Vectors.Set(ref value, [.. texts.Select(t => t.AsMemory())]));
        return builder.ToAnnotations();
    }
}
