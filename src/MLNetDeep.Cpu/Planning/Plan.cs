using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Memory;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>What runs, in which order, and which values may share room. Made once, shared by all executables of it.</summary>
internal sealed unsafe class Plan
{
    private readonly Placement _placement = new();
    private readonly Dictionary<int, NativeBuffer> _constants = [];

    public Plan(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node> targets, bool measure = false, bool fuseRows = true)
    {
        Importer import = Importer.Import(fetches, targets, measure);
        Values = import.Values;
        Fetches = [.. fetches.Zip(import.Fetches).Select(p => (p.First, p.Second.Value))];
        Fusion fusion = new(import);
        HashSet<Value> kept = [.. import.Fetches.Select(f => f.Value), .. import.Assigns.Select(a => a.Value)];
        ILookup<Value, Group> readers = fusion.Groups.SelectMany(g => g.ExternalInputs().Select(i => (i.Value, Group: g))).ToLookup(p => p.Value, p => p.Group);

        // What depends on weights alone comes first: it is done again only after they changed.
        HashSet<Value> changing = [.. import.Assigns.Select(a => a.Variable)];
        HashSet<Value> fixedValues = [];
        List<Group> fixedGroups = [], others = [];
        foreach (Group group in Schedule.Order(fusion.Groups))
        {
            bool isFixed = !group.WritesVariable && group.Members.SelectMany(m => m.Outputs).All(o => !o.IsBatched) &&
                group.ExternalInputs().All(i => IsFixed(i.Value, changing, fixedValues));
            (isFixed ? fixedGroups : others).Add(group);
            if (isFixed)
                fixedValues.UnionWith(group.Members.SelectMany(m => m.Outputs));
        }

        List<Step> steps = [];
        IEnumerable<RowFusion.Run> runs = fuseRows ? RowFusion.Runs(others) : others.Select(g => new RowFusion.Run([g]));
        foreach (RowFusion.Run run in fixedGroups.Select(g => new RowFusion.Run([g])).Concat(runs))
        {
            Step step = run.CreateStep(IsNeeded, (v, groups) => kept.Contains(v) || readers[v].Any(r => !groups.Contains(r)));
            foreach (Value input in step.Inputs)
                _placement.Read(input, steps.Count);
            foreach (Value output in step.Outputs)
                _placement.Write(output, steps.Count);
            steps.Add(step);
        }

        foreach ((Value variable, Value value) in fusion.LateAssigns)
            steps.Add(new AssignStep(variable, value));
        foreach (Value value in kept)
            _placement.Read(value, steps.Count);
        foreach (Value value in fixedValues)
            _placement.Keep(value, steps.Count);
        FixedSteps = [.. steps.Select((_, i) => i < fixedGroups.Count)];
        Steps = [.. steps];
        _placement.SharePlaces(Steps);
        foreach (Value value in Values.Where(v => v.Constant is not null))
            _constants.Add(value.Id, ToBuffer(value.Constant!));
        Feeds = [.. Values.Where(v => v.Storage == Storage.Feed)];
        ChangesVariables = import.Assigns.Count > 0;

        bool IsNeeded(Value value) => kept.Contains(value) || readers.Contains(value);
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
        (Dictionary<Value, long> places, long size) = _placement.Layout(v => NativeBuffer.Round(v.Size(batch)));
        return ([.. Values.Select(v => places.GetValueOrDefault(v, -1))], size);
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
}
