using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting;

/// <summary>An output of an exported model.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Tensor">What it is made of.</param>
/// <param name="Kind">How.</param>
internal sealed record ExportOutput(string Name, Tensor Tensor, ExportOutputKind Kind = ExportOutputKind.Values);
