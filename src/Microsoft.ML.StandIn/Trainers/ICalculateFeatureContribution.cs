namespace Microsoft.ML.Trainers;

/// <summary>Marks models that can say what each feature adds to a score.</summary>
public interface ICalculateFeatureContribution
{
}
