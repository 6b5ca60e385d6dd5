namespace MLNetDeep.Evaluation;

/// <summary>A point of a calibration plot.</summary>
/// <param name="MeanProbability">Mean of the probabilities in the bin.</param>
/// <param name="ObservedShare">Share of its rows for which it came true.</param>
/// <param name="Weight">The weight of its rows.</param>
public sealed record CalibrationBin(double MeanProbability, double ObservedShare, double Weight);
