using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// A recurrent layer twice, one reading the sequence from the first step on and one from the last, with weights of their own (Schuster and Paliwal 1997).
    /// </summary>
    /// <remarks>
    /// Input: as the layer's; where it takes first states, those of the forward direction and then those of the backward one. Output: as the layer's, merged as
    /// <see cref="Merge"/> says; then, where it returns states, those of the forward direction and those of the backward one. With a mask the backward direction starts at
    /// the last real step. Weights: the layer's, under <c>forward/</c> and <c>backward/</c>.
    /// </remarks>
    public sealed record Bidirectional : Layer
    {
        /// <summary>The recurrent layer, as it reads forward: <see cref="Lstm"/>, <see cref="Gru"/> or <see cref="SimpleRnn"/>.</summary>
        public required Layer Layer { get; init; }

        /// <summary>What becomes of the two directions. Default both along the last axis.</summary>
        public BidirectionalMerge Merge { get; init; }

        /// <inheritdoc/>
        internal protected override int InputCount => Layer is RecurrentLayer { TakesState: true } layer ? 1 + 2 * layer.StateCount : 1;

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(inputs);
            if (Layer is not RecurrentLayer layer)
                throw new ArgumentException($"expected a recurrent layer (Lstm, Gru, SimpleRnn), received {Layer.GetType().Name}.");
            if (layer.GoBackwards)
                throw new ArgumentException("the layer goes backwards itself; give it as it reads forward.");
            int states = layer.TakesState ? layer.StateCount : 0;
            IReadOnlyList<MaskedTensor> forward = layer.Build(context.Part("forward", layer), [.. inputs.Take(1 + states)]);
            IReadOnlyList<MaskedTensor> backward = (layer with { GoBackwards = true }).Build(context.Part("backward", layer), [inputs[0], .. inputs.Skip(1 + states)]);
            Tensor a = forward[0].Value, b = backward[0].Value;
            Tensor? merged = Merge switch
            {
                BidirectionalMerge.Concatenate => Ops.Concatenate([a, b], -1),
                BidirectionalMerge.Sum => a + b,
                BidirectionalMerge.Multiply => a * b,
                BidirectionalMerge.Average => (a + b) * 0.5f,
                BidirectionalMerge.None => null,
                _ => throw new ArgumentException($"Merge is {Merge}, expected one of {string.Join(", ", Enum.GetNames<BidirectionalMerge>())}."),
            };
            IReadOnlyList<MaskedTensor> outputs = merged is null ? [forward[0], backward[0]] : [new(merged, forward[0].Mask)];
            return [.. outputs, .. forward.Skip(1), .. backward.Skip(1)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a recurrent layer that reads in both directions; see <see cref="Layers.Bidirectional"/>.</summary>
        /// <param name="layer">The layer as it reads forward: <c>new Lstm { Units = 64 }</c>.</param>
        /// <param name="merge">What becomes of the two directions.</param>
        /// <param name="name">The layer's name.</param>
        public Network Bidirectional(RecurrentLayer layer, BidirectionalMerge merge = BidirectionalMerge.Concatenate, string? name = null) =>
            Append(new Bidirectional { Name = name, Layer = layer, Merge = merge });

        /// <summary>Appends a long short-term memory that reads in both directions; see <see cref="Layers.Bidirectional"/> and <see cref="Layers.Lstm"/>.</summary>
        /// <param name="units">Size of the state in each direction; the output has twice as many.</param>
        /// <param name="returnSequences">Whether the output is the state of each step instead of the last.</param>
        /// <param name="dropout">The share of features set to 0 while training.</param>
        /// <param name="recurrentDropout">The share of the state set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network BiLstm(int units, bool returnSequences = false, double dropout = 0, double recurrentDropout = 0, string? name = null) => Bidirectional(
            new Lstm { Units = units, ReturnSequences = returnSequences, Dropout = (float)dropout, RecurrentDropout = (float)recurrentDropout },
            name: name);
    }
}
