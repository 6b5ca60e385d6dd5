using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where everything starts: catalogs of operations by task, the log, the seed.</summary>
public sealed class MLContext : IHostEnvironmentInternal
{
    private readonly HostEnvironment _environment;

    /// <summary>Creates a context.</summary>
    /// <param name="seed">Makes all that is random in it repeatable.</param>
    public MLContext(int? seed = null)
    {
        _environment = new HostEnvironment(seed) { Log = message => Log?.Invoke(this, message) };
        Data = new DataOperationsCatalog(this);
        Model = new ModelOperationsCatalog(this);
        Transforms = new TransformsCatalog(this);
        BinaryClassification = new BinaryClassificationCatalog(this);
        MulticlassClassification = new MulticlassClassificationCatalog(this);
        Regression = new RegressionCatalog(this);
        Forecasting = new ForecastingCatalog(this);
        AnomalyDetection = new AnomalyDetectionCatalog(this);
    }

    /// <summary>Raised for every message that components write.</summary>
    public event EventHandler<LoggingEventArgs>? Log;

    /// <summary>Loading, splitting and reading data.</summary>
    public DataOperationsCatalog Data { get; }

    /// <summary>Saving, loading and using models.</summary>
    public ModelOperationsCatalog Model { get; }

    /// <summary>Steps that transform data.</summary>
    public TransformsCatalog Transforms { get; }

    /// <summary>Two classes.</summary>
    public BinaryClassificationCatalog BinaryClassification { get; }

    /// <summary>Several classes.</summary>
    public MulticlassClassificationCatalog MulticlassClassification { get; }

    /// <summary>Numbers.</summary>
    public RegressionCatalog Regression { get; }

    /// <summary>Time series.</summary>
    public ForecastingCatalog Forecasting { get; }

    /// <summary>What is unlike the rest.</summary>
    public AnomalyDetectionCatalog AnomalyDetection { get; }

    /// <summary>The components that saved models can name.</summary>
    public ComponentCatalog ComponentCatalog => _environment.ComponentCatalog;

    /// <summary>Where components put temporary files.</summary>
    public string? TempFilePath { get => _environment.TempFilePath; set => _environment.TempFilePath = value; }

    /// <summary>Whether components that want a GPU run without one.</summary>
    public bool FallbackToCpu { get => _environment.FallbackToCpu; set => _environment.FallbackToCpu = value; }

    /// <summary>The GPU that components run on.</summary>
    public int? GpuDeviceId { get => _environment.GpuDeviceId; set => _environment.GpuDeviceId = value; }

    string IExceptionContext.ContextDescription => _environment.Root.ContextDescription;

    int? IHostEnvironmentInternal.Seed => _environment.Seed;

    /// <summary>Sets an option unless it is set.</summary>
    public bool TryAddOption<T>(string name, T value) => _environment.Root.TryAddOption(name, value);

    /// <summary>Sets an option.</summary>
    public void SetOption<T>(string name, T value) => _environment.Root.SetOption(name, value);

    /// <summary>Reads an option if it is set.</summary>
    public bool TryGetOption<T>(string name, out T value) => _environment.Root.TryGetOption(name, out value);

    /// <summary>Reads an option, or the type's default.</summary>
    public T GetOptionOrDefault<T>(string name) => _environment.Root.GetOptionOrDefault<T>(name);

    /// <summary>Removes an option.</summary>
    public bool RemoveOption(string name) => _environment.Root.RemoveOption(name);

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _environment.Root.Register(name, seed, verbose);

    IChannel IChannelProvider.Start(string name) => _environment.Root.Start(name);

    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => _environment.Root.StartPipe<TMessage>(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _environment.Root.StartProgressChannel(name);

    TException IExceptionContext.Process<TException>(TException ex) => _environment.Root.Process(ex);

    /// <summary>Asks all that runs in the context to stop.</summary>
    internal void CancelExecution() => _environment.Cancel();
}
