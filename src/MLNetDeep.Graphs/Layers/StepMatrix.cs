using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>Sequences whose steps are mixed by a fixed matrix, for each channel alike.</summary>
internal static class StepMatrix
{
    private const int MostWeights = 1 << 24;

    /// <summary>The product of a matrix of <paramref name="steps"/> rows, one column for each step of <paramref name="x"/>, and each channel.</summary>
    /// <param name="x">(batch, steps, channels).</param>
    /// <param name="steps">Steps of the result.</param>
    /// <param name="weight">The weight of a step of the input in one of the result: (result's step, input's step).</param>
    public static Tensor Apply(Tensor x, int steps, Func<int, int, double> weight)
    {
        if (x.Shape.Rank != 3)
            throw new ArgumentException("expected (steps, channels).");
        int columns = x.Shape[1];
        if (steps < 1 || (long)steps * columns > MostWeights)
            throw new ArgumentException($"{columns} steps are to become {steps}; expected at least 1 and no more than {MostWeights} weights.");
        float[] matrix = new float[steps * columns];
        for (int i = 0; i < matrix.Length; i++)
            matrix[i] = (float)weight(i / columns, i % columns);
        return Ops.BatchMatMul(Ops.Constant(x.Graph, matrix, new Shape(steps, columns)), x);
    }
}
