namespace Microsoft.ML.Runtime;

/// <summary>Takes text messages.</summary>
public interface IChannel : IPipe<ChannelMessage>
{
    /// <summary>Sends a message for those who debug.</summary>
    void Trace(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends a message for those who debug.</summary>
    void Trace(MessageSensitivity sensitivity, string fmt, params object?[] args);

    /// <summary>Sends an error.</summary>
    void Error(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends an error.</summary>
    void Error(MessageSensitivity sensitivity, string fmt, params object?[] args);

    /// <summary>Sends a warning.</summary>
    void Warning(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends a warning.</summary>
    void Warning(MessageSensitivity sensitivity, string fmt, params object?[] args);

    /// <summary>Sends a message for everyone.</summary>
    void Info(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends a message for everyone.</summary>
    void Info(MessageSensitivity sensitivity, string fmt, params object?[] args);
}
