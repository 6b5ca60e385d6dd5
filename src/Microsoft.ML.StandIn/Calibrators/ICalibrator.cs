namespace Microsoft.ML.Calibrators;

/// <summary>Makes probabilities of scores.</summary>
public interface ICalibrator
{
    /// <summary>The probability of a score.</summary>
    float PredictProbability(float output);
}
