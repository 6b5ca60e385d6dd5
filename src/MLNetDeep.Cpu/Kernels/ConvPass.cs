namespace MLNetDeep.Cpu.Kernels;

/// <summary>What of a convolution is computed.</summary>
internal enum ConvPass
{
    /// <summary>y from x.</summary>
    Forward,

    /// <summary>The gradient of x from that of y.</summary>
    BackwardInput,

    /// <summary>The gradient of w from x and that of y.</summary>
    BackwardFilter,
}
