using System.Runtime.Intrinsics;
using MLNetDeep.Graphs;

namespace MLNetDeep.Initializers;

/// <summary>
/// A random matrix with orthogonal rows or columns, whichever are fewer (Saxe, McClelland and Ganguli 2014): for recurrent layers.
/// All axes but the last count as rows.
/// </summary>
/// <param name="Gain">What the matrix is multiplied by. Default 1.</param>
public sealed record Orthogonal(float Gain = 1) : Initializer
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public override void Fill(Span<float> values, Shape shape, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank < 2)
            throw new ArgumentException($"Orthogonal: expected a shape of two or more axes, received {shape}.", nameof(shape));
        int columns = shape[^1], rows = shape.UnitSize / columns;
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        CounterRandom random = new(seed);
        double[] vectors = new double[count * length];
        for (int i = 0; i < vectors.Length; i++)
            vectors[i] = random.Normal(i);

        // Gram and Schmidt, twice: once is not orthogonal to the last digit.
        for (int i = 0; i < count; i++)
        {
            Span<double> vector = vectors.AsSpan(i * length, length);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<double> other = vectors.AsSpan(j * length, length);
                    AddScaled(vector, other, -Dot(vector, other));
                }
            }

            double norm = Math.Sqrt(Dot(vector, vector));
            foreach (ref double x in vector)
                x /= norm;
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                values[r * columns + c] = (float)(Gain * vectors[rows < columns ? r * length + c : c * length + r]);
        }
    }

    // Four sums whatever the machine's vectors are, so that rounding is the same everywhere.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> sums = default;
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
            sums += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
        double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(Span<double> a, ReadOnlySpan<double> b, double scale)
    {
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
            (Vector256.Create<double>(a[i..]) + Vector256.Create(b[i..]) * scale).CopyTo(a[i..]);
        for (; i < a.Length; i++)
            a[i] += b[i] * scale;
    }
}
