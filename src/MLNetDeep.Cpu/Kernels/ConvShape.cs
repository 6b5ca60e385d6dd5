namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// A convolution of images: x [Batch, Height, Width, Channels] with w [KernelHeight, KernelWidth, Channels / Groups,
/// Filters] gives y [Batch, OutHeight, OutWidth, Filters].
/// </summary>
/// <param name="Batch">Number of images.</param>
/// <param name="Height">Rows of x.</param>
/// <param name="Width">Columns of x.</param>
/// <param name="Channels">Channels of x, a multiple of <paramref name="Groups"/>.</param>
/// <param name="OutHeight">Rows of y.</param>
/// <param name="OutWidth">Columns of y.</param>
/// <param name="Filters">Channels of y, a multiple of <paramref name="Groups"/>.</param>
/// <param name="KernelHeight">Taps from top to bottom.</param>
/// <param name="KernelWidth">Taps from left to right.</param>
/// <param name="StrideH">Rows of x between windows.</param>
/// <param name="StrideW">Columns of x between windows.</param>
/// <param name="DilationH">Rows of x between taps.</param>
/// <param name="DilationW">Columns of x between taps.</param>
/// <param name="PadTop">Rows of zeros above x; those below follow from <paramref name="OutHeight"/>.</param>
/// <param name="PadLeft">Columns of zeros left of x; those on the right follow from <paramref name="OutWidth"/>.</param>
/// <param name="Groups">Parts of the channels, each seen by its own part of the filters only.</param>
internal readonly record struct ConvShape(
    int Batch,
    int Height,
    int Width,
    int Channels,
    int OutHeight,
    int OutWidth,
    int Filters,
    int KernelHeight,
    int KernelWidth,
    int StrideH,
    int StrideW,
    int DilationH,
    int DilationW,
    int PadTop,
    int PadLeft,
    int Groups)
{
    /// <summary>Number of taps.</summary>
    public int Taps => KernelHeight * KernelWidth;

    public int GroupChannels => Channels / Groups;

    public int GroupFilters => Filters / Groups;

    /// <summary>Whether every channel has one filter of its own.</summary>
    public bool IsDepthwise => Groups > 1 && Groups == Channels && Groups == Filters;

    /// <summary>Products in one output value, and rows of w.</summary>
    public int Depth => Taps * GroupChannels;

    /// <summary>Values of an output image's channel.</summary>
    public int OutPixels => OutHeight * OutWidth;

    /// <summary>Multiply-adds of one pass.</summary>
    public long Work => (long)Batch * OutPixels * Filters * Depth;
}
