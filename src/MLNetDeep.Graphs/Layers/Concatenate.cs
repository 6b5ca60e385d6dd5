using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Several inputs joined along one axis.</summary>
    /// <remarks>Inputs: shapes that differ in that axis alone. Output: the same with the axis as long as all together.</remarks>
    public sealed record Concatenate : MergeLayer
    {
        /// <summary>The axis, counted with the batch's (0) or, negative, from the end; not the batch's. Default -1.</summary>
        public int Axis { get; init; } = -1;

        /// <inheritdoc/>
        protected override Tensor Merge(IReadOnlyList<Tensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            int rank = inputs[0].Shape.Rank, axis = Axis < 0 ? Axis + rank : Axis;
            if (axis < 1 || axis >= rank)
                throw new ArgumentException($"Axis is {Axis}, expected 1 to {rank - 1} or -{rank - 1} to -1.");
            return Ops.Concatenate(inputs, axis);
        }

        /// <inheritdoc/>
        protected override Tensor? MergeMasks(IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            int rank = inputs[0].Value.Shape.Rank;
            if ((Axis < 0 ? Axis + rank : Axis) != 1 || inputs.All(i => i.Mask is null))
                return base.MergeMasks(inputs);

            // Along the steps the masks are joined too, as numbers; an input without one has real steps only.
            Tensor joined = Ops.Concatenate([.. inputs.Select(Steps)], 1);
            return Ops.Greater(joined, Ops.Like(joined, 0));

            static Tensor Steps(MaskedTensor input)
            {
                if (input.Mask is not null)
                    return Ops.Cast(input.Mask);

                // The mean is there for its shape, and not worked out.
                Tensor steps = Ops.Mean(Ops.Cast(input.Value), [.. Enumerable.Range(2, input.Value.Shape.Rank - 2)]);
                return Ops.BroadcastLike(Ops.Like(steps, 1), steps);
            }
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>This and <paramref name="others"/> joined along the last axis; see <see cref="Layers.Concatenate"/>.</summary>
        public Network Concatenate(params IReadOnlyList<Network> others) => Concatenate(-1, others);

        /// <summary>This and <paramref name="others"/> joined along an axis; see <see cref="Layers.Concatenate"/>.</summary>
        /// <param name="axis">The axis, counted with the batch's (0) or from the end.</param>
        /// <param name="others">The other branches.</param>
        public Network Concatenate(int axis, params IReadOnlyList<Network> others) => Combine(new Concatenate { Axis = axis }, [this, .. others]);
    }
}
