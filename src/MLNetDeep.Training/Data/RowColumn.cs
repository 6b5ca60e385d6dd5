using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Data;

/// <summary>A column of the rows that a network learns from: so many elements of a type in each row.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="DType">Float32 or Int32.</param>
/// <param name="Size">Elements in a row; at least 1.</param>
public sealed record RowColumn(string Name, DType DType, int Size);
