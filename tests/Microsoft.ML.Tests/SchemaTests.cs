using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class SchemaTests
{
    [Fact]
    public void Types_print_as_they_are_written_in_messages()
    {
        Assert.Equal("Vector<Single, 2, 3>", new VectorDataViewType(NumberDataViewType.Single, 2, 3).ToString());
        Assert.Equal("Vector<Single, 2, *>", new VectorDataViewType(NumberDataViewType.Single, 2, 0).ToString());
        Assert.Equal("Vector<String>", new VectorDataViewType(TextDataViewType.Instance).ToString());
        Assert.Equal("Vector<Key<Byte, 0-2>, 4>", new VectorDataViewType(new KeyDataViewType(typeof(byte), 3), 4).ToString());
    }

    [Fact]
    public void Types_are_equal_by_what_they_are_made_of()
    {
        Assert.Equal(new VectorDataViewType(new KeyDataViewType(typeof(uint), 5), 3), new VectorDataViewType(new KeyDataViewType(typeof(uint), 5), 3));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Single, 3, 1));
        Assert.NotEqual(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(uint), 6));
        Assert.Equal(typeof(VBuffer<float>), new VectorDataViewType(NumberDataViewType.Single, 3).RawType);
    }

    [Fact]
    public void Key_types_have_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => new KeyDataViewType(typeof(uint), 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => new KeyDataViewType(typeof(byte), 300));
        Assert.Throws<ArgumentOutOfRangeException>("type", () => new KeyDataViewType(typeof(float), 3));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => new VectorDataViewType(NumberDataViewType.Single, -1));
    }

    [Fact]
    public void A_later_column_hides_an_earlier_one_of_its_name()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", NumberDataViewType.Single);
        builder.AddColumn("A", TextDataViewType.Instance);
        var schema = builder.ToSchema();

        Assert.Equal(3, schema.Count);
        Assert.Equal(2, schema["A"].Index);
        Assert.True(schema[0].IsHidden);
        Assert.False(schema[2].IsHidden);
        Assert.Null(schema.GetColumnOrNull("C"));
        Assert.Contains("'C'", Assert.Throws<ArgumentOutOfRangeException>("name", () => schema["C"]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => schema[3]);
        Assert.Equal("3 columns", schema.ToString());
        Assert.Equal("A: String", schema["A"].ToString());
    }

    [Fact]
    public void Annotations_are_read_by_name_and_type()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("K", NumberDataViewType.Single, 3f);
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(2, ["a".AsMemory(), "b".AsMemory()]));
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("V", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        builder.AddColumn("W", NumberDataViewType.Single);
        var schema = builder.ToSchema();

        var k = 0f;
        schema["V"].Annotations.GetValue("K", ref k);
        Assert.Equal(3, k);
        Assert.Equal("a/b", TestData.SlotNames(schema["V"]));
        Assert.True(schema["V"].HasSlotNames());
        Assert.True(schema["V"].IsNormalized());
        Assert.False(schema["V"].HasKeyValues());
        Assert.False(schema["W"].HasSlotNames());
        Assert.Equal("V: Vector<Single, 2> {K, SlotNames, IsNormalized}", schema["V"].ToString());
        Assert.Throws<InvalidOperationException>(() => TestData.SlotNames(schema["W"]));
        var wrong = 0;
        Assert.Throws<InvalidOperationException>(() => schema["V"].Annotations.GetValue("K", ref wrong));
    }

    [Fact]
    public void Annotations_of_another_type_than_declared_are_refused()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Assert.Throws<ArgumentException>(() => builder.AddPrimitiveValue("K", NumberDataViewType.Single, 3));
    }
}
