namespace Microsoft.ML.Transforms.TimeSeries;

/// <summary>A row that is told when there is a new observation, whether or not anybody reads it.</summary>
internal abstract class StatefulRow : DataViewRow
{
    /// <summary>What is called before each prediction.</summary>
    public abstract Action<PingerArgument> GetPinger();
}
