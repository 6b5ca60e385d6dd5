using Microsoft.ML.Data;

namespace ImageFolder;

/// <summary>What the model says of a picture.</summary>
public sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of each class.</summary>
    public VBuffer<float> Score { get; set; }
}
