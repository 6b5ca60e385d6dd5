using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A model that makes numbers of features.</summary>
internal interface IScorer
{
    /// <summary>How many features there are.</summary>
    int InputSize { get; }

    /// <summary>How many numbers it gives.</summary>
    int OutputSize { get; }

    /// <summary>Scores one row.</summary>
    void Score(in VBuffer<float> features, Span<float> outputs);
}
