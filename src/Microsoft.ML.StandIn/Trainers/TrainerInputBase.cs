namespace Microsoft.ML.Trainers;

/// <summary>Base of trainers' options.</summary>
public abstract class TrainerInputBase
{
    /// <summary>The feature column.</summary>
    public string FeatureColumnName = "Features";

    private protected TrainerInputBase()
    {
    }
}
