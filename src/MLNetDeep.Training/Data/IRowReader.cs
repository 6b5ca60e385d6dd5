namespace MLNetDeep.Training.Data;

/// <summary>Reads the rows of an <see cref="IRowSource"/> one after another.</summary>
public interface IRowReader : IDisposable
{
    /// <summary>Reads the next row.</summary>
    /// <param name="rows">Where to put it.</param>
    /// <param name="index">In which row of <paramref name="rows"/>.</param>
    /// <returns>False at the end; nothing has been written then.</returns>
    bool Read(RowBuffer rows, int index);
}
