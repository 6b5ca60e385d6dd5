using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Cpu.Operations;

// A recurrent kernel as the steps' products read it; made once a run, in scoring once for all runs.
[Operation("RecurrentPanels")]
internal sealed unsafe class RecurrentPanels(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame) =>
        PanelProduct.Pack(frame.Pool, In(frame, 0), InShape(0)[0], InShape(0)[1], Attributes.Get<bool>("transposed"), Out(frame));
}

/// <summary>What recurrent operations and their gradients share. The last input is the packed kernel.</summary>
internal abstract unsafe class RecurrentStep : KernelStep
{
    protected RecurrentStep(PlanNode node, string op)
        : base(node)
    {
        Op = (RecurrentOp)OpRegistry.Get(op);
        At = Op.Inputs(node.Attributes);
    }

    protected RecurrentOp Op { get; }

    protected RecurrentInputs At { get; }

    public override string Description => base.Description + (At.Mask < 0 ? "" : " +mask") + (At.Dropout < 0 ? "" : " +dropout");

    protected float* Packed(Frame frame) => In(frame, Node.Inputs.Length - 1);

    protected float* Given(Frame frame, int index) => index < 0 ? null : In(frame, index);

    protected RecurrentSequence Sizes(int batch)
    {
        Shape projection = InShape(RecurrentInputs.Projection);
        return new()
        {
            Rows = projection.Dim(0, batch),
            Steps = projection[1],
            Units = InShape(RecurrentInputs.Kernel)[0],
            GoBackwards = Attributes.Get<bool>("go_backwards"),
            Truncate = Attributes.Get<int>("truncate"),
        };
    }

    protected RecurrentSequence Sequence(Frame frame) => Sizes(frame.Batch) with
    {
        State = Given(frame, At.State),
        Cell = Given(frame, At.Cell),
        Mask = Given(frame, At.Mask),
        Dropout = Given(frame, At.Dropout),
    };

    protected long Work(int batch)
    {
        RecurrentSequence s = Sizes(batch);
        return 2L * s.Rows * s.Steps * s.Units * s.Units * Op.Gates;
    }
}

internal abstract unsafe class RecurrentForwardStep<TCell>(PlanNode node, string op) : RecurrentStep(node, op)
    where TCell : struct, IRecurrentCell
{
    public override long Flops(int batch) => Work(batch);

    public override long WorkspaceSize(int batch, int threads) => Recurrent.ForwardWorkspaceSize(Sizes(batch).Units, TCell.Gates, threads);

    public override void Run(Frame frame)
    {
        RecurrentSequence sequence = Sequence(frame);
        sequence.Sequence = Out(frame, 0);
        sequence.Saved = TCell.Saved > 0 ? Out(frame, Op.Results) : null;
        sequence.Cells = TCell.HasCell ? Out(frame, Op.Results + 1) : null;
        Recurrent.Forward<TCell>(
            frame.Pool, sequence, In(frame, RecurrentInputs.Projection), Packed(frame), Given(frame, At.Bias),
            Out(frame, 1), TCell.HasCell ? Out(frame, 2) : null, frame.Workspace);
    }
}

internal abstract unsafe class RecurrentBackwardStep<TCell>(PlanNode node, string op) : RecurrentStep(node, op)
    where TCell : struct, IRecurrentCell
{
    private readonly int[] _upstream = node.Attributes.Get<int[]>("upstream");

    public override long Flops(int batch) => 2 * Work(batch);

    public override long WorkspaceSize(int batch, int threads) =>
        Recurrent.BackwardWorkspaceSize(Sizes(batch), TCell.Gates, TCell.HasOwnRecurrentGradient, threads);

    public override void Run(Frame frame)
    {
        RecurrentSequence sequence = Sequence(frame);
        sequence.Sequence = In(frame, At.Count);
        sequence.Saved = TCell.Saved > 0 ? In(frame, At.Count + 1) : null;
        sequence.Cells = TCell.HasCell ? In(frame, At.Count + 2) : null;
        int output = 2;
        float* dBias = At.Bias < 0 ? null : Out(frame, output++);
        float* dState = At.State < 0 ? null : Out(frame, output++);
        float* dCell = At.Cell < 0 ? null : Out(frame, output);
        Recurrent.Backward<TCell>(
            frame.Pool, sequence, Packed(frame), Upstream(frame, 0), Upstream(frame, 1), Upstream(frame, 2),
            Out(frame, 0), Out(frame, 1), dBias, dState, dCell, frame.Workspace);
    }

    // The gradient that flows into a result, or null.
    private float* Upstream(Frame frame, int result)
    {
        int index = Array.IndexOf(_upstream, result);
        return index < 0 ? null : In(frame, Node.Inputs.Length - 1 - _upstream.Length + index);
    }
}

[Operation("LSTM", HasOptionalOutputs = true)]
internal sealed class LstmStep(PlanNode node) : RecurrentForwardStep<LstmCell>(node, "LSTM");

[Operation("LSTMGrad")]
internal sealed class LstmGradStep(PlanNode node) : RecurrentBackwardStep<LstmCell>(node, "LSTM");

[Operation("GRU", HasOptionalOutputs = true)]
internal sealed class GruStep(PlanNode node) : RecurrentForwardStep<GruCell>(node, "GRU");

[Operation("GRUGrad")]
internal sealed class GruGradStep(PlanNode node) : RecurrentBackwardStep<GruCell>(node, "GRU");

[Operation("SimpleRNNTanh", HasOptionalOutputs = true)]
internal sealed class TanhRnnStep(PlanNode node) : RecurrentForwardStep<TanhCell>(node, "SimpleRNN");

[Operation("SimpleRNNTanhGrad")]
internal sealed class TanhRnnGradStep(PlanNode node) : RecurrentBackwardStep<TanhCell>(node, "SimpleRNN");

[Operation("SimpleRNNRelu", HasOptionalOutputs = true)]
internal sealed class ReluRnnStep(PlanNode node) : RecurrentForwardStep<ReluCell>(node, "SimpleRNN");

[Operation("SimpleRNNReluGrad")]
internal sealed class ReluRnnGradStep(PlanNode node) : RecurrentBackwardStep<ReluCell>(node, "SimpleRNN");
