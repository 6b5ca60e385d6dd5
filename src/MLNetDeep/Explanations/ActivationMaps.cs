using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Explanations;

/// <summary>What a layer gives, as it is.</summary>
internal sealed class ActivationMaps : Explanation
{
    public ActivationMaps(ExplanationSettings settings, LayerGraph graph)
        : base(settings, graph)
    {
        string layer = settings.LayerName ?? graph.LastConvolution;
        Settings = settings with { LayerName = layer };
        Tensor value = graph.Of(layer);
        if (value.DType != DType.Float32 || value.Shape.BatchAxis != 0)
            throw new ArgumentException($"The layer '{layer}' gives {value.Spec}, which is not numbers by row.");

        // A layer's output that is a placeholder (an input) would be a fetch of what is fed.
        Fetched = value.Node.Op.Name == "Placeholder" ? Ops.Identity(value) : value;
    }

    public override IReadOnlyList<int> Dimensions => Fetched.Shape.RowDims();

    protected override Tensor Fetched { get; }

    protected override void Explain(RowBuffer row, IExecutable executable, Span<float> target)
    {
        Feed(row, executable, 0, 1);
        executable.Run(1);
        executable.Fetch<float>(Fetched).CopyTo(target);
    }
}
