using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Cpu.Threading;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Operations;

/// <summary>A convolution seen from one of its three sides: <paramref name="x"/>, <paramref name="w"/> and <paramref name="y"/> are the shapes that it relates.</summary>
internal abstract class ConvolutionStep(PlanNode node, ConvPass pass, Shape x, Shape w, Shape y) : KernelStep(node)
{
    /// <summary>Most weights, in floats, that repay reading for some images at a time.</summary>
    private const int BatchwiseMost = 1 << 18;

    // For one image; only the batch changes from run to run.
    private readonly ConvShape _shape = ShapeOf(node.Attributes, x, w, y);

    /// <summary>With weights that are ready for it, and not too many. Products may take other ways for few rows.</summary>
    public override bool IsBatchwise => HasPackedWeights && Node.Inputs[2].Value.UnitSize <= BatchwiseMost && Way != ConvAlgorithm.Product;

    public override string Description => $"{base.Description} {_shape.KernelHeight}x{_shape.KernelWidth} {_shape.Channels}-{_shape.Filters} {Way}";

    /// <summary>How it is computed.</summary>
    protected ConvAlgorithm Way { get; private set; } = Convolution.Choose(ShapeOf(node.Attributes, x, w, y), pass, node.Scores);

    // Beside what it reads by itself.
    private bool HasPackedWeights => Node.Inputs.Length > 2;

    public override void Tune(WorkerPool pool) => Way = ConvTuning.Fastest(pool, _shape, pass);

    public override long Flops(int batch) => 2 * Dimensions(batch).Work;

    public override long WorkspaceSize(int batch, int threads) => Convolution.WorkspaceSize(Dimensions(batch), pass, Way, threads, HasPackedWeights);

    /// <summary>Weights that were made ready, or null.</summary>
    protected unsafe float* PackedWeights(Frame frame) => HasPackedWeights ? In(frame, 2) : null;

    protected ConvShape Dimensions(int batch) => _shape with { Batch = x.Dim(0, batch) };

    /// <summary>The sizes and options of a convolution of one image.</summary>
    internal static ConvShape ShapeOf(Attributes attributes, Shape x, Shape w, Shape y)
    {
        int[] strides = attributes.Get<int[]>("strides"), dilations = attributes.Get<int[]>("dilations"), pads = attributes.Get<int[]>("pads");
        return new(
            1, x[1], x[2], x[3], y[1], y[2], y[3], w[0], w[1], strides[0], strides[1], dilations[0], dilations[1], pads[0], pads[2], attributes.Get<int>("groups"));
    }
}

[Operation("Conv2D", HasEpilogue = true)]
internal sealed unsafe class Conv2D(PlanNode node) : ConvolutionStep(node, ConvPass.Forward, node.Inputs[0].Shape, node.Inputs[1].Shape, node.OutputShapes[0])
{
    private readonly int _bias = node.Bias?.Value.Id ?? -1;

    public override string Description => $"{base.Description}{(Node.Bias is null ? "" : " +bias")}{(Node.Relu ? " +relu" : "")}";

    public override void Run(Frame frame) => Convolution.Forward(
        frame.Pool,
        Dimensions(frame.Batch),
        Way,
        In(frame, 0),
        In(frame, 1),
        Out(frame),
        _bias < 0 ? null : frame.Pointers[_bias],
        Node.Relu,
        frame.Workspace,
        PackedWeights(frame));
}

[Operation("Conv2DBackpropInput")]
internal sealed unsafe class Conv2DBackpropInput(PlanNode node)
    : ConvolutionStep(node, ConvPass.BackwardInput, node.OutputShapes[0], node.Inputs[0].Shape, node.Inputs[1].Shape)
{
    public override void Run(Frame frame) =>
        Convolution.BackwardInput(frame.Pool, Dimensions(frame.Batch), Way, In(frame, 0), In(frame, 1), Out(frame), frame.Workspace, PackedWeights(frame));
}

[Operation("Conv2DBackpropFilter")]
internal sealed unsafe class Conv2DBackpropFilter(PlanNode node)
    : ConvolutionStep(node, ConvPass.BackwardFilter, node.Inputs[0].Shape, node.OutputShapes[0], node.Inputs[1].Shape)
{
    public override void Run(Frame frame) =>
        Convolution.BackwardFilter(frame.Pool, Dimensions(frame.Batch), Way, In(frame, 0), In(frame, 1), Out(frame), frame.Workspace);
}

// Weights made ready for convolutions; see Importer. Runs again only after they changed.
[Operation("PackConvolutionWeights")]
internal sealed unsafe class PackConvolutionWeights(PlanNode node) : KernelStep(node)
{
    private readonly ConvShape _shape = FromNumbers(node.Attributes.Get<int[]>("shape"));
    private readonly ConvPass _pass = PassOf(node);
    private ConvAlgorithm _way = Convolution.Choose(FromNumbers(node.Attributes.Get<int[]>("shape")), PassOf(node), node.Scores);

    // The same that the convolution finds.
    public override void Tune(WorkerPool pool) => _way = ConvTuning.Fastest(pool, _shape, _pass);

    public override long WorkspaceSize(int batch, int threads) => Convolution.PackWorkspaceSize(_shape, _pass, _way);

    public override void Run(Frame frame) => Convolution.Pack(frame.Pool, _shape, _pass, _way, In(frame, 0), Out(frame), frame.Workspace);

    public static int[] ToNumbers(ConvShape s) =>
        [s.Height, s.Width, s.Channels, s.OutHeight, s.OutWidth, s.Filters, s.KernelHeight, s.KernelWidth, s.StrideH, s.StrideW, s.DilationH, s.DilationW, s.PadTop, s.PadLeft, s.Groups];

    private static ConvShape FromNumbers(int[] n) => new(1, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13], n[14]);

    private static ConvPass PassOf(PlanNode node) => node.Attributes.Get<bool>("backward") ? ConvPass.BackwardInput : ConvPass.Forward;
}
