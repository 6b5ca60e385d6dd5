namespace Pronunciation;

/// <summary>What the model says of a word.</summary>
internal sealed class SpokenWord
{
    public string[] PredictedLabel { get; set; } = [];

    public float Score { get; set; }
}
