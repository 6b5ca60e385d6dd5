using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.OneHotEncodingEstimator;

namespace Microsoft.ML.Tests.Transforms;

/// <summary>Categorical.OneHotEncoding.</summary>
public class OneHotEncodingTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { Name = "b", Size = 2, Tags = ["x", "y"] },
        new Row { Name = "a", Size = -1, Tags = ["y", "y"] },
        new Row { Name = "", Size = float.NaN, Tags = ["", "z"] },
        new Row { Name = "c", Size = 2, Tags = ["x", "z"] },
    });

    private OneHotEncodingEstimator Encoding(OutputKind kind)
        => _ml.Transforms.Categorical.OneHotEncoding([new("N", "Name"), new("S", "Size"), new("T", "Tags")], kind);

    [Fact]
    public void Indicator_vectors_stand_one_after_the_other()
    {
        Expect.Text("""
            N: Single[3] {CategoricalSlotRanges=[0 2]; IsNormalized=True; SlotNames=[b a c]}
            S: Single[2] {CategoricalSlotRanges=[0 1]; IsNormalized=True; SlotNames=[2 -1]}
            T: Single[2,3] {CategoricalSlotRanges=[0 2 3 5]; IsNormalized=True; SlotNames=[[0].x [0].y [0].z [1].x [1].y [1].z]}
            [1 0 0] | [1 0] | [1 0 0 0 1 0]
            [0 1 0] | [0 1] | [0 1 0 0 1 0]
            [0 0 0] | [0 0] | [0 0 0 0 0 1]
            [0 0 1] | [1 0] | [1 0 0 0 0 1]
            """, Text.Of(Trial.Run(_ml, Data(), Encoding(OutputKind.Indicator)), "N", "S", "T"));
        Expect.Text("""
            N: Single[n] {CategoricalSlotRanges: Int32[n]; IsNormalized: Boolean; SlotNames: Text[n]}
            S: Single[n] {CategoricalSlotRanges: Int32[n]; IsNormalized: Boolean; SlotNames: Text[n]}
            T: Single[n] {CategoricalSlotRanges: Int32[n]; IsNormalized: Boolean; SlotNames: Text[n]}
            """, Trial.Promise(Data(), Encoding(OutputKind.Indicator), "N", "S", "T"));
    }

    [Fact]
    public void Bags_add_indicator_vectors_up()
    {
        Expect.Text("""
            N: Single[3] {IsNormalized=True; SlotNames=[b a c]}
            S: Single[2] {IsNormalized=True; SlotNames=[2 -1]}
            T: Single[3] {SlotNames=[x y z]}
            [1 0 0] | [1 0] | [1 1 0]
            [0 1 0] | [0 1] | [0 2 0]
            [0 0 0] | [0 0] | [0 0 1]
            [0 0 1] | [1 0] | [1 0 1]
            """, Text.Of(Trial.Run(_ml, Data(), Encoding(OutputKind.Bag)), "N", "S", "T"));
        Expect.Text("""
            N: Single[n] {IsNormalized: Boolean; SlotNames: Text[n]}
            S: Single[n] {IsNormalized: Boolean; SlotNames: Text[n]}
            T: Single[n] {SlotNames: Text[n]}
            """, Trial.Promise(Data(), Encoding(OutputKind.Bag), "N", "S", "T"));
    }

    [Fact]
    public void Keys_alone()
    {
        Expect.Text("""
            N: Key3<UInt32> {KeyValues=[b a c]}
            S: Key2<UInt32> {KeyValues=[2 -1]}
            T: Key3<UInt32>[2] {KeyValues=[x y z]}
            1 | 1 | [1 2]
            2 | 2 | [2 2]
            0 | 0 | [0 3]
            3 | 1 | [1 3]
            """, Text.Of(Trial.Run(_ml, Data(), Encoding(OutputKind.Key)), "N", "S", "T"));
        Expect.Text("""
            N: Key<UInt32> {KeyValues: Text[n]}
            S: Key<UInt32> {KeyValues: Text[n]}
            T: Key<UInt32>[n] {KeyValues: Text[n]}
            """, Trial.Promise(Data(), Encoding(OutputKind.Key), "N", "S", "T"));
    }

    [Fact]
    public void Unseen_values_have_no_one()
    {
        var other = _ml.Data.LoadFromEnumerable(new[] { new Row { Name = "q", Size = 5, Tags = ["q", "y"] } });
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Categorical.OneHotEncoding([new("Name"), new("Size"), new("Tags")]), other);
        Expect.Text("[0 0 0] | [0 0] | [0 0 0 0 1 0]", Text.Rows(result));
    }

    [Fact]
    public void Order_number_and_table_of_keys_can_be_given()
    {
        var catalog = _ml.Transforms.Categorical;
        Expect.Text("""
            Name: Single[3] {CategoricalSlotRanges=[0 2]; IsNormalized=True; SlotNames=[a b c]}
            [0 1 0]
            [1 0 0]
            [0 0 0]
            [0 0 1]
            """, Text.Of(Trial.Run(_ml, Data(), catalog.OneHotEncoding("Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)), "Name"));
        Expect.Text("""
            Name: Single[2] {CategoricalSlotRanges=[0 1]; IsNormalized=True; SlotNames=[b a]}
            [1 0]
            [0 1]
            [0 0]
            [0 0]
            """, Text.Of(Trial.Run(_ml, Data(), catalog.OneHotEncoding("Name", maximumNumberOfKeys: 2)), "Name"));
        var table = _ml.Data.LoadFromEnumerable(new[] { new Word { Value = "c" }, new Word { Value = "d" } });
        Expect.Text("""
            Name: Single[2] {CategoricalSlotRanges=[0 1]; IsNormalized=True; SlotNames=[c d]}
            [0 0]
            [0 0]
            [0 0]
            [1 0]
            """, Text.Of(Trial.Run(_ml, Data(), catalog.OneHotEncoding("Name", keyData: table)), "Name"));
    }

    [Fact]
    public void The_slot_range_follows_into_concatenated_features()
    {
        var pipeline = _ml.Transforms.Categorical.OneHotEncoding("Name").Append(_ml.Transforms.Categorical.OneHotEncoding("Tags"))
            .Append(_ml.Transforms.Concatenate("Features", "Size", "Name", "Tags"));
        Expect.Text("""
            Features: Single[10] {CategoricalSlotRanges=[1 3 4 6 7 9]; SlotNames=[Size Name.b Name.a Name.c Tags.[0].x Tags.[0].y Tags.[0].z Tags.[1].x Tags.[1].y Tags.[1].z]}
            [2 1 0 0 1 0 0 0 1 0]
            [-1 0 1 0 0 1 0 0 1 0]
            [NaN 0 0 0 0 0 0 0 0 1]
            [2 0 0 1 1 0 0 0 0 1]
            """, Text.Of(Trial.Run(_ml, Data(), pipeline), "Features"));
    }

    [Fact]
    public void One_hot_values_in_a_prediction_engine()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Row, Encoded>(_ml.Transforms.Categorical.OneHotEncoding("N", "Name").Fit(Data()));
        Assert.Equal([0f, 1f, 0f], engine.Predict(new Row { Name = "a" }).N);
        Assert.Equal([0f, 0f, 0f], engine.Predict(new Row { Name = "nobody" }).N);
    }

    private sealed class Row
    {
        public string Name { get; set; } = "";
        public float Size { get; set; }
        [VectorType(2)] public string[] Tags { get; set; } = ["", ""];
    }

    private sealed class Word
    {
        public string Value { get; set; } = "";
    }

    private sealed class Encoded
    {
        public float[] N { get; set; } = [];
    }
}
