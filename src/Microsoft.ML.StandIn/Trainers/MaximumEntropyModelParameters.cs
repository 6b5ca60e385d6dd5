using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(MaximumEntropyModelParameters), null, typeof(SignatureLoadModel), "Maximum entropy model", MaximumEntropyModelParameters.LoaderSignature)]

namespace Microsoft.ML.Trainers;

/// <summary>A linear model of several classes, with the softmax of its sums as probabilities.</summary>
public sealed class MaximumEntropyModelParameters : LinearMulticlassModelParametersBase, IScorer
{
    internal const string LoaderSignature = "MultiClassLRExec";

    internal MaximumEntropyModelParameters(float[] weights, float[] biases)
        : base(weights, biases)
    {
    }

    int IScorer.InputSize => Weights.Length / Biases.Length;

    int IScorer.OutputSize => Biases.Length;

    private static VersionInfo Version => new("MAXENTRO", 1, 1, 1, typeof(MaximumEntropyModelParameters).Assembly.FullName!, LoaderSignature);

    void IScorer.Score(in VBuffer<float> features, Span<float> outputs)
    {
        var size = Weights.Length / Biases.Length;
        for (var c = 0; c < Biases.Length; c++)
            outputs[c] = Biases[c] + Linear.Dot(features, Weights, c * size);
        Linear.Softmax(outputs);
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        Linear.Save(ctx, Weights);
        Linear.Save(ctx, Biases);
    }

    private static MaximumEntropyModelParameters Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var (weights, biases) = (Linear.Load(ctx), Linear.Load(ctx));
        return biases.Length > 0 && weights.Length % biases.Length == 0
            ? new(weights, biases)
            : throw new FormatException($"Corrupt model: {weights.Length} weights for {biases.Length} classes.");
    }
}
