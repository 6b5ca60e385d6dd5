using System.Collections.Concurrent;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What all hosts of one <see cref="MLContext"/> share.</summary>
internal sealed class HostEnvironment
{
    private readonly ConcurrentDictionary<string, object?> _options = new(StringComparer.Ordinal);
    private volatile bool _isCanceled;

    public HostEnvironment(int? seed)
    {
        Seed = seed;
        Root = new Host(this, "", seed is { } value ? new Random(value) : new Random());
    }

    /// <summary>The host that every other host descends from.</summary>
    public Host Root { get; }

    public int? Seed { get; }

    public ComponentCatalog ComponentCatalog { get; } = new();

    public string? TempFilePath { get; set; } = Path.GetTempPath();

    public bool FallbackToCpu { get; set; } = true;

    public int? GpuDeviceId { get; set; }

    public ConcurrentDictionary<string, object?> Options => _options;

    public bool IsCanceled => _isCanceled;

    /// <summary>Where messages go; set by the <see cref="MLContext"/>.</summary>
    public Action<LoggingEventArgs>? Log { get; set; }

    public void Cancel() => _isCanceled = true;

    public void Write(string source, ChannelMessageKind kind, string message)
        => Log?.Invoke(new LoggingEventArgs(message, kind, source));
}
