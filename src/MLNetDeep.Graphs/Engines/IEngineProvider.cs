namespace MLNetDeep.Engines;

/// <summary>Makes engines for whoever asks for one by name, as <c>Engine.TensorFlow</c> does. Needs a constructor without parameters.</summary>
public interface IEngineProvider
{
    /// <summary>Makes an engine.</summary>
    /// <param name="gpuDeviceId">Number of the GPU to run on; null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU is taken where there is no such GPU, instead of an error.</param>
    IEngine CreateEngine(int? gpuDeviceId, bool fallbackToCpu);
}
