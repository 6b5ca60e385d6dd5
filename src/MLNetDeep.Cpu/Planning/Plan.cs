using MLNetDeep.Cpu.Elementwise;
using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Memory;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>What runs, in which order, and which values may share room. Made once, shared by all executables of it.</summary>
internal sealed unsafe class Plan
{
    private readonly int[] _first;
    private readonly int[] _last;

    // Values that share one place, by the id of the first of them.
    private readonly int[] _place;
    private readonly Dictionary<int, NativeBuffer> _constants = [];

    // Values that exist in memory; others only in registers.
    private readonly HashSet<Value> _stored = [];

    public Plan(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node> targets, bool measure = false)
    {
        Importer import = Importer.Import(fetches, targets, measure);
        Values = import.Values;
        Fetches = [.. fetches.Zip(import.Fetches).Select(p => (p.First, p.Second.Value))];
        Fusion fusion = new(import);
        HashSet<Value> kept = [.. import.Fetches.Select(f => f.Value), .. import.Assigns.Select(a => a.Value)];
        HashSet<Value> read = [.. fusion.Groups.SelectMany(g => g.ExternalInputs()).Select(i => i.Value)];

        List<Step> steps = [];
        List<bool> isFixed = [];
        HashSet<Value> changing = [.. import.Assigns.Select(a => a.Variable)];
        HashSet<Value> fixedValues = [];
        _first = new int[Values.Count];
        _last = new int[Values.Count];
        _place = [.. Enumerable.Range(0, Values.Count)];
        foreach (Group group in Schedule.Order(fusion.Groups))
        {
            int at = steps.Count;
            foreach (Operand input in group.ExternalInputs())
            {
                if (input.Value.Producer is not null)
                    _last[input.Value.Id] = at;
            }

            Step step = group.IsElementwise
                ? new ElementwiseStep(group, v => kept.Contains(v) || read.Contains(v))
                : KernelTable.Create(group.Members[0]);
            IEnumerable<Value> outputs = step is ElementwiseStep loop ? loop.Outputs
                : KernelTable.HasOptionalOutputs(group.Members[0].Op) ? group.Members[0].Outputs.Where(v => kept.Contains(v) || read.Contains(v))
                : group.Members[0].Outputs;
            foreach (Value output in outputs)
            {
                _first[output.Id] = _last[output.Id] = at;
                _stored.Add(output);
            }

            steps.Add(step);
            isFixed.Add(!group.WritesVariable && group.Members.SelectMany(m => m.Outputs).All(o => !o.IsBatched) &&
                group.ExternalInputs().All(i => IsFixed(i.Value, changing, fixedValues)));
            if (isFixed[^1])
                fixedValues.UnionWith(outputs);
        }

        foreach ((Value variable, Value value) in fusion.LateAssigns)
            steps.Add(new AssignStep(variable, value));
        foreach (Value value in kept)
            _last[value.Id] = steps.Count;
        foreach (Value value in fixedValues)
            (_first[value.Id], _last[value.Id]) = (0, steps.Count);
        FixedSteps = [.. isFixed, .. fusion.LateAssigns.Select(_ => false)];
        Steps = [.. steps];
        SharePlaces();
        foreach (Value value in Values.Where(v => v.Constant is not null))
            _constants.Add(value.Id, ToBuffer(value.Constant!));
        Feeds = [.. Values.Where(v => v.Storage == Storage.Feed)];
        ChangesVariables = import.Assigns.Count > 0;
    }

    public IReadOnlyList<Value> Values { get; }

    public IReadOnlyList<Step> Steps { get; }

    /// <summary>For each step whether its results stay the same from run to run until a variable changes; nothing else takes their place.</summary>
    public bool[] FixedSteps { get; }

    public IReadOnlyList<Value> Feeds { get; }

    public IReadOnlyList<(Tensor Tensor, Value Value)> Fetches { get; }

    public bool ChangesVariables { get; }

    public float* ConstantPointer(Value value) => _constants[value.Id].Pointer;

    /// <summary>Where each temporary goes for batches of up to <paramref name="batch"/>: offsets by value id (-1: elsewhere), and the room for all.</summary>
    public (long[] Offsets, long Size) Layout(int batch)
    {
        long[] offsets = new long[Values.Count];
        Array.Fill(offsets, -1);
        List<(Value Value, long Size)> places = [];
        foreach (Value value in Values)
        {
            if (value.Storage == Storage.Temporary && _place[value.Id] == value.Id && _stored.Contains(value))
                places.Add((value, NativeBuffer.Round(value.Size(batch))));
        }

        // The largest first, each at the lowest offset that is free for as long as it lives.
        List<(long Begin, long End, int First, int Last)> taken = [];
        long size = 0;
        foreach ((Value value, long length) in places.OrderByDescending(p => p.Size).ThenBy(p => p.Value.Id))
        {
            long offset = 0;
            int first = _first[value.Id], last = _last[value.Id];
            foreach (var other in taken)
            {
                if (other.First > last || other.Last < first)
                    continue;
                if (other.Begin >= offset + length)
                    break;
                offset = Math.Max(offset, other.End);
            }

            offsets[value.Id] = offset;
            (long, long, int, int) entry = (offset, offset + length, first, last);
            int index = taken.BinarySearch(entry);
            taken.Insert(index < 0 ? ~index : index, entry);
            size = Math.Max(size, offset + length);
        }

        foreach (Value value in Values)
            offsets[value.Id] = offsets[_place[value.Id]];
        return (offsets, size);
    }

    public long WorkspaceSize(int batch, int threads) => Steps.Count == 0 ? 0 : Steps.Max(s => s.WorkspaceSize(batch, threads));

    // Whether a value is made of constants and of variables that the run leaves as they are. What stands for a shape alone may depend on the batch.
    private static bool IsFixed(Value value, HashSet<Value> changing, HashSet<Value> made) =>
        value.Storage == Storage.Constant && value.Id >= 0 || value.Storage == Storage.Variable && value.Producer is null && !changing.Contains(value) || made.Contains(value);

    private static NativeBuffer ToBuffer(Array data)
    {
        NativeBuffer buffer = new(data.Length);
        switch (data)
        {
            case float[] floats:
                floats.CopyTo(new Span<float>(buffer.Pointer, floats.Length));
                break;
            case int[] ints:
                ints.CopyTo(new Span<int>(buffer.Pointer, ints.Length));
                break;
        }

        return buffer;
    }

    // The result of a loop may take the place of an input that nothing needs any more and that it reads in step.
    private void SharePlaces()
    {
        for (int at = 0; at < Steps.Count; at++)
        {
            if (Steps[at] is not ElementwiseStep loop)
                continue;
            HashSet<Value> others = [.. loop.OtherInputs];
            List<Value> free = [.. loop.FlatInputs.Distinct().Where(v => v.Storage == Storage.Temporary && _last[v.Id] == at && !others.Contains(v))];
            foreach (Value output in loop.Outputs)
            {
                if (output.Storage != Storage.Temporary || free.Find(v => v.UnitSize == output.UnitSize && v.IsBatched == output.IsBatched) is not { } input)
                    continue;
                free.Remove(input);
                int place = _place[input.Id];
                _place[output.Id] = place;
                _last[place] = Math.Max(_last[place], _last[output.Id]);
            }
        }
    }
}
