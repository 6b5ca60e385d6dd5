using Microsoft.ML;

namespace MLNetDeep.Evaluation;

/// <summary>A part of the rows that is held out, and all others.</summary>
/// <param name="Repeat">Which dealing out, from 0.</param>
/// <param name="Index">Which fold, from 0.</param>
/// <param name="TrainSet">The rows to learn from.</param>
/// <param name="TestSet">The rows held out.</param>
public sealed record Fold(int Repeat, int Index, IDataView TrainSet, IDataView TestSet);
