using System.Runtime.InteropServices;

namespace MLNetDeep.Cpu.Memory;

/// <summary>
/// Memory for 4-byte elements outside the garbage collector's reach: aligned to a cache line, its length rounded up to
/// whole cache lines so that kernels may read and write whole vectors, zero at first.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    public const int Alignment = 64;

    /// <summary>Elements in a cache line, the unit of lengths.</summary>
    public const int Granule = Alignment / sizeof(float);

    private float* _pointer;

    /// <param name="length">Number of elements wanted.</param>
    public NativeBuffer(long length)
    {
        Length = Round(Math.Max(length, 1));
        nuint bytes = checked((nuint)Length * sizeof(float));
        _pointer = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_pointer, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~NativeBuffer() => Free();

    /// <summary>Number of elements there is room for.</summary>
    public long Length { get; }

    public float* Pointer => _pointer;

    public static long Round(long length) => (length + Granule - 1) / Granule * Granule;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer == null)
            return;
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        GC.RemoveMemoryPressure(Length * sizeof(float));
    }
}
