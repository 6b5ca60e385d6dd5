namespace Sound;

/// <summary>What the model says of a sound.</summary>
public sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of each instrument.</summary>
    public float[] Score { get; set; } = [];
}
