using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The same elements of every row in another shape.</summary>
    /// <remarks>Input: (batch, ...). Output: (batch, <see cref="TargetShape"/>). A mask ends here.</remarks>
    public sealed record Reshape : Layer
    {
        /// <summary>The new dimensions of a row; one may be -1: as many as there are elements for.</summary>
        public required IReadOnlyList<int> TargetShape { get; init; }

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            Tensor x = inputs[0].Value;
            int[] dims = [.. TargetShape];
            int size = x.Shape.RowSize();
            int open = Array.IndexOf(dims, -1);
            long known = dims.Where((_, i) => i != open).Aggregate(1L, (a, b) => Math.Clamp(a * b, 0, int.MaxValue));
            if (dims.Where((_, i) => i != open).Any(d => d < 1) || known == 0 || (open < 0 ? known != size : size % known != 0))
                throw new ArgumentException($"a row of {size} elements does not fit into ({string.Join(", ", dims)}).");
            if (open >= 0)
                dims[open] = (int)(size / known);
            return [new(Ops.Reshape(x, x.Shape.WithRows(dims)))];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that gives every row another shape; see <see cref="Layers.Reshape"/>.</summary>
        /// <param name="targetShape">The new dimensions of a row; one may be -1.</param>
        public Network Reshape(params int[] targetShape) => Append(new Reshape { TargetShape = targetShape });

        /// <summary>Appends a layer with a name that gives every row another shape.</summary>
        public Network Reshape(string name, params int[] targetShape) => Append(new Reshape { Name = name, TargetShape = targetShape });
    }
}
