using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Gives each group of neighbouring channels of every row mean 0 and variance 1, then scales and shifts by channel (Wu and He 2018). Knows no batch, so small ones are no harm.</summary>
    /// <remarks>Input and output: (batch, ..., channels). Weights by channel: gamma and beta.</remarks>
    public sealed record GroupNormalization : SimpleLayer
    {
        /// <summary>Number of groups, which divides the channels; -1 for a group for each channel (instance normalisation). Default 32, as Keras.</summary>
        public int Groups { get; init; } = 32;

        /// <summary>Added to the variance. Default 0.001, as Keras (PyTorch: 1e-5).</summary>
        public float Epsilon { get; init; } = 1e-3f;

        /// <summary>Whether a learnt offset, beta, is added. Default true.</summary>
        public bool Center { get; init; } = true;

        /// <summary>Whether the result is multiplied by a learnt factor, gamma. Default true.</summary>
        public bool Scale { get; init; } = true;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(x);
            Shape channels = NormalizationWeights.Channels(x, Epsilon);
            int count = channels[0], groups = Groups == -1 ? count : Groups;
            if (x.Shape.BatchAxis != 0 || groups < 1 || count % groups != 0)
                throw new ArgumentException($"Groups is {Groups} for {count} channels; expected a divisor of the channels, or -1.");
            Tensor? gamma = NormalizationWeights.Gamma(context, channels, Scale), beta = NormalizationWeights.Beta(context, channels, Center);

            // Statistics by channel first, which is one pass over rows of memory, then over the channels of a group; back to the channels by what scales each.
            Shape rows = x.Shape.WithRows(x.Shape.RowSize() / count, count), byChannel = x.Shape.WithRows(1, count), byGroup = x.Shape.WithRows(groups, count / groups);
            Tensor values = Ops.Reshape(x, rows);
            Tensor mean = Channels(Average(values), null);
            Tensor centered = values - mean;
            Tensor scale = Channels(Ops.Rsqrt(Average(Ops.Square(centered)) + Epsilon), gamma);
            Tensor y = centered * scale;
            return Ops.Reshape(beta is null ? y : y + beta, x.Shape);

            Tensor Average(Tensor of) => Ops.Mean(Ops.Reshape(Ops.Mean(of, [1]), byGroup), [2], keepDims: true);

            Tensor Channels(Tensor of, Tensor? factor) =>
                Ops.Reshape(of * Ops.Reshape(factor ?? NormalizationWeights.All(x, 1), new Shape(groups, count / groups)), byChannel);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends group normalisation; see <see cref="Layers.GroupNormalization"/>.</summary>
        /// <param name="groups">Number of groups, which divides the channels; -1 for a group for each channel.</param>
        /// <param name="epsilon">Added to the variance.</param>
        /// <param name="name">The layer's name.</param>
        public Network GroupNormalization(int groups = 32, double epsilon = 1e-3, string? name = null) =>
            Append(new GroupNormalization { Name = name, Groups = groups, Epsilon = (float)epsilon });
    }
}
