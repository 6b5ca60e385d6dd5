using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>What stands for a <see cref="Variable"/> in a <see cref="GraphDefFile"/>: a resource variable whose shared name is the variable's name.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Handle">The operation VarHandleOp.</param>
/// <param name="Read">The tensor that reads it: <c>name:0</c>.</param>
/// <param name="Feed">The placeholder, <c>name:0</c>, whose value <paramref name="Write"/> gives to the variable.</param>
/// <param name="Write">The operation that gives the variable the value of <paramref name="Feed"/>.</param>
/// <param name="InitialValue">The tensor of the first value; null where the graph has none.</param>
/// <param name="Initialize">The operation that gives the variable its first value; null where the graph has none.</param>
public sealed record GraphDefVariable(Variable Variable, string Handle, string Read, string Feed, string Write, string? InitialValue, string? Initialize);
