namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Pooling of images: x [Batch, Height, Width, Channels] to y [Batch, OutHeight, OutWidth, Channels]. Cells of a window
/// that lie outside x count for nothing.
/// </summary>
/// <param name="Batch">Number of images.</param>
/// <param name="Height">Rows of x.</param>
/// <param name="Width">Columns of x.</param>
/// <param name="Channels">Channels of both.</param>
/// <param name="OutHeight">Rows of y.</param>
/// <param name="OutWidth">Columns of y.</param>
/// <param name="WindowHeight">Rows of a window.</param>
/// <param name="WindowWidth">Columns of a window.</param>
/// <param name="StrideH">Rows of x between windows.</param>
/// <param name="StrideW">Columns of x between windows.</param>
/// <param name="PadTop">Rows of the first window that lie above x.</param>
/// <param name="PadLeft">Columns of the first window that lie left of x.</param>
internal readonly record struct PoolShape(
    int Batch,
    int Height,
    int Width,
    int Channels,
    int OutHeight,
    int OutWidth,
    int WindowHeight,
    int WindowWidth,
    int StrideH,
    int StrideW,
    int PadTop,
    int PadLeft);
