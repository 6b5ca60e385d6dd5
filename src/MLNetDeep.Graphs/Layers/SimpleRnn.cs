using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// A simple recurrent layer (Elman 1990): at each step <c>h = activation(x · kernel + h · recurrent_kernel + bias)</c>. It forgets within some dozen steps;
    /// for longer memories use <see cref="Lstm"/> or <see cref="Gru"/>.
    /// </summary>
    /// <remarks>
    /// Inputs and outputs: see <see cref="RecurrentLayer"/>. Weights: kernel (features, units), recurrent_kernel (units, units), bias (units). PyTorch's two biases add up to
    /// the one. Runs in one piece for tanh and <see cref="Relu"/> as <see cref="RecurrentLayer.Activation"/>.
    /// </remarks>
    public sealed record SimpleRnn : RecurrentLayer
    {
        private protected override int Gates => 1;

        private protected override Tensor[] Run(LayerContext context, Tensor projection, Tensor recurrent, Tensor[]? first, Tensor? mask, Tensor? dropout)
        {
            if (Activation is not (null or Tanh or Relu { MaxValue: null }))
                return Unroll(Unrolled.Simple(recurrent, Function(context, Activation, Ops.Tanh)), projection, first, mask, dropout);
            (Tensor sequence, Tensor state) = Ops.SimpleRnn(projection, recurrent, Activation is Relu ? "Relu" : "Tanh", first?[0], mask, dropout, GoBackwards, TruncateSteps ?? 0);
            return [sequence, state];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a simple recurrent layer; see <see cref="Layers.SimpleRnn"/>.</summary>
        /// <param name="units">Size of the state.</param>
        /// <param name="returnSequences">Whether the output is the state of each step instead of the last.</param>
        /// <param name="activation">What new values of the state go through; default tanh.</param>
        /// <param name="dropout">The share of features set to 0 while training.</param>
        /// <param name="recurrentDropout">The share of the state set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network SimpleRnn(int units, bool returnSequences = false, Layer? activation = null, double dropout = 0, double recurrentDropout = 0, string? name = null) =>
            Append(new SimpleRnn
            {
                Name = name,
                Units = units,
                ReturnSequences = returnSequences,
                Activation = activation,
                Dropout = (float)dropout,
                RecurrentDropout = (float)recurrentDropout,
            });
    }
}
