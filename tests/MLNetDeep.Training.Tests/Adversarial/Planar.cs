using MLNetDeep.Graphs;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Tests.Adversarial;

/// <summary>Points of a plane, with or without classes, for generators to learn.</summary>
internal sealed class Planar : IRowSource
{
    private readonly float[][] _points;
    private readonly int[]? _classes;

    public Planar(float[][] points, int[]? classes = null)
    {
        (_points, _classes) = (points, classes);
        int size = points.Length > 0 ? points[0].Length : 2;
        Columns = classes is null ? [new("x", DType.Float32, size)] : [new("x", DType.Float32, size), new("class", DType.Int32, 1)];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>Normal clouds of a standard deviation round centres, one after the other.</summary>
    public static Planar Clouds((float X, float Y)[] centres, int count, float deviation, bool classes = false, int seed = 1)
    {
        Random random = new(seed);
        float Normal() => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        float[][] points = [.. Enumerable.Range(0, count).Select(i => centres[i % centres.Length]).Select(c => new[] { c.X + deviation * Normal(), c.Y + deviation * Normal() })];
        return new(points, classes ? [.. Enumerable.Range(0, count).Select(i => i % centres.Length)] : null);
    }

    public IRowReader Read() => new Reader(this);

    private sealed class Reader(Planar owner) : IRowReader
    {
        private int _next;

        public bool Read(RowBuffer rows, int index)
        {
            if (_next == owner._points.Length)
                return false;
            owner._points[_next].CopyTo(rows.Rows<float>(0, index));
            if (owner._classes is { } classes)
                rows.Rows<int>(1, index)[0] = classes[_next];
            _next++;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
