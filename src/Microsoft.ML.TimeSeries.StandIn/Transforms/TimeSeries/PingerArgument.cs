namespace Microsoft.ML.Transforms.TimeSeries;

/// <summary>What a stateful row is told.</summary>
internal class PingerArgument
{
    /// <summary>How many observations there were before. One row may be told of the same observation more than once.</summary>
    public long RowPosition;

    /// <summary>The confidence level asked for; null for the model's own.</summary>
    public float? ConfidenceLevel;

    /// <summary>How many steps are asked for; null for the model's own.</summary>
    public int? Horizon;

    /// <summary>Whether there is no observation: a forecast is wanted of what is known already.</summary>
    public bool DontConsumeSource;
}
