namespace Microsoft.ML;

/// <summary>What a trainer would have its data be like.</summary>
public sealed class TrainerInfo
{
    internal TrainerInfo()
    {
    }

    /// <summary>Whether it learns better of normalised features.</summary>
    public bool NeedNormalization => true;

    /// <summary>Whether it reads the data more than once.</summary>
    public bool WantCaching => true;
}
