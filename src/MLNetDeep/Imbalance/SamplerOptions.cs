namespace MLNetDeep.Imbalance;

/// <summary>What all samplers can be told.</summary>
public abstract class SamplerOptions
{
    private protected SamplerOptions()
    {
    }

    /// <summary>Name of the column of classes: Boolean or key. Rows whose key is missing are left out. Default <c>Label</c>.</summary>
    public string LabelColumnName = "Label";

    /// <summary>Name of the column of features: a vector of Single of known size, without missing values where distances are measured. Default <c>Features</c>.</summary>
    public string FeatureColumnName = "Features";

    /// <summary>Which classes to change. Default null: all but the largest for samplers that add rows, all but the smallest for samplers that remove rows.</summary>
    public SamplingStrategy? Strategy;

    /// <summary>Seed of what is drawn. Default null: from the <see cref="Microsoft.ML.MLContext"/>.</summary>
    public int? Seed;

    /// <summary>Ends sampling with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;
}
