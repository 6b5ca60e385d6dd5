using Microsoft.ML.Data;

namespace MLNetDeep.Rows;

/// <summary>Values of vector columns.</summary>
internal static class Vectors
{
    /// <summary>Makes <paramref name="target"/> a vector of <paramref name="values"/>, in the memory it has where that is enough.</summary>
    public static void Set<T>(ref VBuffer<T> target, ReadOnlySpan<T> values)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref target, values.Length);
        values.CopyTo(editor.Values);
        target = editor.Commit();
    }
}
