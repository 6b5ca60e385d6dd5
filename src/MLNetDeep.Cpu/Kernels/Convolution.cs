using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Convolutions and their gradients. The order of every sum follows from the shape and the vector width alone.</summary>
internal static unsafe class Convolution
{
    /// <summary>The way that is taken for a shape.</summary>
    public static ConvAlgorithm Choose(in ConvShape s)
        => IsProduct(s) ? ConvAlgorithm.Product
            : s.IsDepthwise ? ConvAlgorithm.Depthwise
            : ConvWinograd.Takes(s) ? ConvAlgorithm.Winograd
            : ConvAlgorithm.Direct;

    /// <summary>Floats of workspace that <see cref="Forward"/> needs with at most <paramref name="threads"/> threads; grows with the batch.</summary>
    public static long ForwardWorkspaceSize(in ConvShape s, int threads)
        => Choose(s) switch
        {
            ConvAlgorithm.Product => Gemm.WorkspaceSize(new GemmShape(Pixels(s), s.Filters, s.Channels, false, false), threads),
            ConvAlgorithm.Winograd => ConvWinograd.WorkspaceSize(WinogradShape.Forward(s), threads),
            _ => ConvDirect.WorkspaceSize(ConvPlan.Forward(s), threads),
        };

    /// <summary>As <see cref="ForwardWorkspaceSize"/> for <see cref="BackwardInput"/>.</summary>
    public static long BackwardInputWorkspaceSize(in ConvShape s, int threads)
        => Choose(s) switch
        {
            ConvAlgorithm.Product => Gemm.WorkspaceSize(new GemmShape(Pixels(s), s.Channels, s.Filters, false, true), threads),
            ConvAlgorithm.Winograd => ConvWinograd.WorkspaceSize(WinogradShape.BackwardInput(s), threads),
            _ when ConvScatter.Takes(s) => ConvScatter.WorkspaceSize(s, threads),
            _ => ConvDirect.WorkspaceSize(ConvPlan.BackwardInput(s), threads),
        };

    /// <summary>As <see cref="ForwardWorkspaceSize"/> for <see cref="BackwardFilter"/>.</summary>
    public static long BackwardFilterWorkspaceSize(in ConvShape s, int threads)
        => Choose(s) switch
        {
            ConvAlgorithm.Product => Gemm.WorkspaceSize(new GemmShape(s.Channels, s.Filters, Pixels(s), true, false), threads),
            ConvAlgorithm.Winograd => ConvWinogradFilter.WorkspaceSize(WinogradShape.Forward(s), threads),
            _ => ConvFilter.WorkspaceSize(s, threads),
        };

    /// <summary>y from x.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes and options.</param>
    /// <param name="x">[Batch, Height, Width, Channels].</param>
    /// <param name="w">[KernelHeight, KernelWidth, Channels / Groups, Filters].</param>
    /// <param name="y">[Batch, OutHeight, OutWidth, Filters].</param>
    /// <param name="bias">Filters floats that are added, or null.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="workspace"><see cref="ForwardWorkspaceSize"/> floats that the call may overwrite.</param>
    public static void Forward(
        WorkerPool pool, in ConvShape s, float* x, float* w, float* y, float* bias, bool relu, float* workspace)
    {
        switch (Choose(s))
        {
            case ConvAlgorithm.Product:
                var activation = relu ? GemmActivation.Relu : GemmActivation.None;
                var product = new GemmShape(Pixels(s), s.Filters, s.Channels, false, false, Activation: activation);
                Gemm.Run(pool, product, x, w, y, bias, workspace);
                break;
            case ConvAlgorithm.Winograd:
                ConvWinograd.Run(pool, WinogradShape.Forward(s), x, w, y, bias, relu, workspace);
                break;
            default:
                ConvDirect.Run(pool, ConvPlan.Forward(s), x, w, y, bias, relu, workspace);
                break;
        }
    }

    /// <summary>The gradient for x from that for y; also the forward pass of a transposed convolution.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes and options of the convolution.</param>
    /// <param name="w">[KernelHeight, KernelWidth, Channels / Groups, Filters].</param>
    /// <param name="dy">[Batch, OutHeight, OutWidth, Filters].</param>
    /// <param name="dx">[Batch, Height, Width, Channels].</param>
    /// <param name="workspace"><see cref="BackwardInputWorkspaceSize"/> floats that the call may overwrite.</param>
    public static void BackwardInput(WorkerPool pool, in ConvShape s, float* w, float* dy, float* dx, float* workspace)
    {
        switch (Choose(s))
        {
            case ConvAlgorithm.Product:
                Gemm.Run(pool, new GemmShape(Pixels(s), s.Channels, s.Filters, false, true), dy, w, dx, null, workspace);
                break;
            case ConvAlgorithm.Winograd:
                ConvWinograd.Run(pool, WinogradShape.BackwardInput(s), dy, w, dx, null, false, workspace);
                break;
            case var _ when ConvScatter.Takes(s):
                ConvScatter.Run(pool, s, w, dy, dx, workspace);
                break;
            default:
                ConvDirect.Run(pool, ConvPlan.BackwardInput(s), dy, w, dx, null, false, workspace);
                break;
        }
    }

    /// <summary>The gradient for w.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes and options of the convolution.</param>
    /// <param name="x">[Batch, Height, Width, Channels].</param>
    /// <param name="dy">[Batch, OutHeight, OutWidth, Filters].</param>
    /// <param name="dw">[KernelHeight, KernelWidth, Channels / Groups, Filters].</param>
    /// <param name="workspace"><see cref="BackwardFilterWorkspaceSize"/> floats that the call may overwrite.</param>
    public static void BackwardFilter(WorkerPool pool, in ConvShape s, float* x, float* dy, float* dw, float* workspace)
    {
        if (s.Batch == 0)
        {
            new Span<float>(dw, s.Depth * s.Filters).Clear();
            return;
        }

        switch (Choose(s))
        {
            case ConvAlgorithm.Product:
                Gemm.Run(pool, new GemmShape(s.Channels, s.Filters, Pixels(s), true, false), x, dy, dw, null, workspace);
                break;
            case ConvAlgorithm.Winograd:
                ConvWinogradFilter.Run(pool, WinogradShape.Forward(s), x, dy, dw, workspace);
                break;
            default:
                ConvFilter.Run(pool, s, x, dy, dw, workspace);
                break;
        }
    }

    private static bool IsProduct(in ConvShape s)
        => s.Taps == 1 && s.StrideH == 1 && s.StrideW == 1 && s.PadTop == 0 && s.PadLeft == 0 && s.Groups == 1
            && s.OutHeight == s.Height && s.OutWidth == s.Width && (long)s.Batch * s.OutPixels <= int.MaxValue;

    private static int Pixels(in ConvShape s) => s.Batch * s.OutPixels;
}
