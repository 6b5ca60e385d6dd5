using MLNetDeep.Cpu;
using MLNetDeep.Engines;

namespace MLNetDeep;

/// <summary>The one place that says what networks run on unless an option says otherwise.</summary>
internal static class DefaultEngine
{
    public static IEngine Instance => CpuEngine.Shared;
}
