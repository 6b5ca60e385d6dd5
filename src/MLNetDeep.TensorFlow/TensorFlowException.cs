namespace MLNetDeep.TensorFlow;

/// <summary>TensorFlow cannot be used: its library is missing or of another version, or there is no such device; or it failed at what it was told to do.</summary>
public sealed class TensorFlowException : InvalidOperationException
{
    /// <summary>An error without a message.</summary>
    public TensorFlowException()
    {
    }

    /// <summary>An error with a message.</summary>
    public TensorFlowException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and what it came from.</summary>
    public TensorFlowException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
