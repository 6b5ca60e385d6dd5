namespace MLNetDeep.Cpu.Kernels;

/// <summary>What a reduction makes of its values.</summary>
internal enum ReduceKind
{
    Sum,
    Mean,

    /// <summary>The greatest; NaN if there is one.</summary>
    Max,

    /// <summary>The least; NaN if there is one.</summary>
    Min,
    Prod,
}
