using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Tests.Simd;

/// <summary>A function of one vector, so that a test runs it in every width.</summary>
internal interface IVecFunction
{
    TVec Apply<TVec>(TVec x)
        where TVec : struct, IVec<TVec>;
}
