namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// The output pixels that see the same taps: all of them, or for the gradient of a convolution with strides every
/// so-manieth row and column.
/// </summary>
internal struct ConvPhase
{
    /// <summary>First output row and column.</summary>
    public int OutY, OutX;

    /// <summary>Number of output rows and columns.</summary>
    public int Rows, Columns;

    /// <summary>Stretches of the source that a pixel sees; all are of one length.</summary>
    public int Runs, RunLength;

    /// <summary>Where this phase begins in the table of runs, in that of taps, and in the packed weights.</summary>
    public int FirstRun, FirstTap;

    /// <summary>Number of taps.</summary>
    public int Taps;

    /// <summary>Where its panels of weights begin.</summary>
    public long Packed;
}
