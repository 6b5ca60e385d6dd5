using MLNetDeep.Cpu.Elementwise;
using MLNetDeep.Cpu.Execution;

namespace MLNetDeep.Cpu.Planning;

/// <summary>Operations that run as one step: several elementwise ones fused, or one other.</summary>
internal sealed class Group
{
    private KernelStep? _kernel;

    public List<PlanNode> Members { get; } = [];

    /// <summary>For a fused group, the rows of its loop.</summary>
    public Inner Inner { get; set; }

    /// <summary>Groups that must run before it beside those whose results it reads.</summary>
    public List<Group> After { get; } = [];

    /// <summary>Whether one of its results goes straight to a variable.</summary>
    public bool WritesVariable { get; set; }

    /// <summary>The group in the plan that this one is made from with other shapes, if any; see <see cref="RowFusion"/>.</summary>
    public Group? Original { get; init; }

    public bool IsElementwise => Members[0].IsElementwise;

    /// <summary>The step of what is not elementwise.</summary>
    public KernelStep Kernel => _kernel ??= KernelTable.Create(Members[0]);

    public bool Makes(Value value) => value.Producer is { } producer && producer.Group == (Original ?? this);

    /// <summary>The values it reads that it does not make itself.</summary>
    public IEnumerable<Operand> ExternalInputs()
    {
        foreach (PlanNode member in Members)
        {
            foreach (Operand input in member.Inputs)
            {
                if (!Makes(input.Value))
                    yield return input;
            }

            if (member.Bias is { } bias)
                yield return bias;
        }
    }

    /// <param name="isNeeded">Whether a value is read by anything.</param>
    public Step CreateStep(Func<Value, bool> isNeeded)
    {
        if (IsElementwise)
            return new ElementwiseStep(this, isNeeded);
        PlanNode node = Members[0];
        node.StoredOutputs = KernelTable.HasOptionalOutputs(node.Op) ? [.. node.Outputs.Where(isNeeded)] : node.Outputs;
        return Kernel;
    }

    /// <summary>The groups it waits for.</summary>
    public IEnumerable<Group> Predecessors() =>
        ExternalInputs().Select(i => i.Value.Producer?.Group).OfType<Group>().Concat(After);
}
