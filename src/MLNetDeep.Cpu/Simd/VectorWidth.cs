namespace MLNetDeep.Cpu.Simd;

/// <summary>The vector widths that kernels come in; the value is the number of floats.</summary>
internal enum VectorWidth
{
    /// <summary>NEON, SSE, and the portable fallback.</summary>
    V128 = 4,

    /// <summary>AVX2.</summary>
    V256 = 8,

    /// <summary>AVX-512.</summary>
    V512 = 16,
}
