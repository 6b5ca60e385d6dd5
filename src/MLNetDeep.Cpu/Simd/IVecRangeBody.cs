using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Simd;

/// <summary>The body of a parallel loop written generically over the vector width.</summary>
internal interface IVecRangeBody
{
    /// <summary>As <see cref="IRangeBody.Run"/>.</summary>
    void Run<TVec>(int begin, int end, int worker)
        where TVec : struct, IVec<TVec>;
}
