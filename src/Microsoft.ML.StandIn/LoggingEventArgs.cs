using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A message to the log.</summary>
public class LoggingEventArgs : EventArgs
{
    /// <summary>Creates a message of no particular kind or source.</summary>
    public LoggingEventArgs(string message)
    {
        Message = message;
        RawMessage = message;
    }

    /// <summary>Creates a message.</summary>
    public LoggingEventArgs(string message, ChannelMessageKind kind, string source)
    {
        RawMessage = message;
        Kind = kind;
        Source = source;
        Message = $"[Source={source}, Kind={kind}] {message}";
    }

    /// <summary>The message with its source and kind before it.</summary>
    public string Message { get; }

    /// <summary>The bare message.</summary>
    public string RawMessage { get; }

    /// <summary>The kind.</summary>
    public ChannelMessageKind Kind { get; }

    /// <summary>What wrote it.</summary>
    public string? Source { get; }
}
