namespace MLNetDeep.Training.Adversarial;

/// <summary>Mean and covariance of vectors.</summary>
internal sealed class NormalDistribution
{
    private readonly double[] _mean, _covariance;

    // Of the covariance; made when it is first asked for, as it takes longest and real rows are compared with anew each epoch.
    private double[]? _root;

    public NormalDistribution(ReadOnlySpan<float> vectors, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        int count = vectors.Length / size;
        if (count < 2 || vectors.Length % size != 0)
            throw new ArgumentException($"{vectors.Length} numbers are no two or more vectors of {size}.", nameof(vectors));
        _mean = new double[size];
        _covariance = new double[size * size];
        for (int i = 0; i < vectors.Length; i++)
            _mean[i % size] += vectors[i] / (double)count;
        double[] apart = new double[size];
        for (int row = 0; row < count; row++)
        {
            for (int i = 0; i < size; i++)
                apart[i] = vectors[(row * size) + i] - _mean[i];
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                    _covariance[(i * size) + j] += apart[i] * apart[j] / (count - 1);
            }
        }
    }

    /// <summary>The Fréchet distance; see <see cref="FrechetDistance.Between"/>.</summary>
    public double DistanceTo(NormalDistribution other)
    {
        int size = _mean.Length;
        double distance = 0;
        for (int i = 0; i < size; i++)
            distance += ((_mean[i] - other._mean[i]) * (_mean[i] - other._mean[i])) + _covariance[(i * size) + i] + other._covariance[(i * size) + i];

        // C₁C₂ has the eigenvalues of C₁^½ C₂ C₁^½, which is symmetric.
        double[] root = _root ??= SymmetricMatrix.SquareRoot(_covariance, size);
        double[] product = SymmetricMatrix.Multiply(SymmetricMatrix.Multiply(root, other._covariance, size), root, size);
        foreach (double value in SymmetricMatrix.Eigenvalues(product, size))
            distance -= 2 * Math.Sqrt(Math.Max(value, 0));
        return Math.Max(distance, 0);
    }
}
