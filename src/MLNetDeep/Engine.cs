using MLNetDeep.Cpu;
using MLNetDeep.Engines;

namespace MLNetDeep;

/// <summary>What networks can be trained and score on: values for the option <c>Engine</c> of each trainer.</summary>
/// <example>
/// <code>
/// ml.GpuDeviceId = 0;
/// ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Features", new() { Engine = Engine.TensorFlow })
/// </code>
/// </example>
public static class Engine
{
    /// <summary>The embedded engine, on all processors: the default. Needs no native library.</summary>
    public static IEngine Cpu => CpuEngine.Shared;

    /// <summary>
    /// TensorFlow, on the GPU that <c>MLContext.GpuDeviceId</c> names, or the CPU where that is null (its default). Where there is no such GPU <c>MLContext.FallbackToCpu</c>
    /// (default true) decides between the CPU and an error. The app needs the package MLNetDeep.TensorFlow, and one with the native library: SciSharp.TensorFlow.Redist 2.16.0 (CPU) or
    /// SciSharp.TensorFlow.Redist-Linux-GPU 2.11.1. For a library elsewhere make a <c>TensorFlowEngine</c> with its options instead.
    /// </summary>
    /// <remarks>Saved models do not depend on the engine: what one has trained, the other loads, scores with and trains on.</remarks>
    public static IEngine TensorFlow { get; } = new NamedEngine("TensorFlow", "MLNetDeep.TensorFlow", "SciSharp.TensorFlow.Redist 2.16.0 (CPU) or SciSharp.TensorFlow.Redist-Linux-GPU 2.11.1");
}
