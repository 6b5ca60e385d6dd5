using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>A program to be run on a batch.</summary>
/// <param name="Program">The program.</param>
/// <param name="Batch">Number of rows.</param>
/// <param name="Feeds">Values of placeholders, of those that the program does not need too.</param>
internal sealed record TrainingRun(GraphDefProgram Program, int Batch, IReadOnlyDictionary<Tensor, float[]> Feeds);
