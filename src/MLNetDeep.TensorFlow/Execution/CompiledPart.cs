using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>What a part of a graph became in a session: the names to feed, fetch and run.</summary>
internal sealed class CompiledPart
{
    public CompiledPart(GraphDefProgram program, GraphDefFile file, string prefix)
    {
        Feeds = file.Feeds(program.Name);
        Fetches = program.Fetches;
        HasBatchFeed = file.BatchSize is not null;
        FeedNames = [.. Feeds.Select(f => ($"{prefix}/{file.NameOf(f)}", TensorFlowText.Type(f.DType)))];
        if (file.BatchSize is { } batch)
            FeedNames = [.. FeedNames, ($"{prefix}/{batch}", DataType.DtInt32)];

        // TensorFlow refuses to fetch what is fed, and one tensor twice.
        List<string> names = [];
        foreach (Tensor fetch in program.Fetches.Where(f => f.Node.Op.Name != "Placeholder").Distinct())
        {
            string name = $"{prefix}/{file.NameOf(fetch)}";
            int known = names.IndexOf(name);
            FetchPlaces.Add(fetch, known < 0 ? names.Count : known);
            if (known < 0)
                names.Add(name);
        }

        FetchNames = names;
        TargetNames = file.Target(program.Name) is { } target ? [$"{prefix}/{target}"] : [];
        Kept = FindKept(program);
        Ranges = IdRange.Find(program, Feeds);
    }

    public IReadOnlyList<Tensor> Feeds { get; }

    public IReadOnlyList<Tensor> Fetches { get; }

    /// <summary>After those of <see cref="Feeds"/>, the batch size where <see cref="HasBatchFeed"/>.</summary>
    public IReadOnlyList<(string Name, DataType Type)> FeedNames { get; }

    public bool HasBatchFeed { get; }

    public IReadOnlyList<string> FetchNames { get; }

    public IReadOnlyList<string> TargetNames { get; }

    /// <summary>Which of <see cref="FetchNames"/> a tensor is.</summary>
    public Dictionary<Tensor, int> FetchPlaces { get; } = [];

    /// <summary>Feeds whose memory a variable may take over.</summary>
    public HashSet<Tensor> Kept { get; }

    /// <summary>Feeds of ids, and what the ids must be below.</summary>
    public IReadOnlyList<IdRange> Ranges { get; }

    // Fed tensors that reach an assignment without being computed with: TensorFlow hands their memory on.
    private static HashSet<Tensor> FindKept(GraphDefProgram program)
    {
        HashSet<Tensor> kept = [];
        foreach (Node target in program.Targets ?? [])
        {
            Tensor value = target.Inputs[^1];
            while (value.Node.Op.Name is "Identity" or "StopGradient" or "Reshape" or "EnsureShape" or "Transpose" or "Slice" or "Cast")
                value = value.Node.Inputs[0];
            if (value.Node.Op.Name == "Placeholder")
                kept.Add(value);
        }

        return kept;
    }
}
