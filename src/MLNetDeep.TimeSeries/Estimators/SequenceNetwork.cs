namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>Networks that read the window step by step and forecast from what they made of it.</summary>
internal static class SequenceNetwork
{
    /// <summary>The window with all that is known of its steps.</summary>
    public static Network Window(ForecastShape shape) => Network.Input("past", shape.Window, 1 + shape.Covariates);

    /// <summary>The forecast from what a network made of the window, and what is known of the horizon.</summary>
    public static Network Forecast(Network features, ForecastShape shape, double dropout)
    {
        if (dropout > 0)
            features = features.Dropout(dropout);
        Network forecast = features.Dense(shape.Horizon * shape.Outputs);

        // What is known of a step of the horizon works on that step.
        if (shape.Future > 0)
        {
            Network future = Network.Input("future", shape.Horizon, shape.Future).Flatten();
            forecast = forecast.Add(future.Dense(shape.Horizon * shape.Outputs, useBias: false));
        }

        return forecast.Reshape(shape.Horizon, shape.Outputs);
    }
}
