using System.Numerics;
using System.Runtime.InteropServices;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Adversarial;

/// <summary>
/// Density and coverage of generated rows among real ones, which it has drawn once (Naeem et al. 2020). Round each real row lies a ball that reaches to its fifth nearest among the others.
/// The density is the number of balls that a generated row lies in, on average, over the five that a real one would: about 1 where generated rows look real, less where they do not. The
/// coverage is the share of balls with a generated row in them: near 1 where generated rows are as manifold as real ones, less where kinds of rows are missing.
/// </summary>
internal sealed class CoverageMeter
{
    private const int Neighbors = 5;

    private readonly Func<ReadOnlySpan<float>, float[]> _vectors;
    private readonly float[] _real, _radii;
    private readonly int _size, _neighbors;

    /// <param name="rows">The real rows.</param>
    /// <param name="most">How many of them are drawn.</param>
    /// <param name="vectors">What rows are compared by: as many numbers for each.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentException">There are less than two rows.</exception>
    public CoverageMeter(IRowSource rows, int most, Func<ReadOnlySpan<float>, float[]> vectors, int seed, CancellationToken cancellation)
    {
        _vectors = vectors;
        RowBuffer drawn = FrechetMeter.Draw(rows, most, seed, cancellation, out int count);
        if (count < 2)
            throw new ArgumentException($"There are {count} rows to train on, fewer than the 2 that can be compared.");
        Count = count;
        Classes = rows.Columns.Count > 1 ? drawn.Rows<int>(1, 0, count).ToArray() : [];
        _real = vectors(drawn.Rows<float>(0, 0, count));
        _size = _real.Length / count;
        _neighbors = Math.Min(Neighbors, count - 1);
        _radii = new float[count];
        float[] nearest = new float[count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                nearest[j] = i == j ? float.PositiveInfinity : SquaredDistance(Vector(_real, i), Vector(_real, j));
            Array.Sort(nearest);
            _radii[i] = nearest[_neighbors - 1];
        }
    }

    /// <summary>Number of real rows, and of generated ones that are to be compared.</summary>
    public int Count { get; }

    /// <summary>The classes of the real rows; empty without.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>Compares as many generated rows, of the same classes.</summary>
    public (double Density, double Coverage) Compare(ReadOnlySpan<float> generated)
    {
        float[] made = _vectors(generated);
        long within = 0;
        int covered = 0;
        for (int i = 0; i < Count; i++)
        {
            long before = within;
            for (int j = 0; j < Count; j++)
                within += SquaredDistance(Vector(_real, i), Vector(made, j)) <= _radii[i] ? 1 : 0;
            covered += within > before ? 1 : 0;
        }

        return (within / ((double)_neighbors * Count), (double)covered / Count);
    }

    private ReadOnlySpan<float> Vector(float[] vectors, int index) => vectors.AsSpan(index * _size, _size);

    private static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> wideA = MemoryMarshal.Cast<float, Vector<float>>(a), wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> sums = default;
        for (int i = 0; i < wideA.Length; i++)
        {
            Vector<float> apart = wideA[i] - wideB[i];
            sums += apart * apart;
        }

        float sum = System.Numerics.Vector.Sum(sums);
        for (int i = wideA.Length * Vector<float>.Count; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
