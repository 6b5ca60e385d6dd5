using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>An input of a network: the shape of one row.</summary>
    public sealed record InputLayer : Layer
    {
        /// <summary>The dimensions of one row, without the batch. Default null: taken from the data at Fit, see <see cref="Network.WithInputShapes"/>.</summary>
        public IReadOnlyList<int>? Shape { get; init; }

        /// <summary>Float32 for features, Int32 for ids of tokens or categories. Default Float32.</summary>
        public DType DType { get; init; }

        /// <inheritdoc/>
        internal protected override int InputCount => 0;

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs) =>
            throw new InvalidOperationException("An input is built by the network.");

        internal MaskedTensor Placeholder(BuildContext context, string name)
        {
            if (Shape is null)
                throw new UnknownSizeException($"The shape of input '{name}' is not known yet: it comes from the data at Fit. Give it to Network.Input, or call WithInputShapes.");

            // Training and scoring of one network in one graph read the same feed. Found by its whole name: the scope is the name already.
            string feed = $"{context.Prefix}{name}/input";
            return new(context.Graph.Find(feed)?.Outputs[0] ?? context.Graph.Placeholder("input", DType, Batched));
        }

        internal MaskedTensor Check(MaskedTensor given, string name)
        {
            if (Shape is null && given.Value.DType == DType && given.Value.Shape.BatchAxis == 0)
                return given;
            if (Shape is null || given.Value.Spec != new TensorSpec(DType, Batched))
                throw new ArgumentException($"Input '{name}' expects {DType} {(Shape is null ? "of any shape" : Batched)}, received {given.Value.Spec}.");
            return given;
        }

        // With the shape of the data, where it was open; where it was given, the data must have as many elements.
        internal InputLayer WithShape(int[] shape, string name)
        {
            if (shape.Length == 0 || shape.Any(d => d < 1))
                throw new ArgumentException($"Input '{name}' is given the shape ({string.Join(", ", shape)}); expected at least one dimension, each at least 1.", nameof(shape));
            if (Shape is null)
                return this with { Shape = shape };
            long own = Shape.Aggregate(1L, (a, b) => a * b);
            if (shape.SequenceEqual(Shape) || shape is [var size] && size == own)
                return this;
            throw new ArgumentException(
                $"Input '{name}' expects rows of shape ({string.Join(", ", Shape)}), {own} numbers; the data has ({string.Join(", ", shape)}), {shape.Aggregate(1L, (a, b) => a * b)} numbers.");
        }

        private Shape Batched => Graphs.Shape.Batched([.. Shape!]);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>A network that begins with an input of numbers.</summary>
        /// <param name="shape">The dimensions of one row: <c>Input(64)</c> for 64 features, <c>Input(28, 28, 1)</c> for height, width and channels; <c>Input()</c> takes it from the data at Fit.</param>
        public static Network Input(params int[] shape) => Input(null, shape);

        /// <summary>An input with a name, by which a network of several inputs is fed.</summary>
        /// <param name="name">The name; null for one made up.</param>
        /// <param name="shape">The dimensions of one row; none to take them from the data at Fit.</param>
        public static Network Input(string? name, params int[] shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            return At(new InputLayer { Name = name, Shape = shape.Length == 0 ? null : shape }, [], 0);
        }

        /// <summary>An input of integers: ids of tokens or categories, for <c>Embedding</c>.</summary>
        /// <param name="length">Number of ids in a row; null to take it from the data at Fit.</param>
        /// <param name="name">A name, by which a network of several inputs is fed.</param>
        public static Network TokenInput(int? length = null, string? name = null) =>
            At(new InputLayer { Name = name, Shape = length is { } ids ? [ids] : null, DType = DType.Int32 }, [], 0);
    }
}
