using MLNetDeep.Cpu.Execution;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>
/// Groups operations into steps: chains of elementwise operations over the same elements become one pass over memory,
/// bias and ReLU are done by the product or convolution before them, and new values of variables are written in place where nothing
/// still needs the old ones.
/// </summary>
internal sealed class Fusion
{
    /// <summary>Largest number of operations in a fused loop: beyond it vectors no longer fit in registers.</summary>
    private const int MostOperations = 48;

    /// <summary>Largest size of a fused loop's code, in hundredths of what the JIT compiles without leaving calls in it (it stops inlining at 512 locals).</summary>
    private const int MostCode = 90;

    /// <summary>Largest number of inputs and outputs of a fused loop.</summary>
    private const int MostStreams = 14;

    private readonly Importer _import;
    private readonly List<Group> _groups = [];
    private readonly HashSet<PlanNode> _absorbed = [];
    private readonly Dictionary<Value, List<PlanNode>> _readers = [];

    // Fetches and new values of variables.
    private readonly HashSet<Value> _kept;

    public Fusion(Importer import)
    {
        _import = import;
        _kept = [.. import.Fetches.Select(f => f.Value), .. import.Assigns.Select(a => a.Value)];
        foreach (PlanNode node in import.Nodes)
        {
            foreach (Operand input in node.Inputs)
                NoteReader(input.Value, node);
        }

        AbsorbEpilogues();
        foreach (PlanNode node in import.Nodes)
        {
            if (!_absorbed.Contains(node))
                Place(node);
        }

        Groups = [.. _groups.Where(g => g.Members.Count > 0)];
        foreach ((Value variable, Value value) in import.Assigns)
            WriteInPlace(variable, value);
    }

    public IReadOnlyList<Group> Groups { get; }

    /// <summary>Values that must be copied into variables after everything else.</summary>
    public List<(Value Variable, Value Value)> LateAssigns { get; } = [];

    private void NoteReader(Value value, PlanNode node)
    {
        if (!_readers.TryGetValue(value, out List<PlanNode>? readers))
            _readers.Add(value, readers = []);
        if (!readers.Contains(node))
            readers.Add(node);
    }

    private bool HasOneReader(Value value, out PlanNode reader)
    {
        reader = null!;
        if (_kept.Contains(value) || !_readers.TryGetValue(value, out List<PlanNode>? readers) || readers.Count != 1)
            return false;
        reader = readers[0];
        return true;
    }

    // product -> + bias -> ReLU, where what lies between is wanted by nobody else.
    private void AbsorbEpilogues()
    {
        foreach (PlanNode product in _import.Nodes)
        {
            if (!KernelTable.HasEpilogue(product.Op))
                continue;
            int columns = product.OutputShapes[0][^1];
            if (columns > 0 && HasOneReader(product.Outputs[0], out PlanNode add) && add.Op == "AddV2" && BiasOf(add, product, columns) is { } bias)
            {
                product.Bias = bias;
                Absorb(product, add);
                NoteReader(bias.Value, product);
                _readers[bias.Value].Remove(add);
            }

            if (HasOneReader(product.Outputs[0], out PlanNode relu) && relu.Op == "Relu")
            {
                product.Relu = true;
                Absorb(product, relu);
            }
        }
    }

    private static Operand? BiasOf(PlanNode add, PlanNode product, int columns)
    {
        if (add.Inner.UnitSize != columns || add.Inner.IsBatched)
            return null;
        foreach (Operand input in add.Inputs)
        {
            // The bias must be there before the product is.
            if (input.Value != product.Outputs[0] && input.Value.UnitSize == columns && !input.Value.IsBatched && !(input.Value.Producer?.Index > product.Index) &&
                Inner.Of(input.Shape, add.OutputShapes[0]).Access == Access.Row)
                return input;
        }

        return null;
    }

    private void Absorb(PlanNode product, PlanNode next)
    {
        product.Outputs = next.Outputs;
        next.Outputs[0].Producer = product;
        _absorbed.Add(next);
    }

    private void Place(PlanNode node)
    {
        if (node.IsElementwise)
        {
            // The producers' groups, largest first; several may become one through this node.
            List<Group> joined = [];
            foreach (Group candidate in node.Inputs.Select(i => i.Value.Producer?.Group).OfType<Group>().Distinct().OrderByDescending(g => g.Members.Count))
            {
                if (candidate.IsElementwise && Fits([.. joined, candidate], node))
                    joined.Add(candidate);
            }

            if (joined.Count > 0)
            {
                Group into = joined[0];
                foreach (Group other in joined.Skip(1))
                {
                    into.Members.AddRange(other.Members);
                    foreach (PlanNode member in other.Members)
                        member.Group = into;
                    if (into.Inner.IsFlat)
                        into.Inner = other.Inner;
                    other.Members.Clear();
                }

                Join(node, into);
                into.Members.Sort((a, b) => a.Index.CompareTo(b.Index));
                return;
            }
        }

        Group alone = new();
        _groups.Add(alone);
        Join(node, alone);
    }

    private static void Join(PlanNode node, Group group)
    {
        group.Members.Add(node);
        node.Group = group;
        if (group.Inner.IsFlat)
            group.Inner = node.Inner;
    }

    private bool Fits(List<Group> groups, PlanNode node)
    {
        PlanNode[] members = [.. groups.SelectMany(g => g.Members), node];
        if (members.Length > MostOperations)
            return false;
        Inner inner = default;
        foreach (PlanNode member in members)
        {
            if (member.Outputs[0].UnitSize != node.Outputs[0].UnitSize || member.Outputs[0].IsBatched != node.Outputs[0].IsBatched)
                return false;
            if (inner.IsFlat)
                inner = member.Inner;
            else if (!member.Inner.IsFlat && member.Inner != inner)
                return false;
        }

        HashSet<PlanNode> inside = [.. members];
        HashSet<Value> streams = [];
        foreach (PlanNode member in members)
        {
            foreach (Operand input in member.Inputs)
            {
                if (input.Value.Producer is not { } producer || !inside.Contains(producer))
                    streams.Add(input.Value);
                else if (Inner.Of(input.Shape, member.OutputShapes[0]).Access != Access.Flat)
                    return false;
            }

            if (IsNeededOutside(member.Outputs[0], inside))
                streams.Add(member.Outputs[0]);
        }

        // A loop over rows has its body twice, for whole vectors and for what is left of a row.
        int code = members.Sum(m => CodeSize(m.Op)) * (inner.IsFlat ? 1 : 2);
        if (streams.Count > MostStreams || code > MostCode)
            return false;

        // No way may lead out of the fused operations and back into them.
        HashSet<Group> own = [.. groups];
        return !members.SelectMany(m => m.Inputs)
            .Select(i => i.Value.Producer)
            .OfType<PlanNode>()
            .Where(p => !inside.Contains(p))
            .Any(p => Reaches(p.Group, own));
    }

    private static int CodeSize(string op) => op switch
    {
        "Exp" or "Expm1" or "Elu" or "Selu" => 11,
        "Tanh" or "Sigmoid" => 13,
        "Log" or "Log1p" => 17,
        "Erf" => 20,
        "Softplus" => 25,
        _ => 1,
    };

    private bool IsNeededOutside(Value value, HashSet<PlanNode> inside) =>
        _kept.Contains(value) ||
        _readers.TryGetValue(value, out List<PlanNode>? readers) && readers.Any(r => !inside.Contains(r));

    // Whether a group waits, directly or through others, for any of some.
    private static bool Reaches(Group from, HashSet<Group> ends)
    {
        HashSet<Group> seen = [from];
        Stack<Group> open = new([from]);
        while (open.TryPop(out Group? group))
        {
            if (ends.Contains(group))
                return true;
            foreach (Group before in group.Predecessors())
            {
                if (seen.Add(before))
                    open.Push(before);
            }
        }

        return false;
    }

    private void WriteInPlace(Value variable, Value value)
    {
        PlanNode producer = value.Producer!;
        Group writer = producer.Group;
        List<Group> readers = [];
        bool possible = value.Storage == Storage.Temporary && producer.IsElementwise;
        foreach (PlanNode reader in _readers.GetValueOrDefault(variable) ?? [])
        {
            if (reader.Group is null)
                continue;
            if (reader.Group != writer)
                readers.Add(reader.Group);
            else
                possible &= reader.Inputs.Where(i => i.Value == variable).All(i => Inner.Of(i.Shape, reader.OutputShapes[0]).Access == Access.Flat);
        }

        possible &= !readers.Distinct().Any(r => Reaches(r, [writer]));
        if (!possible)
        {
            LateAssigns.Add((variable, value));
            return;
        }

        writer.After.AddRange(readers.Distinct());
        writer.WritesVariable = true;
        value.WriteTo(variable);
    }
}
