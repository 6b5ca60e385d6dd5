using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Layers;

/// <summary>
/// Divides a kernel by its largest singular value, so that a layer stretches no distance (Miyato et al. 2018, "Spectral Normalization for Generative Adversarial
/// Networks"). The value is followed by one power iteration a training step; the vector that it goes on from is a weight of the layer, spectral_vector, that no optimizer changes.
/// </summary>
internal static class SpectralNorm
{
    // What keeps a vector of zeros from being divided by 0, as in the paper's code.
    private const float Epsilon = 1e-12f;

    /// <summary>The kernel (..., outputs) over its largest singular value as a matrix of (all other axes, outputs).</summary>
    public static Tensor Normalize(LayerContext context, Variable kernel)
    {
        int outputs = kernel.Shape[^1];
        Tensor matrix = Ops.Reshape(kernel.Tensor, new Shape(kernel.Shape.UnitSize / outputs, outputs));
        Variable vector = context.AddWeight("spectral_vector", new Shape(1, outputs), new RandomNormal(), trainable: false);
        (Tensor left, Tensor right) = Iterate(Ops.StopGradient(matrix), vector.Tensor);
        if (context.Training && context.Trainable)
        {
            // A discriminator is used several times in a step: it is the same kernel, so one iteration is all there is to gain.
            context.AddUpdate(vector, before => ReferenceEquals(before, vector.Tensor) ? right : before);
        }

        // leftᵀ · matrix · right: its gradient is that of the singular value while the vectors are held.
        Tensor largest = Ops.Sum(Ops.MatMul(left, matrix) * right);
        return kernel.Tensor / largest;
    }

    // Both vectors are rows.
    private static (Tensor Left, Tensor Right) Iterate(Tensor matrix, Tensor right)
    {
        Tensor left = Unit(Ops.MatMul(right, matrix, transposeB: true));
        return (Ops.StopGradient(left), Ops.StopGradient(Unit(Ops.MatMul(left, matrix))));
    }

    private static Tensor Unit(Tensor x) => x * Ops.Rsqrt(Ops.Sum(Ops.Square(x)) + Epsilon);
}
