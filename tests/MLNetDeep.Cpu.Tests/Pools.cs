using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Tests;

/// <summary>The pools and widths that kernels are tried on.</summary>
internal static class Pools
{
    public static readonly WorkerPool One = new(1), Two = new(2), Five = new(5);

    public static readonly VectorWidth[] Widths = [VectorWidth.V128, VectorWidth.V256, VectorWidth.V512];

    /// <summary>
    /// Runs a kernel in every width on 1, 2 and 5 threads. The threads may not change a bit; the check is called for
    /// each width's result.
    /// </summary>
    public static void Everywhere(Func<WorkerPool, float[]> kernel, Action<float[]> check)
    {
        foreach (var width in Widths)
        {
            using var forced = CpuFeatures.Force(width);
            var result = kernel(One);
            check(result);
            Same(result, kernel(Two));
            Same(result, kernel(Five));
        }
    }

    /// <summary>As <see cref="Everywhere"/>, for a kernel whose bits do not depend on the width either.</summary>
    public static float[] EverywhereSame(Func<WorkerPool, float[]> kernel)
    {
        float[]? first = null;
        Everywhere(kernel, result =>
        {
            first ??= result;
            Same(first, result);
        });
        return first!;
    }

    public static void Same(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i])
                && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
                Assert.Fail($"[{i}] is {actual[i]:R}, expected the bits of {expected[i]:R}");
        }
    }

    /// <summary>Equal within an absolute and relative tolerance; NaN equals NaN.</summary>
    public static void Near(double[] expected, ReadOnlySpan<float> actual, double tolerance, string what = "")
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = double.IsNaN(expected[i]) ? float.IsNaN(actual[i])
                : Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])) || (float)expected[i] == actual[i];
            if (!same)
                Assert.Fail($"{what}[{i}] is {actual[i]:R}, expected {expected[i]:R}");
        }
    }
}
