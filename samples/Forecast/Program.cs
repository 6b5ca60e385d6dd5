using Forecast;

switch (args)
{
    case ["backtest", var folder]:
        return Backtesting.Run(folder, "dlinear");
    case ["backtest", var folder, var model] when Models.Names.Contains(model):
        return Backtesting.Run(folder, model);
    case ["next", var file]:
        return Serving.Run(file);
    default:
        Console.WriteLine($"""
            Forecasts four series that everybody knows (see data/README.md), with neural networks in place of ML.NET's ForecastBySsa.

            Forecast backtest <folder> [model]   tries a model on the past of each series, beside naive forecasts, and draws it
            Forecast next <model.zip>            forecasts airline passengers month by month as they come, with a checkpoint

            Models: {string.Join(", ", Models.Names)}
            """);
        return args is [] or ["--help"] ? 0 : 2;
}
