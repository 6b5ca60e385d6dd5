using Microsoft.ML;
using MLNetDeep.TimeSeries.Estimators;
using MLNetDeep.TimeSeries.Evaluation;
using MLNetDeep.TimeSeries.Intervals;
using MLNetDeep.TimeSeries.Tests.Support;

namespace MLNetDeep.TimeSeries.Tests;

public class IntervalTests
{
    [Fact]
    public void Residuals_are_ranked_over_the_widths()
    {
        // Median 10, quantiles 8 and 11: widths of 2 below and 1 above.
        float[] output = [8, 10, 11];
        IntervalModel model = IntervalModel.Calibrate(ForecastLikelihood.Quantile, 0.8, 1, [output, output, output, output], [[9], [10.5f], [6], [13]]);

        // Errors of -1, 0.5, -4 and 3, whose mean size is added to the widths.
        Assert.Equal(8.5 / 4, model.Ease);
        Assert.Equal([0.5 / 3.125, 1 / 4.125, 3 / 3.125, 4 / 4.125], model.Scores);

        // Of 4 scores the rank for a level of 0.5 is the 3rd: ceil(5 · 0.5).
        Assert.Equal(3 / 3.125, model.Factor(0.5));
        Assert.Equal(1 / 4.125, model.Factor(0.4));
        Assert.Equal(4 / 4.125, model.Factor(0.99));
        (double middle, double lower, double upper) = model.Interval(output, 0, model.Factor(0.99));
        Assert.Equal((10.0, 6.0), (middle, lower));
        Assert.Equal(10 + (4 / 4.125 * 3.125), upper, 1e-12);
    }

    [Fact]
    public void Quantiles_that_cross_are_put_in_order()
    {
        IntervalModel model = new(ForecastLikelihood.Quantile, 0.8, [], 0, []);
        Assert.Equal((2, 1, 5), model.Interval([2, 5, 1], 0, 1));
        Assert.Equal(1, model.Factor(0.8), 1e-9);
        Assert.Equal(1.95996 / 1.28155, model.Factor(0.95), 1e-4);
    }

    [Fact]
    public void A_gaussian_has_the_normal_quantiles()
    {
        IntervalModel model = new(ForecastLikelihood.Gaussian, 0.8, [], 0, []);
        (double middle, double lower, double upper) = model.Interval([3, 0], 0, model.Factor(0.95));
        Assert.Equal(3, middle);
        Assert.Equal(3 + (1.959964 * Math.Log(2)), upper, 1e-5);
        Assert.Equal(3 - (1.959964 * Math.Log(2)), lower, 1e-5);
    }

    [Fact]
    public void A_point_is_as_wide_as_it_was_wrong_at_each_step()
    {
        IntervalModel model = IntervalModel.Calibrate(ForecastLikelihood.Point, 0.8, 2, [[1, 1], [1, 1]], [[2, 4], [0, float.NaN]]);
        Assert.Equal([1, 3], model.Widths);
        Assert.Equal([1, 1, 1], model.Scores);
        Assert.Equal((5, 2, 8), model.Interval([5], 1, model.Factor(0.8)));
    }

    [Theory]
    [InlineData(ForecastLikelihood.Quantile, 0.8f)]
    [InlineData(ForecastLikelihood.Gaussian, 0.8f)]
    [InlineData(ForecastLikelihood.Point, 0.8f)]
    [InlineData(ForecastLikelihood.Gaussian, 0.5f)]
    public void Bounds_cover_what_they_say(ForecastLikelihood likelihood, float level)
    {
        // Noise on a level wave: no model can be sure, and 400 values tell a share to within 0.1.
        MLContext ml = new(seed: 1);
        DLinearForecastingEstimator.Options options = Readings.Options().With(o =>
        {
            o.Likelihood = likelihood;
            o.ConfidenceLevel = level;
            o.Epochs = 40;
            o.Seed = 1;
        });
        List<Reading> rows = Readings.Wave(800, noise: 2);
        for (int i = 0; i < rows.Count; i++)
            rows[i].Value -= 0.05f * i;
        BacktestResult Of(bool refitOnAll) =>
            ml.Forecasting.Backtest(ml.View(rows), ml.Forecasting.ForecastByDLinear(options.With(o => o.RefitOnAll = refitOnAll)), origins: 100, refit: false);
        BacktestResult result = Of(refitOnAll: false);
        Assert.Equal(400, result.Model.Overall.Count);

        // A model that has learned from more is better than the one that bounds were measured by: they may be wide, not narrow.
        Assert.InRange(Of(refitOnAll: true).Model.Overall.IntervalCoverage, level - 0.1, 1);
        Assert.InRange(result.Model.Overall.IntervalCoverage, level - 0.1, level + 0.1);
        Assert.True(result.Model.Overall.PinballLoss < result.Naive.Overall.PinballLoss, result.ToString());
    }
}
