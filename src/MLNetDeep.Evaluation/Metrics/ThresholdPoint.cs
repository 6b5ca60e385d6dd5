using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation;

/// <summary>What comes of taking every row whose score is above a threshold for positive.</summary>
/// <param name="Threshold">The threshold, on the score.</param>
/// <param name="TruePositives">Weight of the positive rows found.</param>
/// <param name="FalsePositives">Weight of the negative rows taken for positive.</param>
/// <param name="TrueNegatives">Weight of the negative rows let pass.</param>
/// <param name="FalseNegatives">Weight of the positive rows missed.</param>
public sealed record ThresholdPoint(double Threshold, double TruePositives, double FalsePositives, double TrueNegatives, double FalseNegatives)
{
    /// <summary>Share of the rows taken for positive that are; 0 if there are none.</summary>
    public double Precision => Confusion.Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Share of the positive rows that are found: sensitivity, the true positive rate.</summary>
    public double Recall => Confusion.Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Share of the negative rows that are let pass.</summary>
    public double Specificity => Confusion.Ratio(TrueNegatives, TrueNegatives + FalsePositives);

    /// <summary>Share of the negative rows taken for positive.</summary>
    public double FalsePositiveRate => Confusion.Ratio(FalsePositives, TrueNegatives + FalsePositives);

    /// <summary>Share of all rows that are right.</summary>
    public double Accuracy => (TruePositives + TrueNegatives) / (TruePositives + TrueNegatives + FalsePositives + FalseNegatives);

    /// <summary>Mean of recall and specificity.</summary>
    public double BalancedAccuracy => (Recall + Specificity) / 2;

    /// <summary>Geometric mean of recall and specificity.</summary>
    public double GMean => Math.Sqrt(Recall * Specificity);

    /// <summary>Youden's J: recall + specificity - 1.</summary>
    public double Youden => Recall + Specificity - 1;

    /// <summary>Matthews' correlation.</summary>
    public double MatthewsCorrelation => Confusion.Matthews(new[,] { { TrueNegatives, FalsePositives }, { FalseNegatives, TruePositives } });

    /// <summary>F-beta: the weighted harmonic mean of precision and recall, which counts <paramref name="beta"/> times as much.</summary>
    public double FBeta(double beta = 1) => Confusion.FBeta(Precision, Recall, beta);
}
