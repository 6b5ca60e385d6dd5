using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Tasks;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Explanations;

/// <summary>
/// Occlusion (Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014): a patch is held before every part of the
/// picture in turn; a pixel counts as much as the class's probability falls, on average over the patches that hide it.
/// </summary>
internal sealed class OcclusionMap : Explanation
{
    // Patched pictures that are scored at once, if they are small; fewer of large ones.
    private const int MostAtOnce = 64, MostElements = 1 << 20;

    private readonly int _image, _height, _width, _channels, _patch, _atOnce;
    private readonly int[] _tops, _lefts;
    private readonly int? _class;
    private readonly bool _twoClasses;

    public OcclusionMap(ExplanationSettings settings, LayerGraph graph, PredictionTask task)
        : base(settings, graph)
    {
        _image = graph.ImageInput;
        Shape shape = graph.Inputs[_image].Shape;
        (_height, _width, _channels) = (shape[1], shape[2], shape[3]);
        int side = Math.Min(_height, _width);
        _patch = settings.PatchSize ?? Math.Max(side / 4, 1);
        int stride = settings.Stride ?? Math.Max(_patch / 2, 1);
        if (_patch < 1 || _patch > side)
            throw new ArgumentException($"The patch size is {_patch}, expected 1 to {side} for pictures of {_width}x{_height}.");
        if (stride < 1 || stride > _patch)
            throw new ArgumentException($"The stride is {stride}, expected 1 to the patch size of {_patch}, so that every pixel is hidden at least once.");
        if (settings.Fill is { } fill && !float.IsFinite(fill))
            throw new ArgumentException($"The fill value is {fill}, expected a number.");
        Settings = settings with { PatchSize = _patch, Stride = stride };
        _class = LayerGraph.ClassIndex(task, settings.ClassName);
        _twoClasses = task.ClassNames.Count == 2 && graph.Output.Shape.UnitSize == 1;
        if (!_twoClasses && graph.Output.Shape.UnitSize != Math.Max(task.ClassNames.Count, 1))
            throw new ArgumentException($"The network gives {graph.Output.Shape}; an occlusion map follows one number: a class's probability, or the prediction of a regression.");
        _tops = Positions(_height, _patch, stride);
        _lefts = Positions(_width, _patch, stride);
        _atOnce = Math.Clamp(MostElements / shape.UnitSize, 1, MostAtOnce);
    }

    public override IReadOnlyList<int> Dimensions => [_height, _width];

    protected override Tensor Fetched => Network.Output;

    protected override void Explain(RowBuffer row, IExecutable executable, Span<float> target)
    {
        Feed(row, executable, 0, 1);
        executable.Run(1);
        ReadOnlySpan<float> output = executable.Fetch<float>(Fetched);
        int index = _class ?? Best(output);
        float whole = Score(output, index);
        ReadOnlySpan<float> picture = row.Rows<float>(_image, 0);
        float[] fill = Fill(picture);
        float[] sums = new float[target.Length];
        int[] counts = new int[target.Length];
        int patches = _tops.Length * _lefts.Length;
        for (int first = 0; first < patches; first += _atOnce)
        {
            int batch = Math.Min(_atOnce, patches - first);
            for (int i = 0; i < batch; i++)
            {
                Feed(row, executable, i, batch);
                Hide(executable.Feed<float>(Network.Inputs[_image], batch).Slice(i * picture.Length, picture.Length), first + i, fill);
            }

            executable.Run(batch);
            ReadOnlySpan<float> outputs = executable.Fetch<float>(Fetched);
            int size = outputs.Length / batch;
            for (int i = 0; i < batch; i++)
                Spread(first + i, whole - Score(outputs.Slice(i * size, size), index), sums, counts);
        }

        for (int i = 0; i < target.Length; i++)
            target[i] = sums[i] / counts[i];
        HeatMap.Finish(target, Settings.Normalize);
    }

    // Every stride pixels, and at the end so that nothing stays uncovered.
    private static int[] Positions(int size, int patch, int stride)
    {
        List<int> positions = [];
        for (int at = 0; at < size - patch; at += stride)
            positions.Add(at);
        positions.Add(size - patch);
        return [.. positions];
    }

    private int Best(ReadOnlySpan<float> output)
    {
        if (_twoClasses)
            return output[0] > 0.5f ? 1 : 0;
        int best = 0;
        for (int i = 1; i < output.Length; i++)
        {
            if (output[i] > output[best])
                best = i;
        }

        return best;
    }

    private float Score(ReadOnlySpan<float> output, int index) => !_twoClasses ? output[index] : index == 1 ? output[0] : 1 - output[0];

    private float[] Fill(ReadOnlySpan<float> picture)
    {
        float[] fill = new float[_channels];
        if (Settings.Fill is { } given)
        {
            Array.Fill(fill, given);
            return fill;
        }

        for (int i = 0; i < picture.Length; i++)
            fill[i % _channels] += picture[i];
        for (int c = 0; c < _channels; c++)
            fill[c] /= _height * _width;
        return fill;
    }

    private void Hide(Span<float> picture, int patch, float[] fill)
    {
        (int top, int left) = (_tops[patch / _lefts.Length], _lefts[patch % _lefts.Length]);
        for (int y = top; y < top + _patch; y++)
        {
            Span<float> line = picture.Slice((y * _width + left) * _channels, _patch * _channels);
            for (int i = 0; i < line.Length; i++)
                line[i] = fill[i % _channels];
        }
    }

    private void Spread(int patch, float drop, float[] sums, int[] counts)
    {
        (int top, int left) = (_tops[patch / _lefts.Length], _lefts[patch % _lefts.Length]);
        for (int y = top; y < top + _patch; y++)
        {
            for (int x = left; x < left + _patch; x++)
            {
                sums[y * _width + x] += drop;
                counts[y * _width + x]++;
            }
        }
    }
}
