namespace MLNetDeep.Training;

/// <summary>The loss became NaN or infinite before any epoch was complete, so there are no good weights to return to.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>An error without a message.</summary>
    public TrainingDivergedException()
    {
    }

    /// <summary>An error with a message.</summary>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and what led to it.</summary>
    public TrainingDivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
