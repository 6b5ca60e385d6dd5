namespace MLNetDeep.TimeSeries.Models;

/// <summary>Forecast and bounds for each step of a horizon, in the values' own unit.</summary>
internal sealed class ForecastNumbers(int horizon)
{
    public float[] Values { get; } = new float[horizon];

    public float[] Lower { get; } = new float[horizon];

    public float[] Upper { get; } = new float[horizon];

    public void Clear()
    {
        Values.AsSpan().Fill(float.NaN);
        Lower.AsSpan().Fill(float.NaN);
        Upper.AsSpan().Fill(float.NaN);
    }
}
