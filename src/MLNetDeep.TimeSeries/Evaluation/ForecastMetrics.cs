using System.Globalization;

namespace MLNetDeep.TimeSeries.Evaluation;

/// <summary>How good forecasts were. Steps without a value do not count.</summary>
public sealed record ForecastMetrics
{
    /// <summary>Number of steps that were forecast and have a value.</summary>
    public required long Count { get; init; }

    /// <summary>Mean absolute error, in the values' unit.</summary>
    public required double MeanAbsoluteError { get; init; }

    /// <summary>Square root of the mean squared error, in the values' unit.</summary>
    public required double RootMeanSquaredError { get; init; }

    /// <summary>Symmetric mean absolute percentage error, 0 to 200: the mean of <c>200 · |y - f| / (|y| + |f|)</c>, 0 where both are 0 (Makridakis 1993).</summary>
    public required double Smape { get; init; }

    /// <summary>
    /// Mean absolute scaled error: absolute errors over what forecasting by the season before is off by, on average, in the steps before the origin (Hyndman and Koehler 2006). Below 1 is better than that.
    /// Series that repeat themselves without any error have no such scale and do not count; NaN if there are no others.
    /// </summary>
    public required double Mase { get; init; }

    /// <summary>Mean pinball loss of lower bound, forecast and upper bound as quantiles, in the values' unit. Less is better; it is what a forecast with bounds is judged by.</summary>
    public required double PinballLoss { get; init; }

    /// <summary>Share of values between the bounds, both included; should be the confidence level.</summary>
    public required double IntervalCoverage { get; init; }

    /// <summary>Mean distance of the bounds, in the values' unit. At the same coverage, less is better.</summary>
    public required double IntervalWidth { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"MAE {MeanAbsoluteError:G4}, RMSE {RootMeanSquaredError:G4}, sMAPE {Smape:F2}, MASE {Mase:F3}, pinball {PinballLoss:G4}, coverage {IntervalCoverage:P1}");
}
