using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// What ends a network that makes rows of a table: the hyperbolic tangent of the plain numbers that a row begins with, then for each choice among several a softmax over
    /// its block. With a <see cref="Temperature"/> choices are drawn while training (Gumbel-softmax, Jang, Gu and Poole 2017; Maddison, Mnih and Teh 2017): nearly one-hot
    /// vectors that gradients pass through. In scoring the blocks are the probabilities that such draws have.
    /// </summary>
    /// <remarks>Input and output: (batch, ..., <see cref="Numbers"/> and the sum of <see cref="Blocks"/>).</remarks>
    public sealed record MixedActivation : SimpleLayer
    {
        // Keeps both logarithms finite.
        private const float Least = 1e-7f;

        /// <summary>Number of plain numbers; at least 0.</summary>
        public required int Numbers { get; init; }

        /// <summary>For each choice, among how many; at least 2 each.</summary>
        public required IReadOnlyList<int> Blocks { get; init; }

        /// <summary>How soft draws are: more than 0; near 0 for one-hot ones. Default null: no draws, the probabilities while training too.</summary>
        public float? Temperature { get; init; }

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(x);
            if (Temperature is { } given && !(given > 0 && float.IsFinite(given)))
                throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Temperature is {given}, expected more than 0, or null."));
            MixedBlocks.Check(x, Numbers, Blocks);
            List<Tensor> parts = [];
            if (Numbers > 0)
                parts.Add(Ops.Tanh(MixedBlocks.Part(x, 0, Numbers)));
            Tensor logits = x;
            if (context.Training && Temperature is { } temperature && Blocks.Count > 0)
            {
                Tensor uniform = Ops.Clip(Ops.RandomUniform(x, context.Step, context.NextSeed()), Least, 1 - Least);
                logits = (x - Ops.Log(-Ops.Log(uniform))) * (1 / temperature);
            }

            parts.AddRange(MixedBlocks.Split(logits, Numbers, Blocks).Select(Ops.Softmax));
            return MixedBlocks.Join(parts);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the activation of a row of numbers and choices; see <see cref="Layers.MixedActivation"/>.</summary>
        /// <param name="numbers">Number of plain numbers.</param>
        /// <param name="blocks">For each choice, among how many.</param>
        /// <param name="temperature">How soft draws are while training; null for none.</param>
        /// <param name="name">The layer's name.</param>
        public Network MixedActivation(int numbers, IReadOnlyList<int> blocks, double? temperature = null, string? name = null) =>
            Append(new MixedActivation { Name = name, Numbers = numbers, Blocks = blocks, Temperature = (float?)temperature });
    }
}
