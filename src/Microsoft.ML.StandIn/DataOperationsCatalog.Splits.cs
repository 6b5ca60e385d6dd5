using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    private const int DefaultSplitSeed = 42;

    /// <summary>Splits rows at random into a part to train with and a part to test with.</summary>
    /// <param name="data">The table.</param>
    /// <param name="testFraction">About how much of it is the test part.</param>
    /// <param name="samplingKeyColumnName">A column; rows of one value of it come into one part, rows without a value into none.</param>
    /// <param name="seed">The seed; the context's by default.</param>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), "Must be between 0 and 1 exclusive");
        return new(
            Part(data, samplingKeyColumnName, seed, number => number >= testFraction),
            Part(data, samplingKeyColumnName, seed, number => number < testFraction));
    }

    /// <summary>Splits rows at random into folds; each is the test part once, with the others to train with.</summary>
    /// <param name="data">The table.</param>
    /// <param name="numberOfFolds">How many folds.</param>
    /// <param name="samplingKeyColumnName">A column; rows of one value of it come into one fold, rows without a value into none.</param>
    /// <param name="seed">The seed; the context's by default.</param>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (numberOfFolds < 2)
            throw new ArgumentOutOfRangeException(nameof(numberOfFolds), "Must be more than 1");
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold => new TrainTestData(
            Part(data, samplingKeyColumnName, seed, number => FoldOf(number) is var f && f >= 0 && f != fold),
            Part(data, samplingKeyColumnName, seed, number => FoldOf(number) == fold)))];

        int FoldOf(double number) => double.IsNaN(number) ? -1 : (int)(number * numberOfFolds);
    }

    private FilteredDataView Part(IDataView data, string? keyName, int? seed, Predicate<double> isIn)
    {
        DataViewSchema.Column? key = null;
        if (keyName is not null)
            key = data.Schema.GetColumnOrNull(keyName)
                ?? throw new ArgumentOutOfRangeException("samplingKeyColumn", $"Could not find SamplingKeyColumn column '{keyName}'");
        var actualSeed = seed ?? (_env as IHostEnvironmentInternal)?.Seed ?? DefaultSplitSeed;
        return new FilteredDataView(data, key is { } column ? [column] : [], row =>
        {
            var number = SplitNumbers.Over(row, key, actualSeed);
            return () => isIn(number());
        }, canShuffle: key is not null);
    }
}
