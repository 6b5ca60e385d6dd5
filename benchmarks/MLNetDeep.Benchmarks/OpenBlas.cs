using System.Runtime.InteropServices;
using MLNetDeep.Cpu.Kernels;

namespace MLNetDeep.Benchmarks;

/// <summary>OpenBLAS from the file that the environment variable OPENBLAS names, to compare with.</summary>
internal sealed unsafe class OpenBlas
{
    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _gemm;

    private OpenBlas(nint library, int threads)
    {
        _gemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(threads);
    }

    public static OpenBlas? Load(int threads)
        => Environment.GetEnvironmentVariable("OPENBLAS") is { Length: > 0 } path ? new(NativeLibrary.Load(path), threads) : null;

    public void Run(in GemmShape s, float* a, float* b, float* c)
    {
        for (int i = 0; i < s.Batch; i++)
        {
            _gemm(
                RowMajor, s.TransposeA ? Transpose : NoTranspose, s.TransposeB ? Transpose : NoTranspose, s.M, s.N, s.K,
                1, a + (i * s.StrideA), s.TransposeA ? s.M : s.K, b + (i * s.StrideB), s.TransposeB ? s.K : s.N, 0, c + (i * s.StrideC), s.N);
        }
    }
}
