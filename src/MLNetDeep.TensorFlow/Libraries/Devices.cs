using System.Globalization;

namespace MLNetDeep.TensorFlow.Libraries;

/// <summary>Which of TensorFlow's devices a session's nodes are placed on.</summary>
internal static class Devices
{
    public const string Cpu = "/device:CPU:0";

    /// <summary>The device of a GPU's number, the CPU where there is no such GPU and that is allowed.</summary>
    /// <param name="known">Names of the devices that TensorFlow found, such as <c>/job:localhost/replica:0/task:0/device:GPU:0</c>.</param>
    /// <param name="options">The number wanted.</param>
    /// <exception cref="TensorFlowException">There is no such GPU, and <see cref="TensorFlowOptions.FallbackToCpu"/> is false.</exception>
    public static string Choose(IReadOnlyList<string> known, TensorFlowOptions options)
    {
        if (options.GpuDeviceId is not { } number)
            return Cpu;
        string wanted = string.Create(CultureInfo.InvariantCulture, $"/device:GPU:{number}");
        if (known.Any(d => d.EndsWith(wanted, StringComparison.OrdinalIgnoreCase)))
            return wanted;
        if (options.FallbackToCpu)
            return Cpu;
        string[] gpus = [.. known.Where(d => d.Contains("/device:GPU:", StringComparison.OrdinalIgnoreCase)).Select(d => d[(d.LastIndexOf(':') + 1)..])];
        throw new TensorFlowException(
            gpus.Length > 0
                ? $"There is no GPU {number}: TensorFlow found {(gpus.Length == 1 ? "GPU" : "GPUs")} {string.Join(", ", gpus)}. Set GpuDeviceId to one of them, to null for the CPU, or FallbackToCpu to true."
                : $"There is no GPU {number}: TensorFlow found none. The native library must be one for GPUs (SciSharp.TensorFlow.Redist-Linux-GPU 2.11.1), with NVIDIA's driver, CUDA 11.2 and cuDNN 8.1. Or set GpuDeviceId to null for the CPU, or FallbackToCpu to true.");
    }
}
