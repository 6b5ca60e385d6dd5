using System.Collections.Concurrent;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Explanations;

/// <summary>A way to look into a trained network: numbers of a fixed shape for every row. It can be used from any number of threads.</summary>
internal abstract class Explanation
{
    private readonly ConcurrentBag<IExecutable> _free = [];
    private ISession? _session;
    private IExecutable? _template;

    /// <param name="settings">What was asked for.</param>
    /// <param name="graph">The network.</param>
    protected Explanation(ExplanationSettings settings, LayerGraph graph)
    {
        Settings = settings;
        Network = graph;
    }

    /// <summary>What was asked for, nothing left open.</summary>
    public ExplanationSettings Settings { get; protected init; }

    /// <summary>The dimensions of the numbers.</summary>
    public abstract IReadOnlyList<int> Dimensions { get; }

    protected LayerGraph Network { get; }

    /// <summary>The explanation of a kind.</summary>
    /// <exception cref="ArgumentException">The network cannot be explained so; the message says why.</exception>
    public static Explanation Create(ExplanationSettings settings, TrainedNetwork model, PredictionTask task, IEngine engine)
    {
        LayerGraph graph = new(model);
        Explanation explanation = settings.Kind switch
        {
            ExplanationKind.GradCam => new GradCam(settings, graph, task),
            ExplanationKind.OcclusionMap => new OcclusionMap(settings, graph, task),
            ExplanationKind.ActivationMaps => new ActivationMaps(settings, graph),
            _ => throw new ArgumentException($"There is no explanation '{settings.Kind}'."),
        };
        explanation._session = graph.CreateSession(engine);
        explanation._template = explanation._session.Compile([explanation.Fetched]);
        return explanation;
    }

    /// <summary>Checks that columns feed the network's inputs.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    public void CheckInputs(IReadOnlyList<FeatureColumn> features)
    {
        if (!Network.Inputs.Select(i => (i.DType, i.Shape.UnitSize)).SequenceEqual(features.Select(f => (f.DType, f.Size))))
            throw new InvalidDataException($"the network's inputs do not fit the columns {string.Join(", ", features.Select(f => $"'{f.Name}'"))}.");
    }

    /// <summary>Computes the numbers of one row.</summary>
    /// <param name="row">Its features, a column for each input of the network.</param>
    /// <param name="target">As many as <see cref="Dimensions"/> say.</param>
    public void Explain(RowBuffer row, Span<float> target)
    {
        if (!_free.TryTake(out IExecutable? executable))
        {
            lock (_template!)
                executable = _template.Fork();
        }

        Explain(row, executable, target);
        _free.Add(executable);
    }

    /// <summary>What is computed by the engine.</summary>
    protected abstract Tensor Fetched { get; }

    /// <summary>Computes the numbers of one row with an executable of <see cref="Fetched"/>.</summary>
    protected abstract void Explain(RowBuffer row, IExecutable executable, Span<float> target);

    /// <summary>Feeds a row as row <paramref name="index"/> of a batch.</summary>
    protected void Feed(RowBuffer row, IExecutable executable, int index, int batch)
    {
        for (int i = 0; i < Network.Inputs.Count; i++)
        {
            Tensor input = Network.Inputs[i];
            if (!executable.Feeds.Contains(input))
                continue;
            int size = input.Shape.UnitSize;
            if (input.DType == DType.Int32)
                row.Rows<int>(i, 0).CopyTo(executable.Feed<int>(input, batch).Slice(index * size, size));
            else
                row.Rows<float>(i, 0).CopyTo(executable.Feed<float>(input, batch).Slice(index * size, size));
        }
    }
}
