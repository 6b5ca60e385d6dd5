using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;
using static Microsoft.ML.Transforms.MissingValueReplacingEstimator;

namespace Microsoft.ML.Tests.Transforms;

/// <summary>IndicateMissingValues and ReplaceMissingValues.</summary>
public class MissingValueTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { X = 1, D = 0.5, V = [1, float.NaN, 3, float.NaN] },
        new Row { X = float.NaN, D = double.NaN, V = [-5, 2, float.NaN, float.NaN] },
        new Row { X = 4, D = 2, V = [1, 8, 3, float.NaN] },
        new Row { X = 4, D = 2, V = [float.NaN, 0, 0, float.NaN] },
    });

    [Theory]
    [InlineData(ReplacementMode.DefaultValue)]
    [InlineData(ReplacementMode.Mean)]
    [InlineData(ReplacementMode.Minimum)]
    [InlineData(ReplacementMode.Maximum)]
    [InlineData(ReplacementMode.Mode)]
    public void Replacement(ReplacementMode mode)
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.ReplaceMissingValues(
            [new InputOutputColumnPair("X"), new InputOutputColumnPair("E", "D"), new InputOutputColumnPair("V")], mode));
        string text = Text.Rows(result, "X", "E", "V");
        Expect.Text(mode switch
        {
            ReplacementMode.DefaultValue => """
                1 | [1 0 3 0] | 0.5
                0 | [-5 2 0 0] | 0
                4 | [1 8 3 0] | 2
                4 | [0 0 0 0] | 2
                """,
            ReplacementMode.Mean => """
                1 | [1 3.33333 3 0] | 0.5
                3 | [-5 2 2 0] | 1.5
                4 | [1 8 3 0] | 2
                4 | [-1 0 0 0] | 2
                """,
            ReplacementMode.Minimum => """
                1 | [1 0 3 Infinity] | 0.5
                1 | [-5 2 0 Infinity] | 0.5
                4 | [1 8 3 Infinity] | 2
                4 | [-5 0 0 Infinity] | 2
                """,
            ReplacementMode.Maximum => """
                1 | [1 8 3 -Infinity] | 0.5
                4 | [-5 2 3 -Infinity] | 2
                4 | [1 8 3 -Infinity] | 2
                4 | [1 0 0 -Infinity] | 2
                """,
            _ => """
                1 | [1 2 3 0] | 0.5
                4 | [-5 2 3 0] | 2
                4 | [1 8 3 0] | 2
                4 | [1 0 0 0] | 2
                """,
        }, text);
    }

    [Fact]
    public void Replacement_by_one_value_for_all_slots()
    {
        Expect.Text("""
            [1 1.44444 3 1.44444]
            [-5 2 1.44444 1.44444]
            [1 8 3 1.44444]
            [1.44444 0 0 1.44444]
            """, Text.Rows(Trial.Run(_ml, Data(), _ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Mean, imputeBySlot: false)), "V"));
        Expect.Text("""
            [1 -5 3 -5]
            [-5 2 -5 -5]
            [1 8 3 -5]
            [-5 0 0 -5]
            """, Text.Rows(Trial.Run(_ml, Data(), _ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Minimum, imputeBySlot: false)), "V"));
        Expect.Text("""
            [1 8 3 8]
            [-5 2 8 8]
            [1 8 3 8]
            [8 0 0 8]
            """, Text.Rows(Trial.Run(_ml, Data(), _ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Maximum, imputeBySlot: false)), "V"));
    }

    [Fact]
    public void Of_equally_frequent_values_the_first_to_get_there_is_the_mode()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 9, 5, 3, float.NaN, 3, 5 }.Select(x => new Row { X = x, V = [x, -x, x * x, 1 / x] }));
        Expect.Text("""
            9 | [9 -9 81 0.111111]
            5 | [5 -5 25 0.2]
            3 | [3 -3 9 0.333333]
            3 | [3 -3 9 0.333333]
            3 | [3 -3 9 0.333333]
            5 | [5 -5 25 0.2]
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.ReplaceMissingValues([new("X"), new("V")], ReplacementMode.Mode)), "X", "V"));
    }

    [Fact]
    public void Zeros_of_sparse_vectors_count_in_the_statistics()
    {
        var data = _ml.Data.LoadFromEnumerable(new[]
        {
            new SparseRow { V = new VBuffer<float>(3, 1, [float.NaN], [1]) },
            new SparseRow { V = new VBuffer<float>(3, 2, [6, 4], [0, 1]) },
            new SparseRow { V = new VBuffer<float>(3, 1, [float.NaN], [2]) },
        });
        Expect.Text("""
            [0 2 0]
            [6 4 0]
            [0 0 0]
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Mean)), "V"));
        Expect.Text("""
            [0 0 0]
            [6 4 0]
            [0 0 0]
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Minimum)), "V"));
        Expect.Text("""
            [0 1.42857 0]
            [6 4 0]
            [0 0 1.42857]
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Mean, imputeBySlot: false)), "V"));
        Expect.Text("""
            [False True False]
            [False False False]
            [False False True]
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.IndicateMissingValues("M", "V")), "M"));
    }

    [Fact]
    public void Replacement_keeps_slot_names_and_type()
    {
        var pipeline = _ml.Transforms.Concatenate("XX", "X", "X").Append(_ml.Transforms.ReplaceMissingValues("R", "XX"));
        Expect.Text("R: Single[2] {SlotNames=[X X]}", Text.Of(Trial.Run(_ml, Data(), pipeline).Schema, "R"));
        Expect.Text("R: Single[n] {SlotNames: Text[n]}", Trial.Promise(Data(), pipeline, "R"));
        Expect.Text("D: Double", Trial.Promise(Data(), _ml.Transforms.ReplaceMissingValues("D", replacementMode: ReplacementMode.Mean), "D"));
    }

    [Fact]
    public void Vectors_of_unknown_size_take_the_default_value()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Ragged { V = [1, float.NaN] }, new Ragged { V = [float.NaN] }, new Ragged { V = [] } });
        Expect.Text("""
            V: Single[]
            [1 0]
            [0]
            []
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.ReplaceMissingValues("V")), "V"));
        Expect.Text("""
            V: Boolean[] {IsNormalized=True}
            [False True]
            [True]
            []
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.IndicateMissingValues("V")), "V"));
    }

    [Theory]
    [InlineData(ReplacementMode.Mean, 2)]
    [InlineData(ReplacementMode.Minimum, 1)]
    [InlineData(ReplacementMode.Maximum, 4)]
    [InlineData(ReplacementMode.Mode, 1)]
    public void Vectors_of_unknown_size_have_one_value_for_all_slots(ReplacementMode mode, float expected)
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Ragged { V = [1, float.NaN, 4] }, new Ragged { V = [1] } });
        Assert.Equal($"[1 {expected} 4]\n[1]", Text.Rows(Trial.Run(_ml, data, _ml.Transforms.ReplaceMissingValues("V", replacementMode: mode)), "V"));
    }

    [Fact]
    public void Infinite_values_have_no_part_in_the_mean()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 1, float.PositiveInfinity, 2, float.NaN }.Select(x => new Row { X = x, D = x }));
        Expect.Text("""
            1 | 1
            Infinity | Infinity
            2 | 2
            1.5 | 1.5
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.ReplaceMissingValues([new("X"), new("D")], ReplacementMode.Mean)), "X", "D"));
    }

    [Fact]
    public void Indicators_are_true_where_a_value_is_missing()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.IndicateMissingValues(
            [new InputOutputColumnPair("MX", "X"), new InputOutputColumnPair("MD", "D"), new InputOutputColumnPair("MV", "V")]));
        Expect.Text("""
            MX: Boolean {IsNormalized=True}
            MD: Boolean {IsNormalized=True}
            MV: Boolean[4] {IsNormalized=True}
            False | False | [False True False True]
            True | True | [False False True True]
            False | False | [False False False True]
            False | False | [True False False True]
            """, Text.Of(result, "MX", "MD", "MV"));
        Expect.Text("M: Boolean[n] {IsNormalized: Boolean}", Trial.Promise(Data(), _ml.Transforms.IndicateMissingValues("M", "V"), "M"));
    }

    [Fact]
    public void Indicators_keep_slot_names()
    {
        var pipeline = _ml.Transforms.Concatenate("XX", "X", "X").Append(_ml.Transforms.IndicateMissingValues("M", "XX"));
        Expect.Text("M: Boolean[2] {IsNormalized=True; SlotNames=[X X]}", Text.Of(Trial.Run(_ml, Data(), pipeline).Schema, "M"));
        Expect.Text("M: Boolean[n] {IsNormalized: Boolean; SlotNames: Text[n]}", Trial.Promise(Data(), pipeline, "M"));
    }

    [Fact]
    public void Columns_without_missing_values_are_refused()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Ragged() });
        Assert.Contains("I", Record.Exception(() => _ml.Transforms.ReplaceMissingValues("I").Fit(data))!.Message, StringComparison.Ordinal);
        Assert.Contains("Nowhere", Record.Exception(() => _ml.Transforms.ReplaceMissingValues("Nowhere").Fit(data))!.Message, StringComparison.Ordinal);
        Assert.NotNull(Record.Exception(() => _ml.Transforms.IndicateMissingValues("Nowhere").Fit(data).Transform(data)));
    }

    private sealed class Row
    {
        public float X { get; set; }
        public double D { get; set; }
        [VectorType(4)] public float[] V { get; set; } = [0, 0, 0, 0];
    }

    private sealed class SparseRow
    {
        [VectorType(3)] public VBuffer<float> V { get; set; }
    }

    private sealed class Ragged
    {
        public int I { get; set; }
        public float[] V { get; set; } = [];
    }
}
