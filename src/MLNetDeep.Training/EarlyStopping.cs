namespace MLNetDeep.Training;

/// <summary>Ends training when a figure has stopped getting better, and goes back to the weights that were best.</summary>
public sealed record EarlyStopping
{
    /// <summary>Early stopping with these settings.</summary>
    /// <param name="patience">Number of epochs without improvement after which training ends; at least 1. Default 10.</param>
    /// <param name="monitor">The figure. Default null: <c>val_loss</c>, or <c>loss</c> where there are no validation rows.</param>
    /// <param name="minDelta">What counts as an improvement at least. Default 0: any.</param>
    /// <param name="restoreBestWeights">Whether the model gets the weights of the best epoch, not the last. Default true.</param>
    /// <exception cref="ArgumentOutOfRangeException">The patience is less than 1 or the delta negative.</exception>
    public EarlyStopping(int patience = 10, string? monitor = null, double minDelta = 0, bool restoreBestWeights = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(minDelta);
        Patience = patience;
        Monitor = monitor;
        MinDelta = minDelta;
        RestoreBestWeights = restoreBestWeights;
    }

    /// <summary>Number of epochs without improvement after which training ends.</summary>
    public int Patience { get; }

    /// <summary>The figure; null for <c>val_loss</c>, or <c>loss</c> where there are no validation rows.</summary>
    public string? Monitor { get; }

    /// <summary>What counts as an improvement at least.</summary>
    public double MinDelta { get; }

    /// <summary>Whether the model gets the weights of the best epoch.</summary>
    public bool RestoreBestWeights { get; }
}
