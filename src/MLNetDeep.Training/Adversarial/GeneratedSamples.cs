namespace MLNetDeep.Training.Adversarial;

/// <summary>Rows that a generator made on the way.</summary>
/// <param name="Epoch">After which epoch, from 1.</param>
/// <param name="Rows">The rows' numbers, one row after the other.</param>
/// <param name="RowShape">The dimensions of a row, such as height, width and channels.</param>
/// <param name="Classes">The class that each row was asked to be of; empty without classes.</param>
public sealed record GeneratedSamples(int Epoch, IReadOnlyList<float> Rows, IReadOnlyList<int> RowShape, IReadOnlyList<int> Classes)
{
    /// <summary>Number of rows.</summary>
    public int Count => Rows.Count / RowShape.Aggregate(1, (a, b) => a * b);
}
