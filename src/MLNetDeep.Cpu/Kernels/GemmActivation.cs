namespace MLNetDeep.Cpu.Kernels;

/// <summary>What a matrix product does to its result before storing it.</summary>
internal enum GemmActivation
{
    None,
    Relu,
}
