using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Simd;

/// <summary>The one place where the vector width of a kernel is chosen.</summary>
internal static class VecLoops
{
    /// <summary><see cref="WorkerPool.For"/> in the calling thread's vector width.</summary>
    public static void ForVec<TBody>(this WorkerPool pool, int count, int grain, ref TBody body)
        where TBody : struct, IVecRangeBody
    {
        switch (CpuFeatures.Width)
        {
            case VectorWidth.V512:
                pool.For(count, grain, ref Unsafe.As<TBody, With<TBody, Vec512>>(ref body));
                break;
            case VectorWidth.V256:
                pool.For(count, grain, ref Unsafe.As<TBody, With<TBody, Vec256>>(ref body));
                break;
            default:
                pool.For(count, grain, ref Unsafe.As<TBody, With<TBody, Vec128>>(ref body));
                break;
        }
    }

    /// <summary>A view of a body that is bound to a width; never made, only reinterpreted.</summary>
    private struct With<TBody, TVec> : IRangeBody
        where TBody : struct, IVecRangeBody
        where TVec : struct, IVec<TVec>
    {
        // Not inlined: the JIT would put the bodies for all widths into one method, more than it optimises.
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run(int begin, int end, int worker)
            => Unsafe.As<With<TBody, TVec>, TBody>(ref this).Run<TVec>(begin, end, worker);
    }
}
