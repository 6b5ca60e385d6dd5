using MLNetDeep.Layers;

namespace MLNetDeep.Graphs.Tests.Layers;

/// <summary>A layer, the rows it is given, and the rows that must come out.</summary>
internal sealed record LayerSample(Layer Layer, int[][] Inputs, int[] Output)
{
    public bool IsRandom { get; init; }

    /// <summary>Whether there is a mask of the first input's steps.</summary>
    public bool IsMasked { get; init; }

    /// <summary>Whether inputs and weights are small and of both signs: for a layer of many sums and softmaxes, which great numbers would saturate.</summary>
    public bool IsSmall { get; init; }

    /// <summary>More than 0: the inputs are ids below that.</summary>
    public int Ids { get; init; }
}
