namespace MLNetDeep.Evaluation;

/// <summary>How scores become probabilities that hold.</summary>
public enum CalibrationMethod
{
    /// <summary>A logistic curve over the score (Platt 1999): for scores of any scale, and few rows.</summary>
    Platt,

    /// <summary>Any rising curve over the score (Zadrozny and Elkan 2002): for a thousand rows and more.</summary>
    Isotonic,

    /// <summary>The logarithm of the odds divided by one number (Guo et al. 2017): for networks, which tend to be too sure.</summary>
    Temperature,

    /// <summary>Beta calibration of a probability (Kull et al. 2017): three numbers, for probabilities skewed to either end.</summary>
    Beta,

    /// <summary>None: for the correction of the share of negatives alone.</summary>
    None,
}
