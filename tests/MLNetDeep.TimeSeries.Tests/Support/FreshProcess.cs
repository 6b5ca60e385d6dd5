using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Transforms.TimeSeries;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.TimeSeries.Tests.Support;

/// <summary>Loads a model in a process of its own that knows ML.NET only, and forecasts with its time series engine.</summary>
internal static class FreshProcess
{
    /// <summary>The entry point of that process.</summary>
    /// <param name="args">Model file.</param>
    public static int Main(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("Run these tests with 'dotnet test'.");
            return 2;
        }

        MLContext ml = new();
        Console.WriteLine(Forecast(ml, ml.Model.Load(args[0], out _)));
        return 0;
    }

    /// <summary>The bits of the forecast and bounds that follow what a model of one series knows.</summary>
    public static string Forecast(MLContext ml, ITransformer model)
    {
        using TimeSeriesPredictionEngine<Reading, Outlook> engine = model.CreateTimeSeriesEngine<Reading, Outlook>(ml);
        Outlook outlook = engine.Predict();
        return string.Join(' ', outlook.Forecast.Concat(outlook.Low).Concat(outlook.High).Select(v => BitConverter.SingleToInt32Bits(v).ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The same in a process of its own.</summary>
    public static string Forecast(string model) => OwnProcess.Run(model).Single();
}
