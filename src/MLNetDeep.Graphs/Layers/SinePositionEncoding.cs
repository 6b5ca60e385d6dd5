using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Adds fixed waves of the position to a sequence (Vaswani et al. 2017): <c>sin(position / MaxWavelength^(2i / features))</c> to feature 2i, the cosine to feature 2i + 1.
    /// </summary>
    /// <remarks>Input and output: (batch, steps, features). (Keras Hub's layer of this name gives the waves without the input.)</remarks>
    public sealed record SinePositionEncoding : SimpleLayer
    {
        /// <summary>The longest wave, over 2π. Default 10000.</summary>
        public float MaxWavelength { get; init; } = 10000;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            SpatialLayer.Require(x, 1);
            if (!(MaxWavelength > 0))
                throw new ArgumentException($"MaxWavelength is {MaxWavelength}, expected more than 0.");
            int steps = x.Shape[1], features = x.Shape[2];
            float[] waves = new float[steps * features];
            for (int i = 0; i < waves.Length; i++)
            {
                int feature = i % features;
                double angle = i / features / Math.Pow(MaxWavelength, 2.0 * (feature / 2) / features);
                waves[i] = (float)(feature % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }

            return x + Ops.Constant(x.Graph, waves, new Shape(steps, features));
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Adds waves of the position; see <see cref="Layers.SinePositionEncoding"/>.</summary>
        /// <param name="maxWavelength">The longest wave, over 2π.</param>
        /// <param name="name">The layer's name.</param>
        public Network SinePositionEncoding(double maxWavelength = 10000, string? name = null) => Append(new SinePositionEncoding { Name = name, MaxWavelength = (float)maxWavelength });
    }
}
