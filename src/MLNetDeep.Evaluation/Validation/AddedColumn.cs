using Microsoft.ML;
using Microsoft.ML.Data;

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
        new(name, new VectorDataViewType(NumberDataViewType.Single, values.Length == 0 ? 1 : values[0].Length), annotations, row => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            float[] source = values[row()];
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, source.Length);
            source.CopyTo(editor.Values);
            value = editor.Commit();
        }));

    /// <summary>Annotations with texts under a name: what keys or slots stand for.</summary>
    public static DataViewSchema.Annotations Texts(string annotation, IReadOnlyList<string> texts)
    {
        DataViewSchema.Annotations.Builder builder = new();
        builder.Add(annotation, new VectorDataViewType(TextDataViewType.Instance, texts.Count), (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, texts.Count);
            for (int i = 0; i < texts.Count; i++)
                editor.Values[i] = texts[i].AsMemory();
            value = editor.Commit();
        });
        return builder.ToAnnotations();
    }
}
