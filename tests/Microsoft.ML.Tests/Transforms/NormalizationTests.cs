using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Tests.Transforms;

/// <summary>NormalizeMinMax and NormalizeMeanVariance.</summary>
public class NormalizationTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Slots of V: mixed signs, positive away from zero, constant, all zero, with NaN, negative.</summary>
    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { X = 3, D = 0.1, V = [-2, 10, 7, 0, 1, -5] },
        new Row { X = -1, D = 0.7, V = [4, 12, 7, 0, float.NaN, -3] },
        new Row { X = 0.5f, D = 0.2, V = [0, 17, 7, 0, 4, -1] },
    });

    [Fact]
    public void Min_max_of_scalars()
    {
        InputOutputColumnPair[] columns = [new("X"), new("Y", "D")];
        Expect.Text("""
            X: Single {IsNormalized=True}
            Y: Double {IsNormalized=True}
            1 | 0.142857143
            -0.333333 | 1
            0.166667 | 0.285714286
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMinMax(columns)), "X", "Y"));
        Expect.Text("""
            1 | 0
            0 | 1
            0.375 | 0.166666667
            """, Text.Rows(Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMinMax(columns, fixZero: false)), "X", "Y"));
    }

    [Fact]
    public void Min_max_of_a_vector_that_keeps_zero()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMinMax("V"));
        Expect.Text("""
            V: Single[6] {IsNormalized=True}
            [-0.5 0.588235 0 0 0.25 -1]
            [1 0.705882 0 0 NaN -0.6]
            [0 1 0 0 1 -0.2]
            """, Text.Of(result, "V"));
    }

    [Fact]
    public void Min_max_of_a_vector_that_moves_zero()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMinMax("V", fixZero: false));
        Expect.Text("""
            V: Single[6] {IsNormalized=True}
            [0 0 0 0 0 0]
            [1 0.285714 0 0 NaN 0.5]
            [0.333333 1 0 0 1 1]
            """, Text.Of(result, "V"));
    }

    [Fact]
    public void Mean_variance_of_scalars()
    {
        var kept = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMeanVariance(
            [new InputOutputColumnPair("X"), new InputOutputColumnPair("Y", "D")]));
        Expect.Text("""
            X: Single {IsNormalized=True}
            Y: Double {IsNormalized=True}
            1.62301 | 0.23570226
            -0.541002 | 1.64991582
            0.270501 | 0.471404521
            """, Text.Of(kept, "X", "Y"));
        var moved = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMeanVariance(
            [new InputOutputColumnPair("X"), new InputOutputColumnPair("Y", "D")], fixZero: false));
        Expect.Text("""
            X: Single {IsNormalized=True}
            Y: Double {IsNormalized=True}
            1.3132 | -0.889000889
            -1.11117 | 1.3970014
            -0.202031 | -0.508000508
            """, Text.Of(moved, "X", "Y"));
    }

    [Fact]
    public void Mean_variance_of_a_vector_that_keeps_zero()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMeanVariance("V"));
        Expect.Text("""
            V: Single[6] {IsNormalized=True}
            [-0.774597 0.750234 0 0 0.342997 -1.46385]
            [1.54919 0.900281 0 0 NaN -0.87831]
            [0 1.2754 0 0 1.37199 -0.29277]
            """, Text.Of(result, "V"));
    }

    [Fact]
    public void Mean_variance_of_a_vector_that_moves_zero()
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMeanVariance("V", fixZero: false));
        Expect.Text("""
            V: Single[6] {IsNormalized=True}
            [-1.06905 -1.01905 0 0 -1 -1.22474]
            [1.33631 -0.339683 0 0 NaN 0]
            [-0.267261 1.35873 0 0 1 1.22474]
            """, Text.Of(result, "V"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mean_variance_as_a_cumulative_distribution_never_keeps_zero(bool fixZero)
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMeanVariance("V", fixZero: fixZero, useCdf: true));
        Expect.Text("""
            V: Single[6] {IsNormalized=True}
            [0.142566 0.154132 0 0 0.158697 0.110369]
            [0.909253 0.367053 0 0 0 0.5]
            [0.394637 0.912864 0 0 0.841303 0.889631]
            """, Text.Of(result, "V"));
    }

    [Fact]
    public void Rows_beyond_the_maximum_example_count_are_not_learnt_from()
    {
        var minMax = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMinMax("V", maximumExampleCount: 2));
        Expect.Text("""
            V: Single[6] {IsNormalized=True}
            [-0.5 0.833333 0 0 0 -1]
            [1 1 0 0 NaN -0.6]
            [0 1.41667 0 0 0 -0.2]
            """, Text.Of(minMax, "V"));
        var meanVariance = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMeanVariance("X", maximumExampleCount: 2, fixZero: false));
        Expect.Text("""
            X: Single {IsNormalized=True}
            1
            -1
            -0.25
            """, Text.Of(meanVariance, "X"));
    }

    [Fact]
    public void Values_outside_the_learnt_range_are_scaled_on()
    {
        var far = _ml.Data.LoadFromEnumerable(new[]
        {
            new Row { X = 30, D = -1, V = [-20, 100, 70, 3, 8, 50] },
            new Row { X = float.NaN, D = double.NaN, V = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 8, 50] },
        });
        var result = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMinMax("X").Append(_ml.Transforms.NormalizeMinMax("V")), far);
        Expect.Text("""
            10 | [-5 5.88235 0 0 2 10]
            NaN | [NaN Infinity NaN NaN 2 10]
            """, Text.Rows(result, "X", "V"));
        result = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMinMax("X", fixZero: false).Append(_ml.Transforms.NormalizeMinMax("V", fixZero: false)), far);
        Expect.Text("""
            7.75 | [-3 12.8571 0 0 2.33333 13.75]
            NaN | [NaN Infinity NaN NaN 2.33333 13.75]
            """, Text.Rows(result, "X", "V"));
        result = Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMeanVariance("X").Append(_ml.Transforms.NormalizeMeanVariance("V", fixZero: false)), far);
        Expect.Text("""
            16.2301 | [-8.2851 29.5524 0 0 3.66667 32.4557]
            NaN | [NaN Infinity NaN NaN 3.66667 32.4557]
            """, Text.Rows(result, "X", "V"));
    }

    [Fact]
    public void Sparse_vectors_give_the_numbers_of_dense_ones()
    {
        var data = _ml.Data.LoadFromEnumerable(new[]
        {
            new SparseRow { V = new VBuffer<float>(4, 1, [2], [1]) },
            new SparseRow { V = new VBuffer<float>(4, 2, [-1, 4], [0, 1]) },
            new SparseRow { V = new VBuffer<float>(4, 0, [], []) },
        });
        Expect.Text("""
            V: Single[4] {IsNormalized=True}
            [0 0.5 0 0]
            [-1 1 0 0]
            [0 0 0 0]
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax("V")), "V"));
        Expect.Text("""
            [1 0.5 0 0]
            [0 1 0 0]
            [1 0 0 0]
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax("V", fixZero: false)), "V"));
        Expect.Text("""
            [0 0.774597 0 0]
            [-1.73205 1.54919 0 0]
            [0 0 0 0]
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance("V")), "V"));
        Expect.Text("""
            [0.707107 0 0 0]
            [-1.41421 1.22474 0 0]
            [0.707107 -1.22474 0 0]
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance("V", fixZero: false)), "V"));
    }

    [Fact]
    public void Single_and_double_precision_are_rounded_as_they_are_in_ML_NET()
    {
        float[] values = [-6.48078728f, 397.581207f, 564.986633f, -101.510017f, 260.490387f, -119.421783f, -49.8028412f];
        var data = _ml.Data.LoadFromEnumerable(values.Select(x => new Row { X = x, D = x }));
        string Exactly(IEstimator<ITransformer> estimator)
        {
            var rows = _ml.Data.CreateEnumerable<Row>(estimator.Fit(data).Transform(data), reuseRowObject: false).ToList();
            return string.Join(" ", rows.Select(row => row.X.ToString("R", null))) + "\n" + string.Join(" ", rows.Select(row => row.D.ToString("G15", null)));
        }
        InputOutputColumnPair[] both = [new("X"), new("D")];
        Expect.Text("""
            -0.011470691 0.7037002 1 -0.179668 0.46105585 -0.21137099 -0.088148706
            -0.0114706913318629 0.703700200750999 1 -0.179667998164797 0.461055840278992 -0.211370988990618 -0.0881487069801348
            """, Exactly(_ml.Transforms.NormalizeMinMax(both)));
        Expect.Text("""
            0.16501987 0.75540125 1 0.026171165 0.5550957 0 0.10172134
            0.165019881997771 0.755401275132158 1 0.0261711656577128 0.555095701796453 0 0.101721341463822
            """, Exactly(_ml.Transforms.NormalizeMinMax(both, fixZero: false)));
        Expect.Text("""
            -0.022666981 1.3905666 1.9760782 -0.355038 0.9110823 -0.41768557 -0.17418873
            -0.0226669822896681 1.39056657756549 1.9760781311153 -0.355038002034718 0.911082363198304 -0.417685588896572 -0.174188732149535
            """, Exactly(_ml.Transforms.NormalizeMeanVariance(both)));
        Expect.Text("""
            -0.56197685 1.041636 1.7060227 -0.9391222 0.49755955 -1.0102091 -0.7339104
            -0.561976816735987 1.04163596528755 1.70602282812935 -0.939122131408521 0.497559574250995 -1.01020908681941 -0.733910332703976
            """, Exactly(_ml.Transforms.NormalizeMeanVariance(both, fixZero: false)));
    }

    [Fact]
    public void Infinite_values()
    {
        float[] values = [1, float.PositiveInfinity, 3, float.NegativeInfinity];
        var data = _ml.Data.LoadFromEnumerable(values.Select(x => new Row { X = x, D = x }));
        InputOutputColumnPair[] both = [new("X"), new("D")];
        Expect.Text("""
            0 | 0
            NaN | NaN
            0 | 0
            NaN | NaN
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax(both)), "X", "D"));
        Expect.Text("""
            0 | 0
            NaN | NaN
            0 | 0
            NaN | NaN
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax(both, fixZero: false)), "X", "D"));
        Expect.Text("""
            0.447214 | 0.447213595
            Infinity | Infinity
            1.34164 | 1.34164079
            -Infinity | -Infinity
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance(both)), "X", "D"));
        Expect.Text("""
            -1 | -1
            Infinity | Infinity
            1 | 1
            -Infinity | -Infinity
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance(both, fixZero: false)), "X", "D"));
        Expect.Text("""
            0.158697 | 0.158697362
            0 | 0
            0.841303 | 0.841302638
            0 | 0
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance(both, useCdf: true)), "X", "D"));
    }

    [Fact]
    public void Slot_names_stay_and_the_column_is_marked_normalized()
    {
        var pipeline = _ml.Transforms.Concatenate("XX", "X", "X").Append(_ml.Transforms.NormalizeMinMax("N", "XX"));
        Expect.Text("N: Single[2] {IsNormalized=True; SlotNames=[X X]}", Text.Of(Trial.Run(_ml, Data(), pipeline).Schema, "N"));
        Expect.Text("N: Single[n] {IsNormalized: Boolean; SlotNames: Text[n]}", Trial.Promise(Data(), pipeline, "N"));
        Expect.Text("X: Single {IsNormalized: Boolean}", Trial.Promise(Data(), _ml.Transforms.NormalizeMeanVariance("X"), "X"));
        var again = _ml.Transforms.Conversion.MapValueToKey("K", "X").Append(_ml.Transforms.Conversion.MapKeyToVector("K")).Append(_ml.Transforms.NormalizeMinMax("K"));
        Expect.Text("K: Single[3] {IsNormalized=True}", Text.Of(Trial.Run(_ml, Data(), again).Schema, "K"));
        Expect.Text("K: Single[n] {IsNormalized: Boolean}", Trial.Promise(Data(), again, "K"));
    }

    [Fact]
    public void A_column_of_NaN_only()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Row { X = float.NaN, V = [1, 1, 1, 1, 1, 1] }, new Row { X = float.NaN, V = [1, 1, 1, 1, 1, 1] } });
        Expect.Text("""
            X: Single {IsNormalized=True}
            NaN
            NaN
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax("X")), "X"));
        Expect.Text("""
            X: Single {IsNormalized=True}
            NaN
            NaN
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance("X")), "X"));
        Expect.Text("""
            X: Single {IsNormalized=True}
            NaN
            NaN
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax("X", fixZero: false)), "X"));
        Expect.Text("""
            X: Single {IsNormalized=True}
            NaN
            NaN
            """, Text.Of(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance("X", fixZero: false)), "X"));
        Expect.Text("""
            0
            0
            0
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax("X", fixZero: false), Data()), "X"));
        Expect.Text("""
            0
            0
            0
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance("X"), Data()), "X"));
    }

    [Fact]
    public void Constant_scalars()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Row { X = 5, D = 0 }, new Row { X = 5, D = 0 } });
        InputOutputColumnPair[] both = [new("X"), new("D")];
        Expect.Text("""
            0 | 0
            0 | 0
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax(both)), "X", "D"));
        Expect.Text("""
            0 | 0
            0 | 0
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMinMax(both, fixZero: false)), "X", "D"));
        Expect.Text("""
            0 | 0
            0 | 0
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance(both)), "X", "D"));
        Expect.Text("""
            0 | 0
            0 | 0
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance(both, fixZero: false)), "X", "D"));
        Expect.Text("""
            0 | 0
            0 | 0
            """, Text.Rows(Trial.Run(_ml, data, _ml.Transforms.NormalizeMeanVariance(both, useCdf: true)), "X", "D"));
    }

    [Fact]
    public void Learnt_parameters_can_be_read()
    {
        var affine = Assert.IsType<NormalizingTransformer.AffineNormalizerModelParameters<float>>(
            _ml.Transforms.NormalizeMinMax("X", fixZero: false).Fit(Data()).GetNormalizerModelParameters(0));
        Assert.Equal(0.25f, affine.Scale, 6);
        Assert.Equal(-1f, affine.Offset, 6);
        var vector = Assert.IsType<NormalizingTransformer.AffineNormalizerModelParameters<System.Collections.Immutable.ImmutableArray<float>>>(
            _ml.Transforms.NormalizeMinMax("V").Fit(Data()).GetNormalizerModelParameters(0));
        Expect.Text("0.25 0.05882353 0 0 0.25 0.2 | ", string.Join(" ", vector.Scale) + " | " + string.Join(" ", vector.Offset.IsDefault ? ["none"] : vector.Offset.Select(x => x.ToString("G6", null))));
    }

    [Fact]
    public void Only_numbers_of_known_size_are_normalized()
    {
        var text = _ml.Data.LoadFromEnumerable(new[] { new Other { T = "a", V = [1] } });
        Assert.Contains("T", Record.Exception(() => _ml.Transforms.NormalizeMinMax("T").Fit(text))!.Message, StringComparison.Ordinal);
        Assert.Contains("V", Record.Exception(() => _ml.Transforms.NormalizeMinMax("V").Fit(text))!.Message, StringComparison.Ordinal);
        Assert.Contains("Nowhere", Record.Exception(() => _ml.Transforms.NormalizeMinMax("Nowhere").Fit(text))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows()
    {
        var none = _ml.Data.LoadFromEnumerable(Array.Empty<Row>());
        Expect.Text("""
            [0 0 0 0 0 0]
            [0 0 0 0 NaN 0]
            [0 0 0 0 0 0]
            """, Text.Rows(_ml.Transforms.NormalizeMinMax("V", fixZero: false).Fit(none).Transform(Data()), "V"));
        Expect.Text("""
            [0 0 0 0 0 0]
            [0 0 0 0 NaN 0]
            [0 0 0 0 0 0]
            """, Text.Rows(_ml.Transforms.NormalizeMeanVariance("V", fixZero: false).Fit(none).Transform(Data()), "V"));
    }

    [Fact]
    public void Normalized_values_in_a_prediction_engine()
    {
        var model = _ml.Transforms.NormalizeMinMax("V").Append(_ml.Transforms.NormalizeMeanVariance("X", fixZero: false)).Fit(Data());
        using var engine = _ml.Model.CreatePredictionEngine<Row, Row>(model);
        var row = engine.Predict(new Row { X = 3, V = [-2, 10, 7, 0, 1, -5] });
        Assert.Equal([-0.5f, 10 / 17f, 0, 0, 0.25f, -1], row.V, (a, b) => MathF.Abs(a - b) < 1e-6f);
    }

    private sealed class Row
    {
        public float X { get; set; }
        public double D { get; set; }
        [VectorType(6)] public float[] V { get; set; } = [0, 0, 0, 0, 0, 0];
    }

    private sealed class SparseRow
    {
        [VectorType(4)] public VBuffer<float> V { get; set; }
    }

    private sealed class Other
    {
        public string T { get; set; } = "";
        public float[] V { get; set; } = [];
    }
}
