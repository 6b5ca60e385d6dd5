using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace Microsoft.ML.Tests.Transforms;

/// <summary>MapValueToKey, MapKeyToValue, MapKeyToVector.</summary>
public class KeyTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { Name = "pear", Size = 2.5f, Count = 30, Flag = true, Tags = ["b", "a"] },
        new Row { Name = "Apple", Size = float.NaN, Count = 4, Flag = false, Tags = ["", "b"] },
        new Row { Name = "", Size = -1, Count = 30, Flag = true, Tags = ["c", "c"] },
        new Row { Name = "apple", Size = 2.5f, Count = -7, Flag = true, Tags = ["a", "d"] },
        new Row { Name = "pear", Size = 0, Count = 0, Flag = false, Tags = ["d", "a"] },
    });

    private static readonly InputOutputColumnPair[] All =
        [new("KName", "Name"), new("KSize", "Size"), new("KCount", "Count"), new("KFlag", "Flag"), new("KTags", "Tags")];

    private static readonly string[] Keys = ["KName", "KSize", "KCount", "KFlag", "KTags"];

    [Fact]
    public void Keys_in_order_of_occurrence_and_missing_values_without_a_key()
    {
        Expect.Text("""
            KName: Key3<UInt32> {KeyValues=[pear Apple apple]}
            KSize: Key3<UInt32> {KeyValues=[2.5 -1 0]}
            KCount: Key4<UInt32> {KeyValues=[30 4 -7 0]}
            KFlag: Key2<UInt32> {KeyValues=[True False]}
            KTags: Key4<UInt32>[2] {KeyValues=[b a c d]}
            1 | 1 | 1 | 1 | [1 2]
            2 | 0 | 2 | 2 | [0 1]
            0 | 2 | 1 | 1 | [3 3]
            3 | 1 | 3 | 1 | [2 4]
            1 | 3 | 4 | 2 | [4 2]
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.MapValueToKey(All)), Keys));
    }

    [Fact]
    public void Keys_in_order_of_value()
    {
        Expect.Text("""
            KName: Key3<UInt32> {KeyValues=[Apple apple pear]}
            KSize: Key3<UInt32> {KeyValues=[-1 0 2.5]}
            KCount: Key4<UInt32> {KeyValues=[-7 0 4 30]}
            KFlag: Key2<UInt32> {KeyValues=[False True]}
            KTags: Key4<UInt32>[2] {KeyValues=[a b c d]}
            3 | 3 | 4 | 2 | [2 1]
            1 | 0 | 3 | 1 | [0 2]
            0 | 1 | 4 | 2 | [3 3]
            2 | 3 | 1 | 2 | [1 4]
            3 | 2 | 2 | 1 | [4 1]
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.MapValueToKey(All, keyOrdinality: KeyOrdinality.ByValue)), Keys));
    }

    [Fact]
    public void Key_values_as_text()
    {
        Expect.Text("""
            KName: Key3<UInt32> {KeyValues=[pear Apple apple]}
            KSize: Key3<UInt32> {KeyValues=[2.5 -1 0]}
            KCount: Key4<UInt32> {KeyValues=[30 4 -7 0]}
            KFlag: Key2<UInt32> {KeyValues=[1 0]}
            KTags: Key4<UInt32>[2] {KeyValues=[b a c d]}
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.MapValueToKey(All, addKeyValueAnnotationsAsText: true)).Schema, Keys));
    }

    [Fact]
    public void No_more_keys_than_asked_for()
    {
        Expect.Text("""
            Name: Key2<UInt32> {KeyValues=[pear Apple]}
            1
            2
            0
            0
            1
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.MapValueToKey("Name", maximumNumberOfKeys: 2)), "Name"));
        Expect.Text("""
            Name: Key2<UInt32> {KeyValues=[Apple pear]}
            2
            1
            0
            0
            2
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.MapValueToKey("Name", maximumNumberOfKeys: 2, keyOrdinality: KeyOrdinality.ByValue)), "Name"));
    }

    [Fact]
    public void Unseen_values_have_no_key()
    {
        var other = _ml.Data.LoadFromEnumerable(new[] { new Row { Name = "plum", Size = 9, Count = 4, Flag = false, Tags = ["z", "c"] } });
        Expect.Text("0 | 0 | 2 | 2 | [0 3]", Text.Rows(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.MapValueToKey(All), other), Keys));
    }

    [Fact]
    public void Keys_from_a_table_given()
    {
        var table = _ml.Data.LoadFromEnumerable(new[] { new Word { Value = "plum" }, new Word { Value = "pear" }, new Word { Value = "apple" } });
        Expect.Text("""
            Name: Key3<UInt32> {KeyValues=[plum pear apple]}
            2
            0
            0
            3
            2
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.MapValueToKey("Name", keyData: table)), "Name"));
    }

    [Fact]
    public void Keys_from_an_empty_table_given()
    {
        var none = _ml.Data.LoadFromEnumerable(Array.Empty<Row>());
        Expect.Text("""
            Name: Key1<UInt32>
            0
            0
            0
            0
            0
            """, Text.Of(_ml.Transforms.Conversion.MapValueToKey("Name").Fit(none).Transform(Data()), "Name"));
    }

    [Fact]
    public void Keys_of_keys()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Keyed { Key = 3 }, new Keyed { Key = 0 }, new Keyed { Key = 1 } });
        Expect.Text("""
            K: Key3<UInt32> {KeyValues=[4 1 2]}
            1
            2
            3
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.Conversion.MapValueToKey("K", "Key")), "K"));
    }

    [Fact]
    public void Promised_shapes()
    {
        Expect.Text("""
            KName: Key<UInt32> {KeyValues: Text[n]}
            KSize: Key<UInt32> {KeyValues: Single[n]}
            KCount: Key<UInt32> {KeyValues: Int32[n]}
            KFlag: Key<UInt32> {KeyValues: Boolean[n]}
            KTags: Key<UInt32>[n] {KeyValues: Text[n]}
            """, Trial.Promise(Data(), _ml.Transforms.Conversion.MapValueToKey(All), Keys));
        Expect.Text("K: Key<UInt32> {KeyValues: Text[n]}", Trial.Promise(Data(), _ml.Transforms.Conversion.MapValueToKey("K", "Size", addKeyValueAnnotationsAsText: true), "K"));
        var keyed = _ml.Transforms.Conversion.MapValueToKey(All);
        Expect.Text("""
            KName: Text
            KTags: Text[n]
            """, Trial.Promise(Data(), keyed.Append(_ml.Transforms.Conversion.MapKeyToValue("KName")).Append(_ml.Transforms.Conversion.MapKeyToValue("KTags")), "KName", "KTags"));
        Expect.Text("""
            KName: Single[n] {CategoricalSlotRanges: Int32[n]; IsNormalized: Boolean; SlotNames: Text[n]}
            KSize: Single[n] {IsNormalized: Boolean}
            KTags: Single[n] {CategoricalSlotRanges: Int32[n]; IsNormalized: Boolean; SlotNames: Text[n]}
            """, Trial.Promise(Data(), keyed.Append(_ml.Transforms.Conversion.MapKeyToVector("KName")).Append(_ml.Transforms.Conversion.MapKeyToVector("KTags"))
            .Append(_ml.Transforms.Conversion.MapKeyToVector("KSize", outputCountVector: true)), "KName", "KTags", "KSize"));
    }

    [Fact]
    public void Back_to_values()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey(All).Append(_ml.Transforms.Conversion.MapKeyToValue(
            [new("KName"), new("KSize"), new("KCount"), new("KFlag"), new("KTags")]));
        Expect.Text("""
            KName: Text
            KSize: Single
            KCount: Int32
            KFlag: Boolean
            KTags: Text[2]
            pear | 2.5 | 30 | True | [b a]
            Apple | NaN | 4 | False | [ b]
             | -1 | 30 | True | [c c]
            apple | 2.5 | -7 | True | [a d]
            pear | 0 | 0 | False | [d a]
            """, Text.Of(Trial.Run(_ml, Data(), pipeline), Keys));
    }

    [Fact]
    public void Back_to_values_needs_key_values()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Keyed { Key = 3 } });
        Assert.Contains("Key", Record.Exception(() => _ml.Transforms.Conversion.MapKeyToValue("Key").Fit(data).Transform(data))!.Message, StringComparison.Ordinal);
        Assert.NotNull(Record.Exception(() => _ml.Transforms.Conversion.MapKeyToValue("Name").Fit(Data()).Transform(Data())));
    }

    [Fact]
    public void Keys_as_indicator_vectors()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey(All).Append(_ml.Transforms.Conversion.MapKeyToVector(
            [new("KName"), new("KSize"), new("KCount"), new("KFlag"), new("KTags")]));
        Expect.Text("""
            KName: Single[3] {CategoricalSlotRanges=[0 2]; IsNormalized=True; SlotNames=[pear Apple apple]}
            KSize: Single[3] {CategoricalSlotRanges=[0 2]; IsNormalized=True}
            KCount: Single[4] {CategoricalSlotRanges=[0 3]; IsNormalized=True}
            KFlag: Single[2] {CategoricalSlotRanges=[0 1]; IsNormalized=True}
            KTags: Single[2,4] {CategoricalSlotRanges=[0 3 4 7]; IsNormalized=True; SlotNames=[[0].b [0].a [0].c [0].d [1].b [1].a [1].c [1].d]}
            [1 0 0] | [1 0 0] | [1 0 0 0] | [1 0] | [1 0 0 0 0 1 0 0]
            [0 1 0] | [0 0 0] | [0 1 0 0] | [0 1] | [0 0 0 0 1 0 0 0]
            [0 0 0] | [0 1 0] | [1 0 0 0] | [1 0] | [0 0 1 0 0 0 1 0]
            [0 0 1] | [1 0 0] | [0 0 1 0] | [1 0] | [0 1 0 0 0 0 0 1]
            [1 0 0] | [0 0 1] | [0 0 0 1] | [0 1] | [0 0 0 1 0 1 0 0]
            """, Text.Of(Trial.Run(_ml, Data(), pipeline), Keys));
    }

    [Fact]
    public void Keys_as_counts()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey(All).Append(_ml.Transforms.Conversion.MapKeyToVector(
            [new("KName"), new("KTags")], outputCountVector: true));
        Expect.Text("""
            KName: Single[3] {IsNormalized=True; SlotNames=[pear Apple apple]}
            KTags: Single[4] {SlotNames=[b a c d]}
            [1 0 0] | [1 1 0 0]
            [0 1 0] | [1 0 0 0]
            [0 0 0] | [0 0 2 0]
            [0 0 1] | [0 1 0 1]
            [1 0 0] | [0 1 0 1]
            """, Text.Of(Trial.Run(_ml, Data(), pipeline), "KName", "KTags"));
    }

    [Fact]
    public void Keys_without_values_as_vectors()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Keyed { Key = 3 }, new Keyed { Key = 0 }, new Keyed { Key = 1 } });
        Expect.Text("""
            Key: Single[4] {CategoricalSlotRanges=[0 3]; IsNormalized=True}
            [0 0 0 1]
            [1 0 0 0]
            [0 1 0 0]
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.Conversion.MapKeyToVector("Key")), "Key"));
        Expect.Text("""
            Key: Single[4] {IsNormalized=True}
            [0 0 0 1]
            [1 0 0 0]
            [0 1 0 0]
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.Conversion.MapKeyToVector("Key", outputCountVector: true)), "Key"));
    }

    [Fact]
    public void Keys_of_a_ragged_vector()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Ragged { Words = ["b", "a", "b"] }, new Ragged { Words = [] }, new Ragged { Words = ["c"] } });
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Ids", "Words")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Ids"))
            .Append(_ml.Transforms.Conversion.MapKeyToVector("Vectors", "Ids"))
            .Append(_ml.Transforms.Conversion.MapKeyToVector("Bag", "Ids", outputCountVector: true));
        Expect.Text("""
            Ids: Key3<UInt32>[] {KeyValues=[b a c]}
            Back: Text[]
            Vectors: Single[] {IsNormalized=True}
            Bag: Single[3] {SlotNames=[b a c]}
            [1 2 1] | [b a b] | [1 0 0 0 1 0 1 0 0] | [2 1 0]
            [] | [] | [] | [0 0 0]
            [3] | [c] | [0 0 1] | [0 0 1]
            """, Text.Of(Trial.Run(_ml, data, pipeline), "Ids", "Back", "Vectors", "Bag"));
        Expect.Text("""
            Ids: Key<UInt32>[] {KeyValues: Text[n]}
            Back: Text[]
            Vectors: Single[] {IsNormalized: Boolean}
            Bag: Single[n] {SlotNames: Text[n]}
            """, Trial.Promise(data, pipeline, "Ids", "Back", "Vectors", "Bag"));
    }

    [Fact]
    public void Slot_names_stay()
    {
        var pipeline = _ml.Transforms.Concatenate("Names", "Name", "Name").Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Names"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Keys")).Append(_ml.Transforms.Conversion.MapKeyToVector("Vectors", "Keys"))
            .Append(_ml.Transforms.Conversion.MapKeyToVector("Counts", "Keys", outputCountVector: true));
        Expect.Text("""
            Keys: Key3<UInt32>[2] {KeyValues=[pear Apple apple]; SlotNames=[Name Name]}
            Back: Text[2] {SlotNames=[Name Name]}
            Vectors: Single[2,3] {CategoricalSlotRanges=[0 2 3 5]; IsNormalized=True; SlotNames=[Name.pear Name.Apple Name.apple Name.pear Name.Apple Name.apple]}
            Counts: Single[3] {SlotNames=[pear Apple apple]}
            """, Text.Of(Trial.Run(_ml, Data(), pipeline).Schema, "Keys", "Back", "Vectors", "Counts"));
        Expect.Text("""
            Keys: Key<UInt32>[n] {KeyValues: Text[n]; SlotNames: Text[n]}
            Back: Text[n] {SlotNames: Text[n]}
            Vectors: Single[n] {CategoricalSlotRanges: Int32[n]; IsNormalized: Boolean; SlotNames: Text[n]}
            Counts: Single[n] {SlotNames: Text[n]}
            """, Trial.Promise(Data(), pipeline, "Keys", "Back", "Vectors", "Counts"));
    }

    [Fact]
    public void Columns_that_do_not_fit()
    {
        var data = Data();
        var catalog = _ml.Transforms.Conversion;
        var numbers = _ml.Data.LoadFromEnumerable(new[] { new Keyed() });
        Assert.Contains("Nowhere", Record.Exception(() => catalog.MapValueToKey("Nowhere").Fit(data))!.Message, StringComparison.Ordinal);
        Assert.Contains("'Name'", Record.Exception(() => catalog.MapKeyToVector("Name").Fit(data).Transform(data))!.Message, StringComparison.Ordinal);
        Assert.Contains("'Nowhere'", Record.Exception(() => catalog.MapKeyToValue("Nowhere").Fit(data).Transform(data))!.Message, StringComparison.Ordinal);
        Assert.Contains("'Count'", Record.Exception(() => catalog.MapValueToKey("Count").Fit(data).Transform(
            _ml.Transforms.CopyColumns("Count", "Name").Fit(data).Transform(data)))!.Message, StringComparison.Ordinal);
        Assert.Contains("'Single'", Record.Exception(() => catalog.MapValueToKey("Size", keyData: numbers).Fit(data))!.Message, StringComparison.Ordinal);
        Assert.Contains("single column", Record.Exception(() => catalog.MapValueToKey("Size", keyData: data).Fit(data))!.Message, StringComparison.Ordinal);
        Assert.NotNull(Record.Exception(() => catalog.MapValueToKey("Size", maximumNumberOfKeys: 0).Fit(data)));
        Assert.Contains("key", Record.Exception(() => catalog.MapValueToKey("K", "Name").Append(_ml.Transforms.Concatenate("KK", "K", "K")).Fit(data).Transform(data))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_in_a_prediction_engine()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "Key"));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Answer>(pipeline.Fit(Data()));
        var answer = engine.Predict(new Row { Name = "apple" });
        Assert.Equal((3u, "apple"), (answer.Key, answer.Name));
        answer = engine.Predict(new Row { Name = "unseen" });
        Assert.Equal((0u, ""), (answer.Key, answer.Name ?? ""));
    }

    private sealed class Row
    {
        public string Name { get; set; } = "";
        public float Size { get; set; }
        public int Count { get; set; }
        public bool Flag { get; set; }
        [VectorType(2)] public string[] Tags { get; set; } = ["", ""];
    }

    private sealed class Word
    {
        public string Value { get; set; } = "";
    }

    private sealed class Keyed
    {
        [KeyType(4)] public uint Key { get; set; }
    }

    private sealed class Ragged
    {
        public string[] Words { get; set; } = [];
    }

    private sealed class Answer
    {
        public uint Key { get; set; }
        public string? Name { get; set; }
    }
}
