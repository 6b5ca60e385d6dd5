using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Data;

/// <summary>Rows for one training step.</summary>
internal sealed class Batch
{
    /// <param name="columns">What a row consists of.</param>
    /// <param name="capacity">Most rows.</param>
    /// <param name="classes">Number of classes for <see cref="ClassShares"/>; 0 for none.</param>
    public Batch(IReadOnlyList<RowColumn> columns, int capacity, int classes = 0)
    {
        Rows = new(columns, capacity);
        ClassShares = classes == 0 ? null : new([new("class shares", DType.Float32, classes)], capacity);
    }

    /// <summary>The rows.</summary>
    public RowBuffer Rows { get; }

    /// <summary>How much each row is of each class, where pictures of several are mixed: one column.</summary>
    public RowBuffer? ClassShares { get; }

    /// <summary>Number of rows that are filled.</summary>
    public int Count { get; set; }
}
