using Microsoft.ML.Transforms.TimeSeries;

namespace MLNetDeep.TimeSeries.Interop;

/// <summary>A row that ML.NET's time series engine tells of observations and of what is asked for.</summary>
internal abstract class ForecastRowBase : StatefulRow
{
    public sealed override Action<PingerArgument> GetPinger() => argument => Observe(argument.RowPosition, !argument.DontConsumeSource, argument.Horizon, argument.ConfidenceLevel);

    /// <summary>Called before each prediction.</summary>
    /// <param name="position">Number of observations before. One may be told of more than once.</param>
    /// <param name="isObservation">Whether the row has a new observation.</param>
    /// <param name="horizon">Steps asked for; null for the model's.</param>
    /// <param name="confidenceLevel">Level asked for; null for the model's.</param>
    protected abstract void Observe(long position, bool isObservation, int? horizon, float? confidenceLevel);
}
