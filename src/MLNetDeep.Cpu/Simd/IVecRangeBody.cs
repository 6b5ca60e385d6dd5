using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Simd;

/// <summary>The body of a parallel loop written generically over the vector width.</summary>
/// <remarks>
/// Implementations mark <see cref="Run"/>, and what it calls for each row or so, NoInlining and AggressiveOptimization:
/// unoptimised code for vectors is a hundred times slower, so it should not even be warmed up with, and the JIT inlines
/// only so much into one method (512 locals) and then calls the rest operation by operation.
/// </remarks>
internal interface IVecRangeBody
{
    /// <summary>As <see cref="IRangeBody.Run"/>.</summary>
    void Run<TVec>(int begin, int end, int worker)
        where TVec : struct, IVec<TVec>;
}
