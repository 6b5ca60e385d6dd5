using Microsoft.ML.Runtime;
using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Interop;

namespace MLNetDeep;

/// <summary>The one place that says what networks run on unless an option says otherwise.</summary>
internal static class DefaultEngine
{
    public static IEngine Instance => CpuEngine.Shared;

    /// <summary>The engine of an option; one that is only named runs on the device of the context.</summary>
    /// <exception cref="InvalidOperationException">It is of a package that the app lacks.</exception>
    public static IEngine Choose(IEngine? option, IHostEnvironment env)
    {
        if (option is not NamedEngine named)
            return option ?? Instance;
        (int? gpu, bool fallback) = Internals.Device(env);
        return named.On(gpu, fallback);
    }
}
