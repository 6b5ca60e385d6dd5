using MLNetDeep.Estimators;

namespace MLNetDeep.Generation.Tabular;

/// <summary>What trainers of models that make rows of a table can be told.</summary>
public abstract class TabularOptions : TrainingOptions
{
    private protected TabularOptions()
    {
    }

    /// <summary>Names of the table's columns. Default null: all of the data's.</summary>
    public IReadOnlyList<string>? ColumnNames;

    /// <summary>How many times, about, each row is learned from; of a table of tens of thousands of rows a few dozen may do. Default 300.</summary>
    public int Epochs = 300;

    /// <summary>Rows in a training step; there must be as many. Default 100: the paper's 500 are for large tables, and leave one of a few thousand rows too few steps.</summary>
    public int BatchSize = 100;

    /// <summary>Modes that the values of a column of quantities are taken to have, at most. Default 10.</summary>
    public int Modes = 10;

    /// <summary>
    /// A column of numbers with no more different values than this, each found ten times on average, is one of categories: rows can be asked for by them, and no other values are made.
    /// 0 for none. Default 20.
    /// </summary>
    public int CategoricalNumbers = 20;

    /// <summary>A column with more categories than this is an error: names and numbers of things cannot be learned, and must not be repeated. Default 500.</summary>
    public int MaxCategories = 500;

    /// <summary>
    /// Rows that are made after each epoch and compared with as many of the training rows: the figures <c>column_shapes</c> of progress and history, <see cref="TabularMetrics.ColumnShapes"/> of those few,
    /// and <c>diversity</c>, how different they are from one another, beside real ones. 0 for none. Default 500.
    /// </summary>
    public int QualityRows = 500;

    internal virtual void Check()
    {
        Require(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
        Require(BatchSize >= 2, nameof(BatchSize), BatchSize, "at least 2");
        Require(Modes >= 1, nameof(Modes), Modes, "at least 1");
        Require(CategoricalNumbers >= 0, nameof(CategoricalNumbers), CategoricalNumbers, "at least 0");
        Require(MaxCategories >= 2, nameof(MaxCategories), MaxCategories, "at least 2");
        Require(QualityRows >= 0, nameof(QualityRows), QualityRows, "at least 0");
    }

    private protected static void Require(bool holds, string option, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"{option} is {value}, expected {expected}."), option);
    }

    private protected static void RequireUnits(IReadOnlyList<int> units, string option) =>
        Require(units is not null && units.All(u => u >= 1), option, units is null ? "null" : string.Join(", ", units), "sizes of at least 1");
}
