using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.TensorFlow.Execution;

namespace MLNetDeep.TensorFlow;

/// <summary>
/// Runs graphs on TensorFlow, on the CPU or a GPU. Graphs are written as TensorFlow nodes (GraphDefs) and run by its sessions; networks, options and saved models
/// are those of the embedded engine, and so are the numbers, but for rounding.
/// </summary>
/// <remarks>
/// <para>
/// It needs the native library: add the NuGet package SciSharp.TensorFlow.Redist 2.16.0 (CPU) or SciSharp.TensorFlow.Redist-Linux-GPU 2.11.1 to the app, or give
/// <see cref="TensorFlowOptions.LibraryPath"/>. It is loaded when the first session is made. GPU memory is taken as it is needed, not all at once.
/// </para>
/// <para>
/// An option <c>Engine = Engine.TensorFlow</c> of a trainer makes one of these on the GPU that <c>MLContext.GpuDeviceId</c> names.
/// </para>
/// </remarks>
public sealed class TensorFlowEngine : IEngine
{
    private readonly TensorFlowOptions _options;
    private readonly ITensorFlowRuntime _runtime;

    /// <summary>An engine on a device.</summary>
    /// <param name="options">The library and the device; null for the defaults: the library of a package, on the CPU.</param>
    /// <exception cref="ArgumentOutOfRangeException">The GPU's number is negative, or there are less than one thread.</exception>
    public TensorFlowEngine(TensorFlowOptions? options = null)
        : this(options, TensorFlowRuntime.Shared)
    {
    }

    internal TensorFlowEngine(TensorFlowOptions? options, ITensorFlowRuntime runtime)
    {
        _options = options ?? new();
        if (_options.GpuDeviceId is < 0)
            throw new ArgumentOutOfRangeException(nameof(options), _options.GpuDeviceId, $"GpuDeviceId is {_options.GpuDeviceId}, expected a GPU's number from 0, or null for the CPU.");
        if (_options.Threads is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), _options.Threads, $"Threads is {_options.Threads}, expected at least 1.");
        _runtime = runtime;
    }

    /// <inheritdoc/>
    public string Name => _options.GpuDeviceId is { } gpu ? $"TensorFlow (GPU {gpu})" : "TensorFlow";

    /// <inheritdoc/>
    /// <exception cref="TensorFlowException">
    /// There is no native library, or it is no TensorFlow that this can use, or there is no such GPU and <see cref="TensorFlowOptions.FallbackToCpu"/> is false.
    /// </exception>
    public ISession CreateSession(Graph graph, int seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new TensorFlowSession(graph, seed, _runtime.CreateSession(_options));
    }
}
