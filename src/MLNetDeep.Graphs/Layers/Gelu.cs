using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Gaussian error linear unit: x times the share of a standard normal distribution below x (Hendrycks and Gimpel 2016).</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record Gelu : SimpleLayer
    {
        /// <summary>Whether the share is approximated by <c>(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2</c>, as GPT-2 has it. Default false: by the error function.</summary>
        public bool Approximate { get; init; }

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            return Approximate
                ? x * 0.5f * (Ops.Tanh((x + x * Ops.Square(x) * 0.044715f) * 0.797884561f) + 1f)
                : x * 0.5f * (Ops.Erf(x * 0.707106781f) + 1f);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Gaussian error linear unit: x times the share of a standard normal distribution below x (Hendrycks and Gimpel 2016).</summary>
        /// <param name="approximate">Whether tanh takes the place of the error function.</param>
        /// <param name="name">The layer's name.</param>
        public Network Gelu(bool approximate = false, string? name = null) => Append(new Gelu { Name = name, Approximate = approximate });
    }
}
