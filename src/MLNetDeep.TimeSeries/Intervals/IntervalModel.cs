using MathNet.Numerics.Distributions;

namespace MLNetDeep.TimeSeries.Intervals;

/// <summary>
/// From a network's outputs to a forecast and its bounds. How wide bounds must be is measured on origins that were held out: the distance of what came from the
/// forecast, over the network's own width, is ranked (split conformal prediction with normalized residuals, Lei et al. 2018), so a level that was asked for is
/// about the share of values that bounds cover, whatever the network thought, and any level can be asked for. So that a network that has seen few data, and takes a step
/// for surer than it is, does not decide alone, the mean error is added to its widths (as Johansson et al. 2014 do).
/// </summary>
internal sealed class IntervalModel
{
    // A network that is sure beyond reason must not make residuals infinite.
    private const double LeastWidth = 1e-4;

    /// <param name="likelihood">What the network gives.</param>
    /// <param name="level">The level it was trained for.</param>
    /// <param name="widths">For point forecasts how far off each step of the horizon is; else empty.</param>
    /// <param name="ease">What is added to the network's own widths.</param>
    /// <param name="scores">Residuals over widths at held-out origins, in order; empty for none.</param>
    public IntervalModel(ForecastLikelihood likelihood, double level, double[] widths, double ease, double[] scores)
    {
        Ease = ease;
        Likelihood = likelihood;
        Level = level;
        Widths = widths;
        Scores = scores;
    }

    public ForecastLikelihood Likelihood { get; }

    public double Level { get; }

    public double[] Widths { get; }

    public double Ease { get; }

    public double[] Scores { get; }

    /// <summary>Numbers that a network gives for a step.</summary>
    public static int OutputsOf(ForecastLikelihood likelihood) => likelihood switch
    {
        ForecastLikelihood.Quantile => 3,
        ForecastLikelihood.Gaussian => 2,
        _ => 1,
    };

    /// <summary>The quantiles that a network is trained for.</summary>
    public static float[] Quantiles(double level) => [(float)((1 - level) / 2), 0.5f, (float)((1 + level) / 2)];

    /// <summary>Measures residuals.</summary>
    /// <param name="likelihood">What the network gives.</param>
    /// <param name="level">The level it was trained for.</param>
    /// <param name="horizon">Steps of the horizon.</param>
    /// <param name="outputs">The network's outputs at each origin.</param>
    /// <param name="targets">What came, NaN where it is not known.</param>
    public static IntervalModel Calibrate(ForecastLikelihood likelihood, double level, int horizon, IReadOnlyList<float[]> outputs, IReadOnlyList<float[]> targets)
    {
        int size = OutputsOf(likelihood);
        double[] widths = likelihood == ForecastLikelihood.Point
            ? [.. Enumerable.Range(0, horizon).Select(h => Deviation(outputs.Zip(targets).Select(p => (double)p.Second[h] - p.First[h])))]
            : [];
        IntervalModel plain = new(likelihood, level, widths, 0, []);
        List<(double Error, double Below, double Above)> residuals = [];
        foreach ((float[] output, float[] target) in outputs.Zip(targets))
        {
            for (int h = 0; h < horizon; h++)
            {
                if (float.IsNaN(target[h]))
                    continue;
                (double middle, double below, double above) = plain.Read(output.AsSpan(h * size, size), h);
                residuals.Add((target[h] - middle, below, above));
            }
        }

        // Widths of points are errors already.
        double ease = likelihood == ForecastLikelihood.Point || residuals.Count == 0 ? 0 : residuals.Average(r => Math.Abs(r.Error));
        return new(likelihood, level, widths, ease, [.. residuals.Select(r => Math.Abs(r.Error) / ((r.Error < 0 ? r.Below : r.Above) + ease)).Order()]);
    }

    /// <summary>The forecast of a step and its bounds, in the network's numbers.</summary>
    public (double Middle, double Lower, double Upper) Interval(ReadOnlySpan<float> outputs, int step, double factor)
    {
        (double middle, double below, double above) = Read(outputs, step);
        return (middle, middle - (factor * below), middle + (factor * above));
    }

    /// <summary>What the network's own widths are multiplied by for a level.</summary>
    public double Factor(double level)
    {
        if (Scores.Length > 0)
        {
            // The least rank that a new value, as likely to lie anywhere among the others, lies below with that probability.
            int rank = (int)Math.Ceiling((Scores.Length + 1) * level);
            return Scores[Math.Clamp(rank, 1, Scores.Length) - 1];
        }

        double normal = Normal.InvCDF(0, 1, (1 + level) / 2);
        return Likelihood == ForecastLikelihood.Quantile ? normal / Normal.InvCDF(0, 1, (1 + Level) / 2) : normal;
    }

    // The forecast of a step, and the network's own widths below and above.
    private (double Middle, double Below, double Above) Read(ReadOnlySpan<float> outputs, int step)
    {
        switch (Likelihood)
        {
            case ForecastLikelihood.Quantile:
                // Quantiles are learned one by one and can cross; in order they are quantiles again.
                double low = Math.Min(outputs[0], Math.Min(outputs[1], outputs[2])), high = Math.Max(outputs[0], Math.Max(outputs[1], outputs[2]));
                double middle = outputs[0] + (double)outputs[1] + outputs[2] - low - high;
                return (middle, Math.Max(middle - low, LeastWidth) + Ease, Math.Max(high - middle, LeastWidth) + Ease);
            case ForecastLikelihood.Gaussian:
                double deviation = Math.Max(outputs[1] > 30 ? outputs[1] : Math.Log(1 + Math.Exp(outputs[1])), LeastWidth);
                return (outputs[0], deviation + Ease, deviation + Ease);
            default:
                double width = Widths.Length == 0 ? LeastWidth : Math.Max(Widths[step], LeastWidth);
                return (outputs[0], width, width);
        }
    }

    private static double Deviation(IEnumerable<double> errors)
    {
        double[] known = [.. errors.Where(e => !double.IsNaN(e))];
        return known.Length == 0 ? 0 : Math.Sqrt(known.Average(e => e * e));
    }
}
