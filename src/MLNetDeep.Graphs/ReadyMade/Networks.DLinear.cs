namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// DLinear (Zeng et al. 2023), the strong simple baseline of forecasting: the window is split into a moving average and what is left, and each is mapped to all steps of the
    /// horizon by one linear layer. Covariates join by a linear layer of their own.
    /// </summary>
    /// <param name="window">Steps of the past.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="outputs">Numbers for each of them, such as quantiles. Default 1.</param>
    /// <param name="movingAverage">Steps in a mean. Default 25, the paper's.</param>
    /// <param name="covariates">Covariates of the past, the input <c>covariates</c> (window, covariates). Default 0: there is no such input.</param>
    /// <param name="future">Covariates of the horizon, the input <c>future</c> (horizon, future). Default 0: there is no such input.</param>
    /// <returns>A network from <c>values</c> (window, 1) to (horizon, outputs).</returns>
    /// <exception cref="ArgumentException">A size is less than 1, or a number of covariates negative.</exception>
    public static Network DLinear(int window, int horizon, int outputs = 1, int movingAverage = 25, int covariates = 0, int future = 0)
    {
        CheckForecast(nameof(DLinear), window, horizon, outputs, covariates, future);
        Network values = Network.Input("values", window, 1), trend = values.MovingAverage1D(movingAverage);
        List<Network> parts = [values.Subtract(trend).Flatten().Dense(horizon * outputs)];
        if (covariates > 0)
            parts.Add(Network.Input("covariates", window, covariates).Flatten().Dense(horizon * outputs, useBias: false));
        if (future > 0)
            parts.Add(Network.Input("future", horizon, future).Flatten().Dense(horizon * outputs, useBias: false));
        return trend.Flatten().Dense(horizon * outputs).Add(parts).Reshape(horizon, outputs);
    }

    private static void CheckForecast(string network, int window, int horizon, int outputs, int covariates, int future)
    {
        if (window < 1 || horizon < 1 || outputs < 1 || covariates < 0 || future < 0)
            throw new ArgumentException($"{network}: window {window}, horizon {horizon}, outputs {outputs}, covariates {covariates}, future {future}; expected at least 1 of the first three and 0 of the others.");
    }
}
