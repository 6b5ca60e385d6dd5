using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The host of one component. Its seed is drawn from its parent's random numbers, so that equal programs
/// on equal context seeds get equal numbers.
/// </summary>
internal sealed class Host(HostEnvironment environment, string name, Random rand) : IHost, IHostEnvironmentInternal, ICancelable
{
    private bool _isCanceled;

    public Random Rand => rand;

    public ComponentCatalog ComponentCatalog => environment.ComponentCatalog;

    public string ContextDescription => "HostEnvironment";

    public bool IsCanceled => _isCanceled || environment.IsCanceled;

    public int? Seed => environment.Seed;

    public string? TempFilePath { get => environment.TempFilePath; set => environment.TempFilePath = value; }

    public bool FallbackToCpu { get => environment.FallbackToCpu; set => environment.FallbackToCpu = value; }

    public int? GpuDeviceId { get => environment.GpuDeviceId; set => environment.GpuDeviceId = value; }

    public void CancelExecution() => _isCanceled = true;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (rand)
            return new Host(environment, name, new Random(seed ?? rand.Next()));
    }

    public IChannel Start(string name) => new Channel(environment, SourceOf(name));

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new SilentPipe<TMessage>(this);

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel();

    public TException Process<TException>(TException ex)
        where TException : Exception
        => ex;

    public bool TryAddOption<T>(string name, T value) => environment.Options.TryAdd(name, value);

    public void SetOption<T>(string name, T value) => environment.Options[name] = value;

    public bool TryGetOption<T>(string name, out T value)
    {
        if (environment.Options.TryGetValue(name, out var found))
        {
            value = (T)found!;
            return true;
        }
        value = default!;
        return false;
    }

    public T GetOptionOrDefault<T>(string name) => TryGetOption<T>(name, out var value) ? value : default!;

    public bool RemoveOption(string name) => environment.Options.TryRemove(name, out _);

    private string SourceOf(string channel) => name.Length == 0 ? channel : $"{name}; {channel}";

    private sealed class SilentPipe<TMessage>(IExceptionContext context) : IPipe<TMessage>
    {
        public string ContextDescription => context.ContextDescription;

        public void Send(TMessage msg)
        {
        }

        public void Dispose()
        {
        }

        public TException Process<TException>(TException ex)
            where TException : Exception
            => ex;
    }

    private sealed class ProgressChannel : IProgressChannel
    {
        public IProgressChannel StartProgressChannel(string name) => new ProgressChannel();

        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
        {
        }

        public void Checkpoint(params double?[] values)
        {
        }

        public void Dispose()
        {
        }
    }
}
