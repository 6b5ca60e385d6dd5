namespace MLNetDeep.Cpu.Planning;

/// <summary>Operations that run as one step: several elementwise ones fused, or one other.</summary>
internal sealed class Group
{
    public List<PlanNode> Members { get; } = [];

    /// <summary>For a fused group, the rows of its loop.</summary>
    public Inner Inner { get; set; }

    /// <summary>Groups that must run before it beside those whose results it reads.</summary>
    public List<Group> After { get; } = [];

    /// <summary>Whether one of its results goes straight to a variable.</summary>
    public bool WritesVariable { get; set; }

    public bool IsElementwise => Members[0].IsElementwise;

    /// <summary>The values it reads that it does not make itself.</summary>
    public IEnumerable<Operand> ExternalInputs()
    {
        foreach (PlanNode member in Members)
        {
            foreach (Operand input in member.Inputs)
            {
                if (input.Value.Producer?.Group != this)
                    yield return input;
            }

            if (member.Bias is { } bias)
                yield return bias;
        }
    }

    /// <summary>The groups it waits for.</summary>
    public IEnumerable<Group> Predecessors() =>
        ExternalInputs().Select(i => i.Value.Producer?.Group).OfType<Group>().Concat(After);
}
