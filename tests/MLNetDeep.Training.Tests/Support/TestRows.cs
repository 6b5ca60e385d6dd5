using MLNetDeep.Graphs;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Tests.Support;

/// <summary>Rows in memory as a trainer takes them; counts how often they are read.</summary>
internal sealed class TestRows : IRowSource
{
    private readonly IReadOnlyList<float[]> _features;
    private readonly IReadOnlyList<float> _targets;
    private readonly IReadOnlyList<float>? _weights;

    /// <param name="features">Features of each row.</param>
    /// <param name="targets">What they should give.</param>
    /// <param name="weights">How much they count; null for no such column.</param>
    /// <param name="classes">Whether the targets are class numbers.</param>
    public TestRows(IReadOnlyList<float[]> features, IReadOnlyList<float> targets, IReadOnlyList<float>? weights = null, bool classes = false)
    {
        _features = features;
        _targets = targets;
        _weights = weights;
        List<RowColumn> columns = [new("x", DType.Float32, features.Count == 0 ? 1 : features[0].Length), new("y", classes ? DType.Int32 : DType.Float32, 1)];
        if (weights is not null)
            columns.Add(new("w", DType.Float32, 1));
        Columns = columns;
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>How often the rows have been read from the first on.</summary>
    public int Reads { get; private set; }

    /// <summary>Readers that have not been disposed of.</summary>
    public int OpenReaders { get; private set; }

    /// <summary>Called before each row is read, with its number.</summary>
    public Action<int>? Reading { get; set; }

    /// <summary>Rows whose one feature and target are their numbers.</summary>
    public static TestRows Numbered(int count) => new([.. Enumerable.Range(0, count).Select(i => new[] { (float)i })], [.. Enumerable.Range(0, count).Select(i => (float)i)]);

    /// <summary>Rows of a line with noise, which a network can learn but not wholly.</summary>
    public static TestRows Line(int count, int seed = 1, float noise = 0.1f, bool weighted = false)
    {
        Random random = new(seed);
        float[][] features = [.. Enumerable.Range(0, count).Select(_ => new[] { random.NextSingle() * 2 - 1, random.NextSingle() * 2 - 1, random.NextSingle() * 2 - 1 })];
        float[] targets = [.. features.Select(f => 2 * f[0] - f[1] + 0.5f + noise * (random.NextSingle() * 2 - 1))];
        return new(features, targets, weighted ? [.. features.Select(_ => random.NextSingle() * 3)] : null);
    }

    /// <summary>Rows of three classes by where they lie.</summary>
    public static TestRows Classes(int count, int seed = 1)
    {
        Random random = new(seed);
        float[][] features = [.. Enumerable.Range(0, count).Select(_ => new[] { random.NextSingle() * 2 - 1, random.NextSingle() * 2 - 1 })];
        return new(features, [.. features.Select(f => f[0] > 0.2f ? 0f : f[1] > 0 ? 1f : 2f)], classes: true);
    }

    public IRowReader Read()
    {
        Reads++;
        OpenReaders++;
        return new Reader(this);
    }

    private sealed class Reader(TestRows owner) : IRowReader
    {
        private int _next;

        public bool Read(RowBuffer rows, int index)
        {
            if (_next == owner._features.Count)
                return false;
            owner.Reading?.Invoke(_next);
            owner._features[_next].CopyTo(rows.Rows<float>(0, index));
            if (owner.Columns[1].DType == DType.Int32)
                rows.Rows<int>(1, index)[0] = (int)owner._targets[_next];
            else
                rows.Rows<float>(1, index)[0] = owner._targets[_next];
            if (owner._weights is not null)
                rows.Rows<float>(2, index)[0] = owner._weights[_next];
            _next++;
            return true;
        }

        public void Dispose() => owner.OpenReaders--;
    }
}
