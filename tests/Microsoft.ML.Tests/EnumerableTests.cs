using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class EnumerableTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Members_become_columns_fields_first()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Example { A = 1, Text = "x", V = [1, 2], Key = 2, Any = [7] } });
        Assert.Equal("A: Single; Text: String; V: Vector<Single, 2>; Key: Key<UInt32, 0-4>; Renamed: Boolean; Any: Vector<Int32>; P: Double", TestData.Columns(data));
        Assert.Equal(1, data.GetRowCount());
        Assert.Equal([1f], data.GetColumn<float>("A"));
        Assert.Equal(["x"], data.GetColumn<string>("Text"));
        Assert.Equal([1, 2], data.GetColumn<float[]>("V").Single());
        Assert.Equal([7], data.GetColumn<VBuffer<int>>("Any").Single().DenseValues());
    }

    [Fact]
    public void Keys_of_objects_count_from_zero_and_those_of_columns_from_one()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Example { Key = 0 }, new Example { Key = 4 }, new Example { Key = 9 } });
        Assert.Equal([1u, 5, 0], data.GetColumn<uint>("Key"));
        Assert.Equal([1u, 5, 0], _ml.Data.CreateEnumerable<Example>(data, reuseRowObject: false).Select(e => e.Key));
    }

    [Fact]
    public void Vectors_of_keys_are_passed_on_as_they_are()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Keys { K = [0, 7, 9] } });
        Assert.Equal("K: Vector<Key<UInt16, 0-7>>", TestData.Columns(data));
        Assert.Equal([0, 7, 9], data.GetColumn<ushort[]>("K").Single());
    }

    [Fact]
    public void Objects_come_back_as_they_went_in()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Example { A = 1, Text = "x", V = [1, 2], P = 3 }, new Example { A = 2 } });
        var back = _ml.Data.CreateEnumerable<Example>(data, reuseRowObject: false).ToArray();
        Assert.Equal(1, back[0].A);
        Assert.Equal("x", back[0].Text);
        Assert.Equal([1, 2], back[0].V!);
        Assert.Equal(3, back[0].P);
        // Missing text is empty, and a missing vector stays away.
        Assert.Equal("", back[1].Text);
        Assert.Null(back[1].V);
    }

    [Fact]
    public void One_object_can_be_filled_for_all_rows()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Example { A = 1 }, new Example { A = 2 } });
        var seen = new List<(Example Row, float A)>();
        foreach (var row in _ml.Data.CreateEnumerable<Example>(data, reuseRowObject: true))
            seen.Add((row, row.A));
        Assert.Same(seen[0].Row, seen[1].Row);
        Assert.Equal([1, 2], seen.Select(s => s.A));
    }

    [Fact]
    public void Members_without_a_column_are_an_error_that_can_be_waived()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Example() });
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Other>(data, false).Count());
        Assert.Contains("'Missing'", error.Message);
        Assert.Equal(-1, _ml.Data.CreateEnumerable<Other>(data, false, ignoreMissingColumns: true).Single().Missing);
    }

    [Fact]
    public void Members_of_another_type_are_an_error_that_names_both()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Example() });
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<WrongType>(data, false).Count());
        Assert.Equal("Can't bind the IDataView column 'A' of type 'Single' to field or property 'A' of type 'System.Int32'.", error.Message);
    }

    [Theory]
    [InlineData(typeof(Unsupported), "member O")]
    [InlineData(typeof(FloatKey), "Member F")]
    [InlineData(typeof(ScalarVector), "Member F")]
    [InlineData(typeof(Twice), "'A'")]
    public void Members_that_cannot_be_columns_are_errors_that_name_them(Type type, string named)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => SchemaDefinition.Create(type));
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void Definitions_change_names_types_and_annotations()
    {
        var definition = SchemaDefinition.Create(typeof(Loose));
        definition["V"]!.ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["V"]!.AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(2, ["p".AsMemory(), "q".AsMemory()]),
            new VectorDataViewType(TextDataViewType.Instance, 2));
        definition["A"]!.ColumnName = "Z";
        var data = _ml.Data.LoadFromEnumerable(new[] { new Loose { A = 1, V = [1, 2] } }, definition);
        Assert.Equal("Z: Single; V: Vector<Single, 2> {SlotNames}", TestData.Columns(data));
        Assert.Equal("p/q", TestData.SlotNames(data.Schema["V"]));
    }

    [Fact]
    public void A_definition_of_another_item_type_is_an_error()
    {
        var definition = SchemaDefinition.Create(typeof(Loose));
        definition["A"]!.ColumnType = NumberDataViewType.Double;
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new[] { new Loose() }, definition));
    }

    [Fact]
    public void Objects_are_enumerated_only_when_rows_are_read_and_each_time_anew()
    {
        var enumerated = 0;
        IEnumerable<Loose> Source()
        {
            enumerated++;
            yield return new Loose { A = 1 };
        }
        var data = _ml.Data.LoadFromEnumerable(Source());
        Assert.Equal(0, enumerated);
        Assert.Null(data.GetRowCount());
        _ = data.GetColumn<float>("A").Count() + data.GetColumn<float>("A").Count();
        Assert.Equal(2, enumerated);
    }

    [Fact]
    public void Cursors_check_columns_and_types()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Example { A = 5 } });
        using var cursor = data.GetRowCursor([data.Schema["A"]]);
        Assert.Equal(-1, cursor.Position);
        Assert.True(cursor.IsColumnActive(data.Schema["A"]));
        Assert.False(cursor.IsColumnActive(data.Schema["V"]));
        Assert.Throws<ArgumentOutOfRangeException>("column", () => cursor.GetGetter<VBuffer<float>>(data.Schema["V"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["A"]));
        Assert.True(cursor.MoveNext());
        Assert.Equal(0, cursor.Position);
        var a = 0f;
        cursor.GetGetter<float>(data.Schema["A"])(ref a);
        Assert.Equal(5, a);
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    [Fact]
    public void Columns_are_read_only_as_what_they_are()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Example() });
        Assert.Throws<ArgumentOutOfRangeException>("column", () => data.GetColumn<double>("A").First());
        Assert.Throws<ArgumentOutOfRangeException>("name", () => data.GetColumn<double>("Nope"));
        var small = _ml.Data.LoadFromEnumerable(new[] { new Other() });
        Assert.Throws<InvalidOperationException>(() => small.GetRowCursor([data.Schema["P"]]));
    }

    [Fact]
    public void Previews_show_the_first_rows()
    {
        var preview = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(i => new Loose { A = i })).Preview(3);
        Assert.Equal("2 columns, 3 rows", preview.ToString());
        Assert.Equal([0f, 1f, 2f], preview.ColumnView[0].Values);
        Assert.Equal(new KeyValuePair<string, object>("A", 2f), preview.RowView[2].Values[0]);
    }

    public class Example
    {
        public float A;
        public string? Text;
        [VectorType(2)]
        public float[]? V;
        [KeyType(5)]
        public uint Key;
        [ColumnName("Renamed")]
        public bool Flag;
        public int[]? Any;
        [NoColumn]
        public object? Ignored;

        public double P { get; set; }
    }

    public class Keys
    {
        [KeyType(8)]
        public ushort[]? K;
    }

    public class Other
    {
        public float A;
        public int Missing = -1;
    }

    public class WrongType
    {
        public int A;
    }

    public class Loose
    {
        public float A;
        public float[]? V;
    }

    public class Unsupported
    {
        public object? O;
    }

    public class FloatKey
    {
        [KeyType(3)]
        public float F;
    }

    public class ScalarVector
    {
        [VectorType(2)]
        public float F;
    }

    public class Twice
    {
        public int A;
        [ColumnName("A")]
        public int B;
    }
}
