using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MLNetDeep.TimeSeries.Evaluation;

namespace Forecast;

/// <summary>Tries a model on the past of each series.</summary>
internal static class Backtesting
{
    public static int Run(string folder, string model)
    {
        Directory.CreateDirectory(folder);
        int better = 0, honest = 0;
        foreach (Example example in Example.All)
        {
            MLContext ml = new(seed: 1);
            IDataView data = ml.Data.LoadFromTextFile<Observation>(Path.Combine(AppContext.BaseDirectory, "data", $"{example.Name}.csv"), separatorChar: ',', hasHeader: true);
            Stopwatch watch = Stopwatch.StartNew();

            // Nothing was chosen by these origins: at each the model is trained on what was known there.
            BacktestResult result = ml.Forecasting.Backtest(data, Models.Create(ml, model, example), example.Origins, example.Stride, example.Season);
            better += result.Model.Overall.Mase < result.SeasonalNaive.Overall.Mase ? 1 : 0;
            honest += result.Model.Overall.IntervalCoverage is >= 0.7 and <= 0.9 ? 1 : 0;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{example.Name}: {model}, {example.Origins} origins {example.Stride} steps apart, horizon {example.Horizon}, 80 % bounds, {watch.Elapsed.TotalSeconds:F0} s"));
            Console.WriteLine(result);
            string plot = Path.Combine(folder, $"{example.Name}.svg");
            File.WriteAllText(plot, Plot.Draw(example.Title, [.. ml.Data.CreateEnumerable<Observation>(data, reuseRowObject: false)], result.Model.Forecasts, example.Horizon / example.Stride));
            Console.WriteLine($"Drew {plot}\n");
        }

        Console.WriteLine($"Better than the seasonal naive forecast by MASE: {better} of {Example.All.Count} series. Bounds of 80 % that cover 70 to 90 %: {honest} of {Example.All.Count}.");
        return 0;
    }
}
