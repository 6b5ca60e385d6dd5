namespace Tagging;

/// <summary>What the model says of a sentence.</summary>
internal sealed class TaggedSentence
{
    public string[] PredictedLabel { get; set; } = [];
}
