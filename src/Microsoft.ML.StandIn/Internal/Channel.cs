using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A channel that writes to the context's log.</summary>
internal sealed class Channel : IChannel
{
    private readonly HostEnvironment _environment;
    private readonly string _source;
    private readonly long _started = Stopwatch.GetTimestamp();
    private bool _disposed;

    public Channel(HostEnvironment environment, string source)
    {
        _environment = environment;
        _source = source;
        Write(ChannelMessageKind.Trace, "Channel started");
    }

    public string ContextDescription => _source;

    public void Trace(MessageSensitivity sensitivity, string fmt) => Write(ChannelMessageKind.Trace, fmt);

    public void Trace(MessageSensitivity sensitivity, string fmt, params object?[] args) => Write(ChannelMessageKind.Trace, Format(fmt, args));

    public void Error(MessageSensitivity sensitivity, string fmt) => Write(ChannelMessageKind.Error, fmt);

    public void Error(MessageSensitivity sensitivity, string fmt, params object?[] args) => Write(ChannelMessageKind.Error, Format(fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) => Write(ChannelMessageKind.Warning, fmt);

    public void Warning(MessageSensitivity sensitivity, string fmt, params object?[] args) => Write(ChannelMessageKind.Warning, Format(fmt, args));

    public void Info(MessageSensitivity sensitivity, string fmt) => Write(ChannelMessageKind.Info, fmt);

    public void Info(MessageSensitivity sensitivity, string fmt, params object?[] args) => Write(ChannelMessageKind.Info, Format(fmt, args));

    public void Send(ChannelMessage msg) => Write(msg.Kind, msg.Message);

    public TException Process<TException>(TException ex)
        where TException : Exception
        => ex;

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Write(ChannelMessageKind.Trace, $"Channel finished. Elapsed {Stopwatch.GetElapsedTime(_started):c}.");
        Write(ChannelMessageKind.Trace, "Channel disposed");
    }

    private static string Format(string format, object?[] args) => string.Format(CultureInfo.InvariantCulture, format, args);

    private void Write(ChannelMessageKind kind, string message) => _environment.Write(_source, kind, message);
}
