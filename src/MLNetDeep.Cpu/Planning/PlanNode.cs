using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>An operation of the graph after simplification.</summary>
internal sealed class PlanNode(int index, string op, Attributes attributes, Operand[] inputs, Shape[] outputShapes)
{
    /// <summary>Its place in the simplified graph; producers stand before consumers.</summary>
    public int Index { get; } = index;

    public string Op { get; } = op;

    public Attributes Attributes { get; } = attributes;

    public Operand[] Inputs { get; set; } = inputs;

    public Shape[] OutputShapes { get; set; } = outputShapes;

    public Value[] Outputs { get; set; } = [];

    /// <summary>Those of the outputs that are written: an operation may leave out what nothing reads.</summary>
    public IEnumerable<Value> StoredOutputs { get; set; } = [];

    /// <summary>The node of the graph it comes from, for messages and profiles.</summary>
    public required string Name { get; init; }

    /// <summary>For an elementwise operation: what it does; else null.</summary>
    public ElementwiseOp? Elementwise { get; init; }

    /// <summary>For an elementwise operation: the length of the inner loop that its broadcast inputs need; see <see cref="Inner"/>.</summary>
    public Inner Inner { get; init; }

    public bool IsElementwise => Elementwise is not null;

    /// <summary>Whether the plan changes no variable: it may be run for single rows as often as for batches.</summary>
    public bool Scores { get; init; }

    /// <summary>For a product or convolution: what is done to each element before it is stored.</summary>
    public Operand? Bias { get; set; }

    public bool Relu { get; set; }

    /// <summary>The group it has been fused into.</summary>
    public Group Group { get; set; } = null!;
}
