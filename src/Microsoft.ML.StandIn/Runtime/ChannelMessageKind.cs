namespace Microsoft.ML.Runtime;

/// <summary>How serious a message is.</summary>
public enum ChannelMessageKind
{
    /// <summary>For those who debug.</summary>
    Trace = 0,

    /// <summary>For everyone.</summary>
    Info = 1,

    /// <summary>Something may be wrong.</summary>
    Warning = 2,

    /// <summary>Something is wrong.</summary>
    Error = 3,
}
