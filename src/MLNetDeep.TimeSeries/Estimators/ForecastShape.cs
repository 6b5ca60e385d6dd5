namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>What a forecasting network is made for.</summary>
/// <param name="Window">Steps of the past.</param>
/// <param name="Horizon">Steps to forecast.</param>
/// <param name="Outputs">Numbers for each of them.</param>
/// <param name="Covariates">Channels of a step of the past beside the value.</param>
/// <param name="Future">Channels of a step of the horizon.</param>
internal readonly record struct ForecastShape(int Window, int Horizon, int Outputs, int Covariates, int Future);
