using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;

namespace Microsoft.ML.Tests.Transforms;

/// <summary>Concatenate, CopyColumns, DropColumns, SelectColumns.</summary>
public class ColumnTransformTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { A = 1, B = 2, V = [3, 4], S = new VBuffer<float>(3, 1, [5], [1]), Name = "x", Key = 1 },
        new Row { A = float.NaN, B = -2, V = [0, 0], S = new VBuffer<float>(3, 0, [], []), Name = "y", Key = 0 },
    });

    [Fact]
    public void Concatenate_joins_scalars_dense_and_sparse_vectors_in_the_order_given()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Concatenate("Features", "B", "V", "A", "S"));
        Expect.Text("""
            Features: Single[7] {SlotNames=[B   A   ]}
            [2 3 4 1 0 5 0]
            [-2 0 0 NaN 0 0 0]
            """, Text.Of(result, "Features"));
    }

    [Fact]
    public void Concatenate_names_the_slots_after_scalars_and_named_slots()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Concatenate("AB", "A", "B")
            .Append(_ml.Transforms.Concatenate("All", "AB", "A", "V")));
        Expect.Text("""
            AB: Single[2] {SlotNames=[A B]}
            All: Single[5] {SlotNames=[AB.A AB.B A  ]}
            [1 2] | [1 2 1 3 4]
            [NaN -2] | [NaN -2 NaN 0 0]
            """, Text.Of(result, "AB", "All"));
    }

    [Fact]
    public void Concatenate_of_one_scalar_is_a_vector_and_of_one_vector_the_vector()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Concatenate("One", "A").Append(_ml.Transforms.Concatenate("Same", "V")));
        Expect.Text("""
            One: Single[1] {SlotNames=[A]}
            Same: Single[2]
            [1] | [3 4]
            [NaN] | [0 0]
            """, Text.Of(result, "One", "Same"));
    }

    [Fact]
    public void Concatenate_of_one_named_or_normalized_vector()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Concatenate("AB", "A", "B").Append(_ml.Transforms.NormalizeMinMax("AB"))
            .Append(_ml.Transforms.Concatenate("Alone", "AB")).Append(_ml.Transforms.Concatenate("Twice", "AB", "Alone"))
            .Append(_ml.Transforms.Concatenate("Mixed", "AB", "A")));
        Expect.Text("""
            Alone: Single[2] {IsNormalized=True; SlotNames=[A B]}
            Twice: Single[4] {IsNormalized=True; SlotNames=[AB.A AB.B Alone.A Alone.B]}
            Mixed: Single[3] {SlotNames=[AB.A AB.B A]}
            """, Text.Of(result.Schema, "Alone", "Twice", "Mixed"));
        result = Trial.Run(_ml, Data(), _ml.Transforms.Categorical.OneHotEncoding("H", "Name").Append(_ml.Transforms.Concatenate("Alone", "H")));
        Expect.Text("""
            Alone: Single[2] {CategoricalSlotRanges=[0 1]; IsNormalized=True; SlotNames=[x y]}
            """, Text.Of(result.Schema, "Alone"));
    }

    [Fact]
    public void Concatenate_may_write_over_one_of_its_inputs()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Concatenate("A", "A", "B"));
        Expect.Text("""
            A: Single[2] {SlotNames=[A B]}
            B: Single
            V: Single[2]
            S: Single[3]
            Name: Text
            Key: Key3<UInt32>
            [1 2] | 2 | [3 4] | [0 5 0] | x | 2
            [NaN -2] | -2 | [0 0] | [0 0 0] | y | 1
            """, Text.Of(result));
    }

    [Fact]
    public void Concatenate_takes_text_too()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Concatenate("Names", "Name", "Name"));
        Expect.Text("""
            Names: Text[2] {SlotNames=[Name Name]}
            [x x]
            [y y]
            """, Text.Of(result, "Names"));
    }

    [Fact]
    public void Concatenate_promises_a_vector()
    {
        Expect.Text("Features: Single[n] {SlotNames: Text[n]}", Trial.Promise(Data(), _ml.Transforms.Concatenate("Features", "A", "V", "S"), "Features"));
        Expect.Text("Features: Single[n]", Trial.Promise(Data(), _ml.Transforms.Concatenate("Features", "V", "V"), "Features"));
    }

    [Fact]
    public void Concatenate_names_what_it_cannot_join()
    {
        string mixed = Record.Exception(() => _ml.Transforms.Concatenate("Features", "A", "Name").Fit(Data()).Transform(Data()))!.Message;
        Assert.Contains("Name", mixed, StringComparison.Ordinal);
        string missing = Record.Exception(() => _ml.Transforms.Concatenate("Features", "A", "Nowhere").Fit(Data()).Transform(Data()))!.Message;
        Assert.Contains("Nowhere", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void Concatenate_of_a_vector_of_unknown_size_has_unknown_size()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Ragged { A = 1, V = [2, 3] }, new Ragged { A = 4, V = [] } });
        var result = Trial.Run(_ml, data, _ml.Transforms.Concatenate("Features", "A", "V"));
        Expect.Text("""
            Features: Single[]
            [1 2 3]
            [4]
            """, Text.Of(result, "Features"));
        Expect.Text("Features: Single[] {SlotNames: Text[n]}", Trial.Promise(data, _ml.Transforms.Concatenate("Features", "A", "V"), "Features"));
    }

    [Fact]
    public void CopyColumns_copies_values_and_annotations()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Concatenate("AB", "A", "B").Append(_ml.Transforms.CopyColumns("Copy", "AB")));
        Expect.Text("""
            Copy: Single[2] {SlotNames=[A B]}
            [1 2]
            [NaN -2]
            """, Text.Of(result, "Copy"));
        Expect.Text("""
            Key: Key<UInt32>
            Copy: Key<UInt32>
            """, Trial.Promise(Data(), _ml.Transforms.CopyColumns("Copy", "Key"), "Key", "Copy"));
    }

    [Fact]
    public void CopyColumns_over_an_existing_column_hides_it()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.CopyColumns("A", "V"));
        Expect.Text("""
            A: Single[2]
            B: Single
            V: Single[2]
            S: Single[3]
            Name: Text
            Key: Key3<UInt32>
            [3 4] | 2 | [3 4] | [0 5 0] | x | 2
            [0 0] | -2 | [0 0] | [0 0 0] | y | 1
            """, Text.Of(result));
        Expect.Text("A (hidden), A, B, V, S, Name, Key", string.Join(", ", result.Schema.Select(column => column.Name + (column.IsHidden ? " (hidden)" : ""))));
    }

    [Fact]
    public void DropColumns_leaves_the_others_in_their_order()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.DropColumns("V", "Name"));
        Expect.Text("""
            A: Single
            B: Single
            S: Single[3]
            Key: Key3<UInt32>
            1 | 2 | [0 5 0] | 2
            NaN | -2 | [0 0 0] | 1
            """, Text.Of(result));
        Expect.Text("""
            A: Single
            B: Single
            S: Single[n]
            Key: Key<UInt32>
            """, Trial.Promise(Data(), _ml.Transforms.DropColumns("V", "Name")));
    }

    [Fact]
    public void DropColumns_of_a_column_that_is_not_there()
    {
        string message = Record.Exception(() => _ml.Transforms.DropColumns("Nowhere").Fit(Data()).Transform(Data()))?.Message ?? "none";
        Assert.Contains("Nowhere", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SelectColumns_keeps_the_order_given()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.SelectColumns("Name", "A"));
        Expect.Text("""
            Name: Text
            A: Single
            x | 1
            y | NaN
            """, Text.Of(result));
        Expect.Text("""
            A: Single
            Name: Text
            """, Trial.Promise(Data(), _ml.Transforms.SelectColumns("Name", "A")));
    }

    [Fact]
    public void SelectColumns_names_the_missing_column()
    {
        string message = Record.Exception(() => _ml.Transforms.SelectColumns("Nowhere").Fit(Data()).Transform(Data()))!.Message;
        Assert.Contains("Nowhere", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SelectColumns_keeps_or_drops_hidden_columns()
    {
        var data = _ml.Transforms.CopyColumns("A", "V").Fit(Data()).Transform(Data());
        var kept = Trial.Run(_ml, data, _ml.Transforms.SelectColumns(["A", "B"], keepHidden: true));
        var dropped = Trial.Run(_ml, data, _ml.Transforms.SelectColumns(["A", "B"], keepHidden: false));
        Expect.Text("A Single, A Single[2], B Single", string.Join(", ", kept.Schema.Select(column => column.Name + " " + Text.Of(column.Type))));
        Expect.Text("A Single[2], B Single", string.Join(", ", dropped.Schema.Select(column => column.Name + " " + Text.Of(column.Type))));
    }

    [Fact]
    public void Column_transforms_are_row_to_row()
    {
        IEstimator<ITransformer>[] estimators =
            [_ml.Transforms.Concatenate("AB", "A", "B"), _ml.Transforms.CopyColumns("C", "B"), _ml.Transforms.DropColumns("A")];
        Assert.All(estimators, estimator => Assert.True(estimator.Fit(Data()).IsRowToRowMapper));
    }

    [Fact]
    public void Concatenate_and_drop_work_in_a_prediction_engine()
    {
        var model = _ml.Transforms.Concatenate("Features", "A", "B", "V").Append(_ml.Transforms.DropColumns("A", "B")).Fit(Data());
        using var engine = _ml.Model.CreatePredictionEngine<Row, Joined>(model);
        var joined = engine.Predict(new Row { A = 1, B = 2, V = [3, 4] });
        Assert.Equal([1f, 2f, 3f, 4f], joined.Features);
    }

    private sealed class Row
    {
        public float A { get; set; }
        public float B { get; set; }
        [VectorType(2)] public float[] V { get; set; } = [0, 0];
        [VectorType(3)] public VBuffer<float> S { get; set; } = new(3, 0, [], []);
        public string Name { get; set; } = "";
        [KeyType(3)] public uint Key { get; set; }
    }

    private sealed class Ragged
    {
        public float A { get; set; }
        public float[] V { get; set; } = [];
    }

    private sealed class Joined
    {
        public float[] Features { get; set; } = [];
    }
}
