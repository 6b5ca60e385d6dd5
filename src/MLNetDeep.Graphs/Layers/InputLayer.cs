using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>An input of a network: the shape of one row.</summary>
    public sealed record InputLayer : Layer
    {
        /// <summary>The dimensions of one row, without the batch.</summary>
        public required IReadOnlyList<int> Shape { get; init; }

        /// <summary>Float32 for features, Int32 for ids of tokens or categories. Default Float32.</summary>
        public DType DType { get; init; }

        /// <inheritdoc/>
        internal protected override int InputCount => 0;

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs) =>
            throw new InvalidOperationException("An input is built by the network.");

        internal MaskedTensor Placeholder(BuildContext context, string name)
        {
            // Training and scoring of one network in one graph read the same feed. Found by its whole name: the scope is the name already.
            string feed = $"{context.Prefix}{name}/input";
            return new(context.Graph.Find(feed)?.Outputs[0] ?? context.Graph.Placeholder("input", DType, Batched));
        }

        internal MaskedTensor Check(MaskedTensor given, string name)
        {
            if (given.Value.Spec != new TensorSpec(DType, Batched))
                throw new ArgumentException($"Input '{name}' expects {DType} {Batched}, received {given.Value.Spec}.");
            return given;
        }

        private Shape Batched => Graphs.Shape.Batched([.. Shape]);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>A network that begins with an input of numbers.</summary>
        /// <param name="shape">The dimensions of one row: <c>Input(64)</c> for 64 features, <c>Input(28, 28, 1)</c> for height, width and channels.</param>
        public static Network Input(params int[] shape) => At(new InputLayer { Shape = shape }, [], 0);

        /// <summary>An input with a name, by which a network of several inputs is fed.</summary>
        public static Network Input(string name, params int[] shape) => At(new InputLayer { Name = name, Shape = shape }, [], 0);

        /// <summary>An input of integers: ids of tokens or categories, for <c>Embedding</c>.</summary>
        /// <param name="length">Number of ids in a row.</param>
        /// <param name="name">A name, by which a network of several inputs is fed.</param>
        public static Network TokenInput(int length, string? name = null) => At(new InputLayer { Name = name, Shape = [length], DType = DType.Int32 }, [], 0);
    }
}
