namespace Microsoft.ML.Trainers;

/// <summary>Base of the options of trainers that learn a label.</summary>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    /// <summary>The label column.</summary>
    public string LabelColumnName = "Label";

    private protected TrainerInputBaseWithLabel()
    {
    }
}
