namespace Digits;

/// <summary>What the model says of an image.</summary>
public sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of each class, in the order in which the classes were first met.</summary>
    public float[] Score { get; set; } = [];
}
