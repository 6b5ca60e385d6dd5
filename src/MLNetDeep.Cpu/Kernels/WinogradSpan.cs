namespace MLNetDeep.Cpu.Kernels;

/// <summary>The rows, or columns, of a part of the target of a <see cref="WinogradShape"/>.</summary>
/// <param name="First">The first in the target.</param>
/// <param name="Skip">Rows of the first tile before it.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Source">The row of the source that the first tile's first tap sees.</param>
internal readonly record struct WinogradSpan(int First, int Skip, int Count, int Source);
