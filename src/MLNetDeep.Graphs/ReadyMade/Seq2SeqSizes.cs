namespace MLNetDeep;

/// <summary>What the data says about a <see cref="Seq2SeqNetwork"/>.</summary>
/// <param name="SourceIds">Number of ids that source tokens may have; 0 is padding.</param>
/// <param name="TargetIds">Number of ids that tokens before a target token may have.</param>
/// <param name="Classes">Number of tokens that may be written, the end included.</param>
/// <param name="SourceSteps">Most tokens to read.</param>
/// <param name="TargetSteps">Most tokens to write in training, the end included.</param>
public sealed record Seq2SeqSizes(int SourceIds, int TargetIds, int Classes, int SourceSteps, int TargetSteps);
