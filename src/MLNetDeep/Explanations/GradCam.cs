using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Tasks;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Explanations;

/// <summary>
/// Grad-CAM (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", 2017): a layer's maps,
/// each weighted by the mean gradient of the class's score (before softmax or sigmoid) with respect to it, summed, negative parts cut off.
/// </summary>
internal sealed class GradCam : Explanation
{
    private readonly int _height, _width, _mapHeight, _mapWidth;

    public GradCam(ExplanationSettings settings, LayerGraph graph, PredictionTask task)
        : base(settings, graph)
    {
        Shape image = graph.Inputs[graph.ImageInput].Shape;
        (_height, _width) = (image[1], image[2]);
        string layer = settings.LayerName ?? graph.LastConvolution;
        Settings = settings with { LayerName = layer };
        Tensor maps = graph.MapsOf(layer), scores = graph.Scores;
        (_mapHeight, _mapWidth) = (maps.Shape[1], maps.Shape[2]);
        Tensor gradient = Gradients.Compute([scores], [maps], [Upstream(scores, task, LayerGraph.ClassIndex(task, settings.ClassName))])[0]
            ?? throw new ArgumentException($"The network's output does not depend on the layer '{layer}'.");
        Fetched = Ops.Relu(Ops.Sum(maps * Ops.Mean(gradient, [1, 2], keepDims: true), [3]));
    }

    public override IReadOnlyList<int> Dimensions => [_height, _width];

    protected override Tensor Fetched { get; }

    protected override void Explain(RowBuffer row, IExecutable executable, Span<float> target)
    {
        Feed(row, executable, 0, 1);
        executable.Run(1);
        HeatMap.Resize(executable.Fetch<float>(Fetched), _mapHeight, _mapWidth, target, _height, _width);
        HeatMap.Finish(target, Settings.Normalize);
    }

    // What is differentiated is the sum of scores times this.
    private static Tensor Upstream(Tensor scores, PredictionTask task, int? index)
    {
        Tensor ones = Ops.BroadcastLike(Ops.Constant(scores.Graph, 1f), scores);
        int classes = task.ClassNames.Count;
        if (classes == 0)
            return ones;

        // One number for two classes: the more, the more it is the second.
        if (scores.Shape.UnitSize == 1)
            return index is { } side ? ones * (side == 0 ? -1f : 1f) : Ops.Cast(Ops.Greater(scores, Ops.Like(scores, 0))) * 2f - 1f;
        if (index is not { } chosen)
            return Ops.OneHot(Ops.ArgMax(scores, 1), classes);
        float[] oneHot = new float[classes];
        oneHot[chosen] = 1;
        return Ops.BroadcastLike(Ops.Constant(scores.Graph, oneHot, new Shape(classes)), scores);
    }
}
