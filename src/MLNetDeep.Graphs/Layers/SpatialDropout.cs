using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>What the layers that drop whole channels share.</summary>
public abstract record SpatialDropout : SimpleLayer
{
    /// <summary>The share set to 0: at least 0 and less than 1.</summary>
    public required float Rate { get; init; }

    private protected abstract int SpatialAxes { get; }

    /// <inheritdoc/>
    protected override Tensor Build(LayerContext context, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(x);
        SpatialLayer.Require(x, SpatialAxes);
        if (Rate is not (>= 0 and < 1))
            throw new ArgumentException($"Rate is {Rate}, expected at least 0 and less than 1.");
        if (!context.Training || Rate == 0)
            return x;

        // The mean is there for its shape, and not worked out.
        Tensor channels = Ops.Mean(x, [.. Enumerable.Range(1, SpatialAxes)], keepDims: true);
        return x * Ops.DropoutMask(channels, context.Step, Rate, context.NextSeed());
    }
}
