namespace MLNetDeep.Training;

/// <summary>What came of a training step.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Batch">Number of the batch in the epoch, from 1.</param>
/// <param name="Batches">Number of batches in an epoch; null until the first has been read to the end.</param>
/// <param name="Rows">Rows in the batch.</param>
/// <param name="Loss">Its mean loss.</param>
public readonly record struct BatchResult(int Epoch, int Batch, int? Batches, int Rows, float Loss);
