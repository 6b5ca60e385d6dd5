using MLNetDeep.Engines;
using MLNetDeep.TensorFlow;

[assembly: EngineProvider(typeof(TensorFlowEngineProvider))]

namespace MLNetDeep.TensorFlow;

/// <summary>Makes the engine that <c>Engine.TensorFlow</c> stands for.</summary>
internal sealed class TensorFlowEngineProvider : IEngineProvider
{
    public IEngine CreateEngine(int? gpuDeviceId, bool fallbackToCpu) => new TensorFlowEngine(new() { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });
}
