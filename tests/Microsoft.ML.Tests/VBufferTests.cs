using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class VBufferTests
{
    private static VBuffer<float> Sparse => new(5, 2, [1, 2], [1, 3]);

    [Fact]
    public void Sparse_vectors_give_defaults_between_their_values()
    {
        Assert.False(Sparse.IsDense);
        Assert.Equal([0, 1, 0, 2, 0], Sparse.DenseValues());
        Assert.Equal(2, Sparse.GetItemOrDefault(3));
        Assert.Equal(0, Sparse.GetItemOrDefault(4));
        Assert.Equal([new(1, 1), new(3, 2)], Sparse.Items());
        Assert.Equal(5, Sparse.Items(all: true).Count());
        Assert.Equal([1f, 2f], Sparse.Cast<float>());
        Assert.Equal("Sparse vector of size 5, 2 explicit values", Sparse.ToString());
    }

    [Fact]
    public void A_vector_of_explicit_values_only_is_dense()
    {
        var buffer = new VBuffer<float>(2, 2, [1, 2], [0, 1]);
        Assert.True(buffer.IsDense);
        Assert.Equal(0, buffer.GetIndices().Length);
        Assert.True(default(VBuffer<float>).IsDense);
        Assert.Equal("Dense vector of size 2", buffer.ToString());
    }

    [Fact]
    public void Wrong_lengths_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>("values", () => new VBuffer<float>(5, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => new VBuffer<float>(-1, []));
        Assert.Throws<ArgumentOutOfRangeException>("indices", () => new VBuffer<float>(5, 2, [1, 2], [3]));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => new VBuffer<float>(1, 2, [1, 2], [0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => Sparse.GetItemOrDefault(5));
        Assert.Throws<ArgumentOutOfRangeException>("destination", () => Sparse.CopyTo(new float[3]));
    }

    [Fact]
    public void Copies_of_ranges_stay_sparse()
    {
        VBuffer<float> part = default;
        Sparse.CopyTo(ref part, 2, 3);
        Assert.Equal(3, part.Length);
        Assert.False(part.IsDense);
        Assert.Equal([0, 2, 0], part.DenseValues());
    }

    [Fact]
    public void Copies_to_spans_fill_in_a_chosen_default()
    {
        var values = new float[6];
        Array.Fill(values, 9);
        Sparse.CopyTo(values, 1, 7);
        Assert.Equal([9, 7, 1, 7, 2, 7], values);
    }

    [Fact]
    public void Copies_can_be_made_dense()
    {
        VBuffer<float> dense = default;
        Sparse.CopyToDense(ref dense);
        Assert.True(dense.IsDense);
        Assert.Equal([0, 1, 0, 2, 0], dense.DenseValues());
    }

    [Fact]
    public void Copies_do_not_share_arrays()
    {
        var values = new float[] { 1, 2 };
        VBuffer<float> copy = default;
        new VBuffer<float>(2, values).CopyTo(ref copy);
        values[0] = 5;
        Assert.Equal(1, copy.GetItemOrDefault(0));
    }

    [Fact]
    public void Editors_write_sparse_vectors_and_can_keep_the_first_values_only()
    {
        VBuffer<float> buffer = default;
        var editor = VBufferEditor.Create(ref buffer, 4, 3);
        Assert.True(editor.CreatedNewValues && editor.CreatedNewIndices);
        editor.Values[0] = 1;
        editor.Indices[0] = 2;
        buffer = editor.CommitTruncated(1);
        Assert.Equal([0, 0, 1, 0], buffer.DenseValues());
    }

    [Fact]
    public void Editors_reuse_arrays()
    {
        var values = new float[] { 1, 2, 3, 4 };
        var buffer = new VBuffer<float>(4, values);
        var editor = VBufferEditor.Create(ref buffer, 2);
        Assert.False(editor.CreatedNewValues);
        editor.Values[1] = 8;
        Assert.Equal(8, values[1]);
        Assert.Equal(2, editor.Commit().Length);
    }

    [Fact]
    public void Editors_cannot_have_more_values_than_length()
    {
        VBuffer<float> buffer = default;
        Assert.Throws<ArgumentOutOfRangeException>("valuesCount", () => VBufferEditor.Create(ref buffer, 4, 5));
    }
}
