using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Weights and a bias for each class.</summary>
public abstract class LinearMulticlassModelParametersBase : ModelParametersBase<VBuffer<float>>
{
    private protected readonly float[] Weights;
    private protected readonly float[] Biases;

    // The weights of the first class, then those of the second, ...
    private protected LinearMulticlassModelParametersBase(float[] weights, float[] biases) => (Weights, Biases) = (weights, biases);

    /// <summary>Copies the weights of each class.</summary>
    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = Biases.Length;
        var size = Weights.Length / numClasses;
        weights = [.. Biases.Select((_, c) => new VBuffer<float>(size, Weights[(c * size)..((c + 1) * size)]))];
    }

    /// <summary>The bias of each class.</summary>
    public IEnumerable<float> GetBiases() => Biases;
}
