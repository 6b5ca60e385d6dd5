using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gates, Gers, Schmidhuber and Cummins 2000; without peepholes). At each step, with
    /// <c>i, f, g, o = x · kernel + h · recurrent_kernel + bias</c>: <c>c = σ(f) · c + σ(i) · tanh(g)</c> and <c>h = σ(o) · tanh(c)</c>.
    /// </summary>
    /// <remarks>
    /// Inputs and outputs: see <see cref="RecurrentLayer"/>. Weights: kernel (features, 4 · units), recurrent_kernel (units, 4 · units), bias (4 · units), the gates in the
    /// order i, f, g, o of Keras and PyTorch. PyTorch's weights are these transposed; its two biases add up to the one.
    /// Runs in one piece for tanh and sigmoid, the default activations.
    /// </remarks>
    public sealed record Lstm : RecurrentLayer
    {
        /// <summary>What the gates go through: a layer without weights. Default null: sigmoid.</summary>
        public Layer? RecurrentActivation { get; init; }

        /// <summary>Whether the bias of the forget gate is 1 at first, so that the cell remembers (Jozefowicz et al. 2015). Default true.</summary>
        public bool UnitForgetBias { get; init; } = true;

        internal override int StateCount => 2;

        private protected override int Gates => 4;

        private protected override Initializer FirstBias() =>
            UnitForgetBias ? new Parts([BiasInitializer, Constant.Ones, BiasInitializer, BiasInitializer]) : BiasInitializer;

        private protected override Tensor[] Run(LayerContext context, Tensor projection, Tensor recurrent, Tensor[]? first, Tensor? mask, Tensor? dropout)
        {
            if (Activation is not (null or Tanh) || RecurrentActivation is not (null or Sigmoid))
            {
                Unrolled.Cell cell = Unrolled.Lstm(recurrent, Function(context, Activation, Ops.Tanh), Function(context, RecurrentActivation, Ops.Sigmoid));
                return Unroll(cell, projection, first, mask, dropout);
            }

            (Tensor sequence, Tensor state, Tensor last) = Ops.Lstm(projection, recurrent, first?[0], first?[1], mask, dropout, GoBackwards, TruncateSteps ?? 0);
            return [sequence, state, last];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a long short-term memory; see <see cref="Layers.Lstm"/>.</summary>
        /// <param name="units">Size of the state.</param>
        /// <param name="returnSequences">Whether the output is the state of each step instead of the last.</param>
        /// <param name="dropout">The share of features set to 0 while training.</param>
        /// <param name="recurrentDropout">The share of the state set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network Lstm(int units, bool returnSequences = false, double dropout = 0, double recurrentDropout = 0, string? name = null) =>
            Append(new Lstm { Name = name, Units = units, ReturnSequences = returnSequences, Dropout = (float)dropout, RecurrentDropout = (float)recurrentDropout });
    }
}
