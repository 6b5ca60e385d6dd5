namespace MLNetDeep.Cpu.Kernels;

/// <summary>Ways to compute a convolution.</summary>
internal enum ConvAlgorithm
{
    /// <summary>Tiles of pixels and filters in registers, x read where it is (or from a copy with its padding): a matrix product that needs no im2col.</summary>
    Direct,

    /// <summary>One tap and no padding or stride: a matrix product.</summary>
    Product,

    /// <summary>A filter of its own for each channel: vectors of channels.</summary>
    Depthwise,

    /// <summary>For the gradient of x alone: a matrix product whose results are added to where they belong (col2im).</summary>
    Scatter,

    /// <summary>3x3 taps without strides: Winograd's F(2x2, 3x3), and F(3x3, 2x2) for the gradient of the weights. With 5x5 or 6x6 taps and strides of 2, four of these.</summary>
    Winograd2,

    /// <summary>
    /// 3x3 taps without strides: Winograd's F(4x4, 3x3), and F(3x3, 4x4) for the gradient of the weights. With 5x5 or 6x6 taps and strides of 2, four
    /// of these; with 4x4 taps and strides of 2, four F(4x4, 2x2) or F(2x2, 4x4).
    /// </summary>
    Winograd4,
}
