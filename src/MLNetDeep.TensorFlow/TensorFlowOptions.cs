namespace MLNetDeep.TensorFlow;

/// <summary>Where the TensorFlow engine finds its library, and which device it runs on.</summary>
public sealed record TensorFlowOptions
{
    /// <summary>
    /// The native library, or the folder that it is in (<c>libtensorflow.so</c>, <c>tensorflow.dll</c> or <c>libtensorflow.dylib</c>), of TensorFlow 2.4 or later. A process has one.
    /// Default null: the one that the NuGet package SciSharp.TensorFlow.Redist, SciSharp.TensorFlow.Redist-Windows-GPU or SciSharp.TensorFlow.Redist-Linux-GPU brings, or the system's.
    /// </summary>
    public string? LibraryPath { get; init; }

    /// <summary>Number of the GPU, from 0. Default null: the CPU, as for <c>MLContext.GpuDeviceId</c>, from which <c>Engine.TensorFlow</c> takes it.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether the CPU is taken where there is no such GPU, instead of an error. Default true, as for <c>MLContext.FallbackToCpu</c>.</summary>
    public bool FallbackToCpu { get; init; } = true;

    /// <summary>Threads that one operation may use. Default null: as many as there are processors.</summary>
    public int? Threads { get; init; }
}
