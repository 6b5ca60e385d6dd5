using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>The table with its columns kept in memory once they were read.</summary>
    /// <param name="input">The table.</param>
    /// <param name="columnsToPrefetch">Columns to read at once.</param>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var name in columnsToPrefetch ?? [])
            if (input.Schema.GetColumnOrNull(name) is null)
                throw new ArgumentOutOfRangeException(nameof(columnsToPrefetch), $"Could not find prefetch column '{name}'");
        return new CachedDataView(input, columnsToPrefetch);
    }

    /// <summary>The first rows.</summary>
    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (count <= 0)
            throw new ArgumentOutOfRangeException(nameof(count), "Must be greater than zero.");
        return new SkipTakeDataView(input, 0, count);
    }

    /// <summary>All rows but the first.</summary>
    public IDataView SkipRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (count <= 0)
            throw new ArgumentOutOfRangeException(nameof(count), "Must be greater than zero.");
        return new SkipTakeDataView(input, count, long.MaxValue);
    }

    /// <summary>The rows in random order, the same for each reading.</summary>
    /// <param name="input">The table.</param>
    /// <param name="seed">The seed; one of the context's by default.</param>
    /// <param name="shufflePoolSize">How many rows are held at once; more mix better.</param>
    /// <param name="shuffleSource">Whether the table is asked for its rows in random order already, where it can.</param>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (shufflePoolSize <= 0)
            throw new ArgumentOutOfRangeException(nameof(shufflePoolSize), "Must be positive");
        return new ShuffledDataView(input, _env.Register("Shuffle", seed).Rand.Next(), shufflePoolSize, shuffleSource);
    }

    /// <summary>The rows whose value in a column of real numbers lies between bounds; NaN lies between none.</summary>
    /// <param name="input">The table.</param>
    /// <param name="columnName">The column.</param>
    /// <param name="lowerBound">The lowest value.</param>
    /// <param name="upperBound">The lowest value that is too high.</param>
    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!(lowerBound <= upperBound))
            throw new ArgumentOutOfRangeException(nameof(upperBound), "Must be less than lowerBound");
        var column = input.Schema[columnName];
        if (column.Type is not NumberDataViewType)
            throw new ArgumentOutOfRangeException(nameof(columnName), $"Schema mismatch for filter column '{columnName}': expected number, got {column.Type}");
        if (column.Type.RawType == typeof(float))
            return new FilteredDataView(input, [column], row => InBounds<float>(row, column, v => v >= lowerBound && v < upperBound), canShuffle: true);
        if (column.Type.RawType == typeof(double))
            return new FilteredDataView(input, [column], row => InBounds<double>(row, column, v => v >= lowerBound && v < upperBound), canShuffle: true);
        throw new ArgumentOutOfRangeException("Column", $"Column '{columnName}' does not have compatible type");
    }

    /// <summary>The rows that miss no value in some columns.</summary>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (columns is not { Length: > 0 })
            throw new ArgumentOutOfRangeException(nameof(columns));
        var tested = columns.Select(name => input.Schema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException("Columns", $"Source column '{name}' not found")).ToArray();
        foreach (var column in tested)
            if (DataViewTypes.ItemTypeOf(column.Type) is not KeyDataViewType && DataViewTypes.ItemTypeOf(column.Type).RawType is var type
                && type != typeof(float) && type != typeof(double))
                throw new ArgumentOutOfRangeException("Columns",
                    $"Column '{column.Name}' has type {column.Type} which does not support missing values, so we cannot filter on them");
        return new FilteredDataView(input, tested, row =>
        {
            var tests = tested.Select(column => MakeIsGiven(row, column)).ToArray();
            return () => Array.TrueForAll(tests, isGiven => isGiven());
        }, canShuffle: true);
    }

    private static Func<bool> InBounds<T>(DataViewRow row, DataViewSchema.Column column, Predicate<T> isIn)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return isIn(value);
        };
    }

    private static Func<bool> MakeIsGiven(DataViewRow row, DataViewSchema.Column column)
        => (Func<bool>)typeof(DataOperationsCatalog)
            .GetMethod(column.Type is VectorDataViewType ? nameof(VectorIsGiven) : nameof(IsGiven), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(DataViewTypes.ItemTypeOf(column.Type).RawType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column], null)!;

    private static Func<bool> IsGiven<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct
        => InBounds<T>(row, column, value => !IsMissing(value));

    private static Func<bool> VectorIsGiven<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct
    {
        // A slot that a sparse vector leaves out is 0: a value for numbers, missing for keys.
        var defaultIsMissing = IsMissing(default(T));
        return InBounds<VBuffer<T>>(row, column, vector =>
        {
            foreach (var value in vector.GetValues())
                if (IsMissing(value))
                    return false;
            return vector.IsDense || !defaultIsMissing;
        });
    }

    // Of the types that get here, unsigned integers are keys.
    private static bool IsMissing<T>(T value)
        where T : struct
        => value switch
        {
            float v => float.IsNaN(v),
            double v => double.IsNaN(v),
            _ => EqualityComparer<T>.Default.Equals(value, default),
        };
}
