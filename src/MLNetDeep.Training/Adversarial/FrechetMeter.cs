using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Adversarial;

/// <summary>Measures the distance of generated rows from real ones, which it has drawn once.</summary>
internal sealed class FrechetMeter : IDisposable
{
    private const int BlockRows = 128;

    private readonly ISession _session;
    private readonly IExecutable _run;
    private readonly Tensor _row, _features;
    private readonly NormalDistribution _real;

    /// <exception cref="ArgumentException">The network does not take the rows, or there are less than two.</exception>
    public FrechetMeter(FrechetDistance options, IRowSource rows, int seed, IEngine engine, CancellationToken cancellation)
    {
        Graph graph = new();
        Network network = options.Features.Network.WithLayerNames();
        _features = network.Build(new BuildContext(graph)).Value;
        _row = graph.Find($"{network.InputLayers[0].Name}/input")!.Outputs[0];
        int size = rows.Columns[0].Size;
        if (_row.Shape.UnitSize != size || _features.Shape.BatchAxis != 0)
            throw new ArgumentException($"FrechetDistance.Features takes rows of shape {_row.Shape} and gives {_features.Shape}; the rows have {size} numbers, and a vector for each is expected.");
        _session = engine.CreateSession(graph, 0);
        foreach (Variable weight in graph.Variables)
            _session.WriteVariable(weight.Name, options.Features.Weights[weight.Name]);
        _run = _session.Compile([_features]);

        RowBuffer drawn = Draw(rows, options.RowCount, seed, cancellation, out int count);
        if (count < 2)
            throw new ArgumentException($"There are {count} rows to train on, fewer than the 2 that a Fréchet distance takes.");
        Classes = rows.Columns.Count > 1 ? drawn.Rows<int>(1, 0, count).ToArray() : [];
        Count = count;
        _real = Distribution(drawn.Rows<float>(0, 0, count));
    }

    /// <summary>Number of real rows, and of generated ones that are to be compared.</summary>
    public int Count { get; }

    /// <summary>The classes of the real rows; empty without.</summary>
    public IReadOnlyList<int> Classes { get; }

    public double DistanceTo(ReadOnlySpan<float> generated) => _real.DistanceTo(Distribution(generated));

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    /// <summary>Draws rows, each as likely as another to be among them (Vitter 1985).</summary>
    internal static RowBuffer Draw(IRowSource rows, int most, int seed, CancellationToken cancellation, out int count)
    {
        RandomNumbers random = new((ulong)(uint)seed);
        RowBuffer drawn = new(rows.Columns, most), next = new(rows.Columns, 1);
        using IRowReader reader = rows.Read();
        long seen = 0;
        for (; reader.Read(next, 0); seen++)
        {
            cancellation.ThrowIfCancellationRequested();
            long place = seen < most ? seen : random.Next((int)Math.Min(seen + 1, int.MaxValue));
            if (place < most)
                drawn.CopyRow(next, 0, (int)place);
        }

        count = (int)Math.Min(seen, most);
        return drawn;
    }

    /// <summary>The features of rows, one vector after the other.</summary>
    public float[] Features(ReadOnlySpan<float> rows)
    {
        int size = _row.Shape.UnitSize, width = _features.Shape.UnitSize, count = rows.Length / size;
        float[] features = new float[count * width];
        for (int start = 0; start < count; start += BlockRows)
        {
            int block = Math.Min(BlockRows, count - start);
            rows.Slice(start * size, block * size).CopyTo(_run.Feed<float>(_row, block));
            _run.Run(block);
            _run.Fetch<float>(_features).CopyTo(features.AsSpan(start * width));
        }

        return features;
    }

    private NormalDistribution Distribution(ReadOnlySpan<float> rows) => new(Features(rows), _features.Shape.UnitSize);
}
