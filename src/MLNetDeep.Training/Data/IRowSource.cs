namespace MLNetDeep.Training.Data;

/// <summary>Rows that can be read several times, each time the same rows in the same order.</summary>
public interface IRowSource
{
    /// <summary>What a row consists of: the network's inputs in order, then what it should give (the target), then, where rows are weighted, a column of one Float32.</summary>
    IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>Number of rows; null where it is not known without reading them.</summary>
    long? RowCount => null;

    /// <summary>Starts reading at the first row.</summary>
    IRowReader Read();
}
