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
        if (ConvWinograd.Takes(s, 2))
            yield return ConvAlgorithm.Winograd2;
        if (ConvWinograd.Takes(s, 4))
            yield return ConvAlgorithm.Winograd4;
    }

    /// <summary>The way that is likely the fastest for a shape, whatever the batch and on any machine.</summary>
    /// <param name="s">Sizes and options.</param>
    /// <param name="pass">What is computed.</param>
    /// <param name="single">Whether single images count as much as batches: then reading the weights for one has its price.</param>
    public static ConvAlgorithm Choose(in ConvShape s, ConvPass pass = ConvPass.Forward, bool single = false)
    {
        if (IsProduct(s))
            return ConvAlgorithm.Product;
        if (s.IsDepthwise)
            return ConvAlgorithm.Depthwise;
        if (s.Channels >= 12 && s.Filters >= 12)
        {
            double by2 = WinogradCost(s, 2, single), by4 = WinogradCost(s, 4, single), direct = ConvDirect.Cost(s);
            if (single)
                direct += ReadingCost((long)s.Depth * s.Filters);
            if (Math.Min(by2, by4) < 0.8 * direct)
                return by2 < by4 ? ConvAlgorithm.Winograd2 : ConvAlgorithm.Winograd4;
        }

        return pass == ConvPass.BackwardInput && ConvScatter.Pays(s) ? ConvAlgorithm.Scatter : ConvAlgorithm.Direct;
    }

    /// <summary>Floats of the weights as <see cref="Pack"/> makes them ready for a way, or 0 if it does not.</summary>
    public static long PackedSize(in ConvShape s, ConvPass pass, ConvAlgorithm way) => (way, pass) switch
    {
        (_, ConvPass.BackwardFilter) => 0,
        (ConvAlgorithm.Product, ConvPass.Forward) => Gemm.PackedWeightsSize(s.Filters, s.Channels),
        (ConvAlgorithm.Product, _) => Gemm.PackedWeightsSize(s.Channels, s.Filters),
        (ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4, _) => ConvWinograd.WeightsSize(Winograd(s, pass, way)),
        (ConvAlgorithm.Scatter, _) => ConvScatter.WeightsSize(s),
        _ => ConvDirect.WeightsSize(Plan(s, pass)),
    };

    /// <summary>Floats of workspace that <see cref="Pack"/> needs.</summary>
    public static long PackWorkspaceSize(in ConvShape s, ConvPass pass, ConvAlgorithm way) => way switch
    {
        _ when pass == ConvPass.BackwardFilter => 0,
        ConvAlgorithm.Product or ConvAlgorithm.Scatter => 0,
        ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4 => ConvWinograd.PackWorkspaceSize(Winograd(s, pass, way)),
        _ => ConvDirect.PackWorkspaceSize(Plan(s, pass)),
    };

    /// <summary>Makes weights ready, once for many calls of <see cref="Forward"/> or <see cref="BackwardInput"/> with any batch.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="s">Sizes and options.</param>
    /// <param name="pass">Forward or backward to the input.</param>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="w">The weights.</param>
    /// <param name="packed">Room for <see cref="PackedSize"/> floats.</param>
    /// <param name="workspace"><see cref="PackWorkspaceSize"/> floats that the call may overwrite.</param>
    public static void Pack(WorkerPool pool, in ConvShape s, ConvPass pass, ConvAlgorithm way, float* w, float* packed, float* workspace)
    {
        switch (way)
        {
            case ConvAlgorithm.Product when pass == ConvPass.Forward:
                Gemm.Pack(pool, s.Filters, s.Channels, false, w, packed);
                break;
            case ConvAlgorithm.Product:
                Gemm.Pack(pool, s.Channels, s.Filters, true, w, packed);
                break;
            case ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4:
                ConvWinograd.Pack(pool, Winograd(s, pass, way), w, packed, workspace);
                break;
            case ConvAlgorithm.Scatter:
                ConvScatter.Pack(pool, s, w, packed);
                break;
            default:
                ConvDirect.Pack(pool, Plan(s, pass), w, packed, workspace);
                break;
        }
    }

    /// <summary>Floats of workspace that a pass needs with at most <paramref name="threads"/> threads; grows with the batch.</summary>
    /// <param name="s">Sizes and options.</param>
    /// <param name="pass">What is computed.</param>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="threads">Most threads.</param>
    /// <param name="packed">Whether weights that <see cref="Pack"/> made ready are given.</param>
    public static long WorkspaceSize(in ConvShape s, ConvPass pass, ConvAlgorithm way, int threads, bool packed = false)
    {
        long own = (way, pass) switch
        {
            (ConvAlgorithm.Product, ConvPass.Forward) => Gemm.WorkspaceSize(new GemmShape(Pixels(s), s.Filters, s.Channels, false, false), threads),
            (ConvAlgorithm.Product, ConvPass.BackwardInput) => Gemm.WorkspaceSize(new GemmShape(Pixels(s), s.Channels, s.Filters, false, true), threads),
            (ConvAlgorithm.Product, _) => Gemm.WorkspaceSize(new GemmShape(s.Channels, s.Filters, Pixels(s), true, false), threads),
            (ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4, ConvPass.BackwardFilter) => ConvWinogradFilter.WorkspaceSize(Winograd(s, pass, way), threads),
            (ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4, _) => ConvWinograd.WorkspaceSize(Winograd(s, pass, way), threads),
            (ConvAlgorithm.Scatter, _) => ConvScatter.WorkspaceSize(s, threads),
            (_, ConvPass.BackwardFilter) => ConvFilter.WorkspaceSize(s, threads),
            _ => ConvDirect.WorkspaceSize(Plan(s, pass), threads),
        };
        return packed || way == ConvAlgorithm.Product ? own : PackedSize(s, pass, way) + Math.Max(own, PackWorkspaceSize(s, pass, way));
    }

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
    /// <param name="packed">What <see cref="Pack"/> made of the weights; null for nothing.</param>
    public static void Forward(
        WorkerPool pool, in ConvShape s, ConvAlgorithm way, float* x, float* w, float* y, float* bias, bool relu, float* workspace, float* packed = null)
    {
        packed = Ready(pool, s, ConvPass.Forward, way, w, packed, ref workspace);
        switch (way)
        {
            case ConvAlgorithm.Product:
                var activation = relu ? GemmActivation.Relu : GemmActivation.None;
                var product = new GemmShape(Pixels(s), s.Filters, s.Channels, false, false, Activation: activation);
                Gemm.Run(pool, product, x, w, y, bias, workspace, packed);
                break;
            case ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4:
                ConvWinograd.Run(pool, Winograd(s, ConvPass.Forward, way), x, packed, y, bias, relu, workspace);
                break;
            default:
                ConvDirect.Run(pool, ConvPlan.Forward(s), x, packed, y, bias, relu, workspace);
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
    /// <param name="packed">What <see cref="Pack"/> made of the weights; null for nothing.</param>
    public static void BackwardInput(
        WorkerPool pool, in ConvShape s, ConvAlgorithm way, float* w, float* dy, float* dx, float* workspace, float* packed = null)
    {
        packed = Ready(pool, s, ConvPass.BackwardInput, way, w, packed, ref workspace);
        switch (way)
        {
            case ConvAlgorithm.Product:
                Gemm.Run(pool, new GemmShape(Pixels(s), s.Channels, s.Filters, false, true), dy, w, dx, null, workspace, packed);
                break;
            case ConvAlgorithm.Winograd2 or ConvAlgorithm.Winograd4:
                ConvWinograd.Run(pool, Winograd(s, ConvPass.BackwardInput, way), dy, packed, dx, null, false, workspace);
                break;
            case ConvAlgorithm.Scatter:
                ConvScatter.Run(pool, s, packed, dy, dx, workspace);
                break;
            default:
                ConvDirect.Run(pool, ConvPlan.BackwardInput(s), dy, packed, dx, null, false, workspace);
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
                ConvWinogradFilter.Run(pool, Winograd(s, ConvPass.BackwardFilter, way), x, dy, dw, workspace);
                break;
            default:
                ConvFilter.Run(pool, s, x, dy, dw, workspace);
                break;
        }
    }

    // Weights that are not ready are made so at the beginning of the workspace; products do that themselves.
    private static float* Ready(WorkerPool pool, in ConvShape s, ConvPass pass, ConvAlgorithm way, float* w, float* packed, ref float* workspace)
    {
        if (packed != null || way == ConvAlgorithm.Product)
            return packed;
        packed = workspace;
        workspace += PackedSize(s, pass, way);
        if (s.Batch > 0)
            Pack(pool, s, pass, way, w, packed, workspace);
        return packed;
    }

    private static ConvPlan Plan(in ConvShape s, ConvPass pass) => pass == ConvPass.Forward ? ConvPlan.Forward(s) : ConvPlan.BackwardInput(s);

    private static WinogradShape Winograd(in ConvShape s, ConvPass pass, ConvAlgorithm way)
    {
        int tile = way == ConvAlgorithm.Winograd2 ? 2 : 4;
        return pass == ConvPass.BackwardInput ? WinogradShape.BackwardInput(s, tile) : WinogradShape.Forward(s, tile);
    }

    private static double WinogradCost(in ConvShape s, int tile, bool single)
    {
        if (!ConvWinograd.Takes(s, tile))
            return double.PositiveInfinity;
        var shape = WinogradShape.Forward(s, tile);
        return ConvWinograd.Cost(s, tile) + (single ? ReadingCost((long)shape.Points * shape.FullDepth * s.Filters) : 0);
    }

    /// <summary>Cycles for reading so many floats from beyond the second-level cache.</summary>
    private static double ReadingCost(long floats) => 0.5 * floats;

    private static bool IsProduct(in ConvShape s)
        => s.Taps == 1 && s.StrideH == 1 && s.StrideW == 1 && s.PadTop == 0 && s.PadLeft == 0 && s.Groups == 1
            && s.OutHeight == s.Height && s.OutWidth == s.Width && (long)s.Batch * s.OutPixels <= int.MaxValue;

    private static int Pixels(in ConvShape s) => s.Batch * s.OutPixels;
}
