namespace MLNetDeep.Training;

/// <summary>What happened in training, epoch by epoch.</summary>
public sealed class History
{
    private readonly List<EpochResult> _epochs = [];

    /// <summary>The epochs, in order.</summary>
    public IReadOnlyList<EpochResult> Epochs => _epochs;

    /// <summary>The number of the epoch whose weights the model has; 0 if none ended.</summary>
    public int BestEpoch { get; internal set; }

    /// <summary>Why training ended before the last epoch; null if it did not.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>A figure by epoch, such as <c>history["val_loss"]</c>; NaN for epochs in which it was not measured.</summary>
    /// <exception cref="KeyNotFoundException">There is no such figure; the message lists those there are.</exception>
    public IReadOnlyList<double> this[string metric] => _epochs.Count == 0 || _epochs.Exists(e => e.Metrics.ContainsKey(metric))
        ? [.. _epochs.Select(e => e.Metrics.TryGetValue(metric, out double value) ? value : double.NaN)]
        : throw new KeyNotFoundException($"There is no '{metric}' in the history; there are: {string.Join(", ", _epochs.SelectMany(e => e.Metrics.Keys).Distinct())}.");

    /// <summary>A history that was saved.</summary>
    /// <exception cref="ArgumentException">An epoch is missing or has no loss.</exception>
    public static History Restore(IEnumerable<EpochResult> epochs, int bestEpoch, string? stopReason)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        History history = new() { BestEpoch = bestEpoch, StopReason = stopReason };
        history._epochs.AddRange(epochs);
        if (history._epochs.Any(e => e?.Metrics is not { } metrics || !metrics.ContainsKey("loss")))
            throw new ArgumentException("an epoch of the history is missing or has no loss.");
        return history;
    }

    internal void Add(EpochResult epoch) => _epochs.Add(epoch);
}
