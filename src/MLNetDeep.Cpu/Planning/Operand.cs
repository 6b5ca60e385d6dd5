using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>A view of a value as a tensor.</summary>
/// <param name="Value">The value.</param>
/// <param name="Shape">The dimensions it is read with.</param>
/// <param name="Stretched">The shape that its reader sees, where it is still to be broadcast to that; else null.</param>
internal readonly record struct Operand(Value Value, Shape Shape, Shape? Stretched = null);
