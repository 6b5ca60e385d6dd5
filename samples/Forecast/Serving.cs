using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Transforms.TimeSeries;

namespace Forecast;

/// <summary>A model in use: observations come one by one, and the state is kept.</summary>
internal static class Serving
{
    public static int Run(string file)
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromTextFile<Observation>(Path.Combine(AppContext.BaseDirectory, "data", "AirPassengers.csv"), separatorChar: ',', hasHeader: true);
        Observation[] all = [.. ml.Data.CreateEnumerable<Observation>(data, reuseRowObject: false)];
        ITransformer model = Models.Create(ml, "dlinear", Example.All[0]).Fit(ml.Data.TakeRows(data, all.Length - 12));

        using (TimeSeriesPredictionEngine<Observation, Outlook> engine = model.CreateTimeSeriesEngine<Observation, Outlook>(ml))
        {
            for (int i = all.Length - 12; i < all.Length - 6; i++)
                Say(all[i], engine.Predict(all[i], horizon: 1));
            engine.CheckPoint(ml, file);
        }

        Console.WriteLine($"Saved the model with its state to {file}; a new one goes on from there:");
        using TimeSeriesPredictionEngine<Observation, Outlook> restored = ml.Model.Load(file, out _).CreateTimeSeriesEngine<Observation, Outlook>(ml);
        for (int i = all.Length - 6; i < all.Length; i++)
            Say(all[i], restored.Predict(all[i], horizon: 1));
        return 0;
    }

    private static void Say(Observation seen, Outlook next) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{seen.Month:yyyy-MM}: {seen.Value,4:F0}   next month {next.Forecast[0],4:F0}, most likely {next.Low[0]:F0} to {next.High[0]:F0}"));
}
