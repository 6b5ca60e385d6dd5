using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A weight for each feature, and a bias.</summary>
public abstract class LinearModelParameters : ModelParametersBase<float>, ICalculateFeatureContribution
{
    private readonly float[] _weights;

    private protected LinearModelParameters(float[] weights, float bias) => (_weights, Bias) = (weights, bias);

    /// <summary>What is added to the weighted sum.</summary>
    public float Bias { get; protected set; }

    /// <summary>The weights.</summary>
    public IReadOnlyList<float> Weights => _weights;

    internal float Score(in VBuffer<float> features) => Bias + Linear.Dot(features, _weights, 0);

    private protected void SaveWeights(ModelSaveContext ctx)
    {
        ctx.Writer.Write(Bias);
        Linear.Save(ctx, _weights);
    }
}
