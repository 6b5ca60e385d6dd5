using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting;

/// <summary>An input of an exported model.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Tensor">The placeholder that it feeds.</param>
/// <param name="IsChannelsFirst">Whether images come plane by plane, (batch, channels, height, width).</param>
internal sealed record ExportInput(string Name, Tensor Tensor, bool IsChannelsFirst = false);
