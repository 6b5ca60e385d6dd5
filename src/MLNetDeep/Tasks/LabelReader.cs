using MLNetDeep.Training.Data;

namespace MLNetDeep.Tasks;

/// <summary>Reads the present row's label.</summary>
/// <param name="rows">Where to put it; null to look only.</param>
/// <param name="column">Column of <paramref name="rows"/>.</param>
/// <param name="index">Row of <paramref name="rows"/>.</param>
/// <returns>The class number (0 for a regression), or -1 if the label is missing.</returns>
internal delegate int LabelReader(RowBuffer? rows, int column, int index);
