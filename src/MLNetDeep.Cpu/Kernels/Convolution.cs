using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Convolutions and their gradients. The order of every sum follows from the shape, the way and the vector width alone.</summary>
internal static unsafe class Convolution
{
    /// <summary>The ways that can be gone for a shape, at least one.</summary>
    public static IEnumerable<ConvAlgorithm> Ways(ConvShape s, ConvPass pass)
    {
        if (s.IsDepthwise)
        {
            yield return ConvAlgorithm.Depthwise;
            yield break;
        }

        yield return ConvAlgorithm.Direct;
        if (IsProduct(s))
            yield return ConvAlgorithm.Product;
        if (pass == ConvPass.BackwardInput && ConvScatter.Takes(s))
            yield return ConvAlgorithm.Scatter;
        if (ConvWinograd.Takes(s))
        {
            yield return ConvAlgorithm.Winograd2;
            yield return ConvAlgorithm.Winograd4;
        }
    }

    /// <summary>The way that is likely the fastest for a shape, whatever the batch and on any machine.</summary>
    public static ConvAlgorithm Choose(in ConvShape s, ConvPass pass = ConvPass.Forward)
    {
        if (IsProduct(s))
            return ConvAlgorithm.Product;
        if (s.IsDepthwise)
            return ConvAlgorithm.Depthwise;
        if (ConvWinograd.Takes(s) && s.Channels >= 12 && s.Filters >= 12)
        {
            double by2 = ConvWinograd.Cost(s, 2), by4 = ConvWinograd.Cost(s, 4);
            if (Math.Min(by2, by4) < 0.8 * ConvDirect.Cost(s))
                return by2 < by4 ? ConvAlgorithm.Winograd2 : ConvAlgorithm.Winograd4;
        }

        return pass == ConvPass.BackwardInput && ConvScatter.Pays(s) ? ConvAlgorithm.Scatter : ConvAlgorithm.Direct;
    }

    /// <summary>Floats of workspace that a pass needs with at most <paramref name="threads"/> threads; grows with the batch.</summary>
    public static long WorkspaceSize(in ConvShape s, ConvPass pass, ConvAlgorithm way, int threads) => (way, pass) switch
    {
        (ConvAlgorithm.Product, ConvPass.Forward) => Gemm.WorkspaceSize(new GemmShape(Pixels(s), s.Filters, s.Channels, false, false), threads),
        (ConvAlgorithm.Product, ConvPass.BackwardInput) => Gemm.WorkspaceSize(new GemmShape(Pixels(s), s.Channels, s.Filters, false, true), threads),
        (ConvAlgorithm.Product, _) => Gemm.WorkspaceSize(new GemmShape(s.Channels, s.Filters, Pixels(s), true, false), threads),
        (ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4, ConvPass.Forward) => ConvWinograd.WorkspaceSize(WinogradShape.Forward(s, Tile(way)), threads),
        (ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4, ConvPass.BackwardInput) => ConvWinograd.WorkspaceSize(WinogradShape.BackwardInput(s, Tile(way)), threads),
        (ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4, _) => ConvWinogradFilter.WorkspaceSize(WinogradShape.Forward(s, Tile(way)), threads),
        (ConvAlgorithm.Scatter, _) => ConvScatter.WorkspaceSize(s, threads),
        (_, ConvPass.Forward) => ConvDirect.WorkspaceSize(ConvPlan.Forward(s), threads),
        (_, ConvPass.BackwardInput) => ConvDirect.WorkspaceSize(ConvPlan.BackwardInput(s), threads),
        _ => ConvFilter.WorkspaceSize(s, threads),
    };

    /// <summary>y from x.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes and options.</param>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="x">[Batch, Height, Width, Channels].</param>
    /// <param name="w">[KernelHeight, KernelWidth, Channels / Groups, Filters].</param>
    /// <param name="y">[Batch, OutHeight, OutWidth, Filters].</param>
    /// <param name="bias">Filters floats that are added, or null.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="workspace"><see cref="WorkspaceSize"/> floats that the call may overwrite.</param>
    public static void Forward(
        WorkerPool pool, in ConvShape s, ConvAlgorithm way, float* x, float* w, float* y, float* bias, bool relu, float* workspace)
    {
        switch (way)
        {
            case ConvAlgorithm.Product:
                var activation = relu ? GemmActivation.Relu : GemmActivation.None;
                var product = new GemmShape(Pixels(s), s.Filters, s.Channels, false, false, Activation: activation);
                Gemm.Run(pool, product, x, w, y, bias, workspace);
                break;
            case ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4:
                ConvWinograd.Run(pool, WinogradShape.Forward(s, Tile(way)), x, w, y, bias, relu, workspace);
                break;
            default:
                ConvDirect.Run(pool, ConvPlan.Forward(s), x, w, y, bias, relu, workspace);
                break;
        }
    }

    /// <summary>The gradient for x from that for y; also the forward pass of a transposed convolution.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes and options of the convolution.</param>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="w">[KernelHeight, KernelWidth, Channels / Groups, Filters].</param>
    /// <param name="dy">[Batch, OutHeight, OutWidth, Filters].</param>
    /// <param name="dx">[Batch, Height, Width, Channels].</param>
    /// <param name="workspace"><see cref="WorkspaceSize"/> floats that the call may overwrite.</param>
    public static void BackwardInput(WorkerPool pool, in ConvShape s, ConvAlgorithm way, float* w, float* dy, float* dx, float* workspace)
    {
        switch (way)
        {
            case ConvAlgorithm.Product:
                Gemm.Run(pool, new GemmShape(Pixels(s), s.Channels, s.Filters, false, true), dy, w, dx, null, workspace);
                break;
            case ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4:
                ConvWinograd.Run(pool, WinogradShape.BackwardInput(s, Tile(way)), dy, w, dx, null, false, workspace);
                break;
            case ConvAlgorithm.Scatter:
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
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="x">[Batch, Height, Width, Channels].</param>
    /// <param name="dy">[Batch, OutHeight, OutWidth, Filters].</param>
    /// <param name="dw">[KernelHeight, KernelWidth, Channels / Groups, Filters].</param>
    /// <param name="workspace"><see cref="WorkspaceSize"/> floats that the call may overwrite.</param>
    public static void BackwardFilter(WorkerPool pool, in ConvShape s, ConvAlgorithm way, float* x, float* dy, float* dw, float* workspace)
    {
        if (s.Batch == 0)
        {
            new Span<float>(dw, s.Depth * s.Filters).Clear();
            return;
        }

        switch (way)
        {
            case ConvAlgorithm.Product:
                Gemm.Run(pool, new GemmShape(s.Channels, s.Filters, Pixels(s), true, false), x, dy, dw, null, workspace);
                break;
            case ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4:
                ConvWinogradFilter.Run(pool, WinogradShape.Forward(s, Tile(way)), x, dy, dw, workspace);
                break;
            default:
                ConvFilter.Run(pool, s, x, dy, dw, workspace);
                break;
        }
    }

    private static int Tile(ConvAlgorithm way) => way == ConvAlgorithm.Winograd2 ? 2 : 4;

    private static bool IsProduct(in ConvShape s)
        => s.Taps == 1 && s.StrideH == 1 && s.StrideW == 1 && s.PadTop == 0 && s.PadLeft == 0 && s.Groups == 1
            && s.OutHeight == s.Height && s.OutWidth == s.Width && (long)s.Batch * s.OutPixels <= int.MaxValue;

    private static int Pixels(in ConvShape s) => s.Batch * s.OutPixels;
}
