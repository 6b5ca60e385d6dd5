namespace Microsoft.ML.Trainers;

/// <summary>Base of the options of trainers whose rows may have weights.</summary>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    /// <summary>The weight column; null for none.</summary>
    public string? ExampleWeightColumnName;

    private protected TrainerInputBaseWithWeight()
    {
    }
}
