using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Execution;

/// <summary>
/// A step that is one operation. A new operation is a new class in <c>Operations</c> with an
/// <see cref="OperationAttribute"/> and a constructor that takes the node.
/// </summary>
internal abstract unsafe class KernelStep(PlanNode node) : Step
{
    private readonly int[] _inputs = [.. node.Inputs.Select(i => i.Value.Id)];
    private readonly int[] _outputs = [.. node.Outputs.Select(o => o.Id)];

    public override string Description => $"{Node.Op} {Node.Name}";

    public override IEnumerable<Value> Inputs => Node.Inputs.Select(i => i.Value).Concat(Node.Bias is { } bias ? [bias.Value] : []);

    public override IEnumerable<Value> Outputs => Node.StoredOutputs;

    /// <summary>
    /// Whether it does each row - all but the last axis of its first output - on its own, from the same row of each input that depends on the batch.
    /// Default false. What it throws must not name a row: it may see some of them only.
    /// </summary>
    public virtual bool IsRowwise => false;

    /// <summary>Whether it does each element of a batch on its own, in any number the same bits. Default <see cref="IsRowwise"/>.</summary>
    public virtual bool IsBatchwise => IsRowwise;

    protected PlanNode Node { get; } = node;

    protected Attributes Attributes => Node.Attributes;

    protected float* In(Frame frame, int index) => frame.Pointers[_inputs[index]];

    protected float* Out(Frame frame, int index = 0) => frame.Pointers[_outputs[index]];

    protected Shape InShape(int index) => Node.Inputs[index].Shape;

    protected Shape OutShape(int index = 0) => Node.OutputShapes[index];

    /// <summary>The product of the dimensions from <paramref name="begin"/> up to <paramref name="end"/>.</summary>
    protected static int Size(Shape shape, int begin, int end, int batch)
    {
        long size = 1;
        for (int i = begin; i < end; i++)
            size *= shape.Dim(i, batch);
        return checked((int)size);
    }

    protected static int Size(Shape shape, int batch) => checked((int)shape.Size(batch));

    /// <summary>The dimensions as numbers.</summary>
    protected static void Dims(Shape shape, int batch, Span<int> dims)
    {
        for (int i = 0; i < shape.Rank; i++)
            dims[i] = shape.Dim(i, batch);
    }

    /// <summary>Throws where one of some ids is not in [0, limit): the kernels must not look beyond a table.</summary>
    protected void CheckIds(int* ids, int count, int limit, string what)
    {
        for (int i = 0; i < count; i++)
        {
            if ((uint)ids[i] >= (uint)limit)
                throw new ArgumentOutOfRangeException(what, ids[i], $"'{Node.Name}': element {i} of the {what} is {ids[i]}, expected 0 to {limit - 1}.");
        }
    }
}
