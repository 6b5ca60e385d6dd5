using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Layers;

/// <summary>Sequences with padded steps.</summary>
internal static class MaskedSteps
{
    /// <summary>Bool (batch, steps) as (batch, steps, 1), to go with features.</summary>
    public static Tensor Column(Tensor mask) => Ops.Reshape(mask, mask.Shape.WithRows(mask.Shape[1], 1));

    /// <summary>The sequence with zeros in the padded steps, whatever stood there.</summary>
    public static Tensor Zeroed(Tensor x, Tensor mask) => Ops.Select(Column(mask), x, Ops.Like(x, 0));

    /// <summary>
    /// The largest element or the mean of each window's real steps, and which windows have any; 0 where there are none.
    /// </summary>
    public static MaskedTensor Pool(Tensor x, Tensor mask, WindowAxis axis, bool isMax)
    {
        Tensor real = Ops.Cast(Column(mask)), zero = Ops.Like(x, 0);
        Tensor share = Windows.Pool(real, [axis], isMax);
        Tensor any = Ops.Greater(share, zero);
        Tensor y = isMax
            ? Windows.Pool(Ops.Select(Column(mask), x, Ops.Like(x, float.MinValue)), [axis], isMax: true)
            : Windows.Pool(Zeroed(x, mask), [axis], isMax: false) / Ops.Select(any, share, Ops.Like(x, 1));
        return new(Ops.Select(any, y, zero), Ops.Reshape(any, x.Shape.WithRows(y.Shape[1])));
    }
}
