using System.Runtime.Intrinsics;

namespace MLNetDeep.Cpu.Simd;

/// <summary>Says which vector width kernels use on this machine.</summary>
internal static class CpuFeatures
{
    [ThreadStatic]
    private static VectorWidth forced;

    /// <summary>The widest that the hardware does.</summary>
    public static VectorWidth Best { get; } =
        Vector512.IsHardwareAccelerated ? VectorWidth.V512
        : Vector256.IsHardwareAccelerated ? VectorWidth.V256
        : VectorWidth.V128;

    /// <summary>
    /// The width of the kernels that this thread calls. A parallel kernel reads it once, on its caller, for all its
    /// workers.
    /// </summary>
    public static VectorWidth Width => forced == 0 ? Best : forced;

    /// <summary>
    /// This thread's kernels use <paramref name="width"/> until the result is disposed: for tests, and for the workers of a loop over kernels.
    /// A width that the hardware lacks works too, slowly.
    /// </summary>
    public static ForcedWidth Force(VectorWidth width)
    {
        var before = forced;
        forced = width;
        return new ForcedWidth(before);
    }

    /// <summary>Gives the width back on disposal.</summary>
    internal readonly ref struct ForcedWidth(VectorWidth before)
    {
        public void Dispose() => forced = before;
    }
}
