namespace MLNetDeep.Evaluation;

/// <summary>How probabilities are calibrated.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The method for two classes. Default Platt. Several classes have one method, the temperature.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.Platt;

    /// <summary>
    /// The share of the negative rows that are in the rows the calibration is fitted to (with None: that the model learned from), if negatives were left out to balance the
    /// classes. Probabilities are corrected for those that are missing (Dal Pozzolo et al. 2015). Default 1: none were left out.
    /// </summary>
    public double NegativesKept { get; init; } = 1;

    /// <summary>How rows are dealt out for scores by models that have not learned from them; the first repeat counts. Default: 5 folds.</summary>
    public FoldOptions Folds { get; init; } = new();

    /// <summary>The column that folds have equal shares of. Default null: the label. To be named where the label is made within the trainer's pipeline under a name of its own.</summary>
    public string? StratifyColumn { get; init; }

    /// <summary>The columns. Rows count by the weight column, if there is one.</summary>
    public ScoredColumns Columns { get; init; } = new();

    /// <summary>Ends the calibration between two folds.</summary>
    public CancellationToken Cancellation { get; init; }

    internal void Check()
    {
        if (NegativesKept is not (> 0 and <= 1))
            throw new ArgumentException($"{nameof(NegativesKept)} is {NegativesKept}; expected above 0 and at most 1.");
    }
}
