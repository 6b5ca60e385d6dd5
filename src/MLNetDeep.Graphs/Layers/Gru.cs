using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Gated recurrent units (Cho et al. 2014). At each step, with <c>z, r, n = x · kernel + bias</c> and <c>z', r', n' = h · recurrent_kernel + recurrent_bias</c>:
    /// <c>z = σ(z + z')</c>, <c>r = σ(r + r')</c>, <c>n = tanh(n + r · n')</c> and <c>h = z · h + (1 - z) · n</c>.
    /// </summary>
    /// <remarks>
    /// Inputs and outputs: see <see cref="RecurrentLayer"/>. Weights: kernel (features, 3 · units), recurrent_kernel (units, 3 · units), bias (3 · units) and with
    /// <see cref="ResetAfter"/> recurrent_bias (3 · units), the gates in Keras's order z, r, n (PyTorch: r, z, n, its weights transposed; Keras keeps both biases as one of
    /// two rows). Runs in one piece with <see cref="ResetAfter"/>, tanh and sigmoid, the defaults.
    /// </remarks>
    public sealed record Gru : RecurrentLayer
    {
        /// <summary>What the gates go through: a layer without weights. Default null: sigmoid.</summary>
        public Layer? RecurrentActivation { get; init; }

        /// <summary>
        /// Whether the reset gate is applied after the product with the recurrent kernel, as in cuDNN, PyTorch and Keras's default, or before, as in the paper
        /// (<c>n = tanh(n + (r · h) · recurrent_kernel)</c>, without a recurrent bias), which takes longer. Default true.
        /// </summary>
        public bool ResetAfter { get; init; } = true;

        private protected override int Gates => 3;

        private protected override Tensor[] Run(LayerContext context, Tensor projection, Tensor recurrent, Tensor[]? first, Tensor? mask, Tensor? dropout)
        {
            Func<Tensor, Tensor> activation = Function(context, Activation, Ops.Tanh), gate = Function(context, RecurrentActivation, Ops.Sigmoid);
            if (!ResetAfter)
                return Unroll(Unrolled.GruResetBefore(recurrent, activation, gate), projection, first, mask, dropout);
            Tensor? bias = UseBias ? context.AddWeight("recurrent_bias", new Shape(Gates * Units), BiasInitializer, regularizer: BiasRegularizer).Tensor : null;
            if (Activation is not (null or Tanh) || RecurrentActivation is not (null or Sigmoid))
                return Unroll(Unrolled.GruResetAfter(recurrent, bias, activation, gate), projection, first, mask, dropout);
            (Tensor sequence, Tensor state) = Ops.Gru(projection, recurrent, bias, first?[0], mask, dropout, GoBackwards, TruncateSteps ?? 0);
            return [sequence, state];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends gated recurrent units; see <see cref="Layers.Gru"/>.</summary>
        /// <param name="units">Size of the state.</param>
        /// <param name="returnSequences">Whether the output is the state of each step instead of the last.</param>
        /// <param name="dropout">The share of features set to 0 while training.</param>
        /// <param name="recurrentDropout">The share of the state set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network Gru(int units, bool returnSequences = false, double dropout = 0, double recurrentDropout = 0, string? name = null) =>
            Append(new Gru { Name = name, Units = units, ReturnSequences = returnSequences, Dropout = (float)dropout, RecurrentDropout = (float)recurrentDropout });
    }
}
