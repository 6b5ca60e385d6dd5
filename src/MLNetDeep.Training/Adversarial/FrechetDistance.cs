using System.Globalization;
using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Adversarial;

/// <summary>
/// How far generated rows are from real ones: the Fréchet distance of two normal distributions, those of the features that a network gives real rows and generated ones
/// (Heusel et al. 2017). 0 where both are alike; the less the better. The paper's features are Inception's, for photographs; those of a small classifier trained on the same data
/// serve any data, but its figures compare with those of the same classifier only.
/// </summary>
/// <param name="Features">Gives a row, which is its one input, features: <c>classifier.UpTo("features")</c>.</param>
public sealed record FrechetDistance(TrainedNetwork Features)
{
    /// <summary>Rows of either kind that are compared, the real ones drawn at random from all; at least 2. Several times as many as there are features are good. Default 1000.</summary>
    public int RowCount { get; init; } = 1000;

    /// <summary>Epochs from one look to the next. Default 1.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>The Fréchet distance of the normal distributions that two sets of vectors have: <c>‖m₁ - m₂‖² + tr(C₁ + C₂ - 2 (C₁C₂)^½)</c>, m their means and C their covariances.</summary>
    /// <param name="first">Vectors, one after the other.</param>
    /// <param name="second">The others.</param>
    /// <param name="size">Numbers in a vector.</param>
    /// <exception cref="ArgumentException">A set has less than two vectors, or no whole number of them.</exception>
    public static double Between(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int size) => new NormalDistribution(first, size).DistanceTo(new(second, size));

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Features);
        if (RowCount < 2)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"FrechetDistance.RowCount is {RowCount}, expected at least 2."));
        if (EveryEpochs < 1)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"FrechetDistance.EveryEpochs is {EveryEpochs}, expected at least 1."));
        if (Features.Network.InputLayers is not [{ DType: DType.Float32, Shape: not null }])
            throw new ArgumentException("FrechetDistance.Features must be a network of one input of numbers whose shape is known: the row.");
    }
}
