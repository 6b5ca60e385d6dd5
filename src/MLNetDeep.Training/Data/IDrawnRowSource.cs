namespace MLNetDeep.Training.Data;

/// <summary>
/// Rows that are drawn: each epoch has its own, in the order in which they are to be learned from; a trainer neither keeps nor shuffles them. What an epoch has is a
/// function of its number alone, so that a run that goes on from a checkpoint draws what one that was not interrupted does.
/// <see cref="IRowSource.RowCount"/> is the number of an epoch's rows, and known.
/// </summary>
public interface IDrawnRowSource : IRowSource
{
    /// <summary>Starts reading an epoch's rows.</summary>
    /// <param name="epoch">The epoch's number, from 1.</param>
    IRowReader Read(int epoch);
}
