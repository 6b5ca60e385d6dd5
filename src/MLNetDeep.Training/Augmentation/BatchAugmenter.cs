using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>Applies an <see cref="ImageAugmentation"/> to the rows of batches, and mixes their targets where pictures are mixed.</summary>
internal sealed class BatchAugmenter
{
    private readonly ImageAugmentation _settings;
    private readonly MixOperation[] _mixes;
    private readonly IReadOnlyList<RowColumn> _columns;
    private readonly int _seed;
    private readonly int _imageColumn;
    private readonly int _target;
    private readonly bool _hasWeights;
    private readonly bool _sharesByWeight;
    private readonly ImageShape _image;

    /// <param name="settings">What to do.</param>
    /// <param name="network">Whose input the images are.</param>
    /// <param name="columns">The columns of rows: inputs, target, perhaps a weight.</param>
    /// <param name="loss">The loss, by which targets are known.</param>
    /// <param name="output">Shape of the network's output.</param>
    /// <param name="seed">Seed of what is drawn.</param>
    /// <exception cref="ArgumentException">There is no image input, a setting is out of range, or the rows cannot be mixed.</exception>
    public BatchAugmenter(ImageAugmentation settings, Network network, IReadOnlyList<RowColumn> columns, Loss loss, Shape output, int seed)
    {
        _settings = settings;
        _columns = columns;
        _seed = seed;
        IReadOnlyList<InputLayer> inputs = network.InputLayers;
        _target = inputs.Count;
        _hasWeights = columns.Count > inputs.Count + 1;
        (_imageColumn, _image) = FindImage(inputs);
        settings.Check(_image);
        _mixes = [.. settings.Operations.OfType<MixOperation>()];
        TrainingLoss = loss;
        if (_mixes.Length == 0)
            return;
        if (columns.Take(_target).FirstOrDefault(c => c.DType != DType.Float32) is { } ids)
            throw new ArgumentException($"{_mixes[0].GetType().Name} mixes rows, but the input column '{ids.Name}' has ids, which cannot be mixed.");
        _sharesByWeight = loss is Crossentropy or BinaryCrossentropy;
        if (columns[_target].DType == DType.Float32)
            return;
        if (loss is not SparseCategoricalCrossentropy sparse || columns[_target].Size != 1)
            throw new ArgumentException($"{_mixes[0].GetType().Name} needs one class or numbers as the target of a row; the loss is {loss.GetType().Name}, the target column '{columns[_target].Name}' has {columns[_target].Size} {columns[_target].DType} element(s).");
        Classes = output[^1];
        TrainingLoss = new CategoricalCrossentropy { FromLogits = sparse.FromLogits, LabelSmoothing = sparse.LabelSmoothing, FocalGamma = sparse.FocalGamma };
    }

    /// <summary>The loss for augmented batches: where classes are mixed, the one for class probabilities in place of that for class numbers.</summary>
    public Loss TrainingLoss { get; }

    /// <summary>Number of classes for which a batch says how much of each a row is; 0 if it does not.</summary>
    public int Classes { get; }

    /// <summary>Room to work in, one for each thread.</summary>
    public Workspace CreateWorkspace(int batchSize) => new(new float[_image.Size], _mixes.Length > 0 ? new RowBuffer(_columns, batchSize) : null);

    /// <summary>Changes the images of a batch, and where they are mixed the other columns too.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="epoch">Number of the epoch.</param>
    /// <param name="firstRow">Place in the epoch of the batch's first row.</param>
    /// <param name="workspace">Room to work in.</param>
    public void Apply(Batch batch, int epoch, long firstRow, Workspace workspace)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            RandomNumbers random = RandomDraws.Of(_seed, epoch, firstRow + row);
            _settings.Apply(ref random, _image, batch.Rows.Rows<float>(_imageColumn, row), workspace.Image);
        }

        if (workspace.Unmixed is not { } unmixed)
            return;
        for (int row = 0; row < batch.Count; row++)
            unmixed.CopyRow(batch.Rows, row, row);
        for (int row = 0; row < batch.Count; row++)
        {
            // Numbers of their own: mixing changes nothing in what is drawn before it.
            RandomNumbers random = RandomDraws.Of(~_seed, epoch, firstRow + row);
            MixRow(ref random, batch, row, unmixed);
        }
    }

    private void MixRow(ref RandomNumbers random, Batch batch, int row, RowBuffer unmixed)
    {
        MixOperation mix = _mixes[_mixes.Length == 1 ? 0 : random.Next(_mixes.Length)];
        int other = row;
        float share = 1;
        if (batch.Count > 1 && random.Chance(mix.Probability))
        {
            other = random.Next(batch.Count - 1);
            other += other >= row ? 1 : 0;
            share = mix.Mix(ref random, _image, batch.Rows.Rows<float>(_imageColumn, row), unmixed.Rows<float>(_imageColumn, other));
        }

        for (int column = 0; column < _target; column++)
        {
            if (column != _imageColumn)
                RowMixing.Blend(batch.Rows.Rows<float>(column, row), unmixed.Rows<float>(column, other), share);
        }

        // Rows of unlike weights are mixed so that each counts in the loss by what it has of the picture times its weight.
        float targetShare = share;
        if (_hasWeights)
        {
            float own = unmixed.Rows<float>(_target + 1, row)[0], its = unmixed.Rows<float>(_target + 1, other)[0];
            Span<float> weight = batch.Rows.Rows<float>(_target + 1, row);
            RowMixing.Blend(weight, [its], share);
            if (_sharesByWeight && own != its && weight[0] > 0)
                targetShare = Math.Clamp(share * own / weight[0], 0, 1);
        }

        if (Classes == 0)
            RowMixing.Blend(batch.Rows.Rows<float>(_target, row), unmixed.Rows<float>(_target, other), targetShare);
        else
            MixClasses(batch, row, unmixed, other, targetShare, share);
    }

    private void MixClasses(Batch batch, int row, RowBuffer unmixed, int other, float targetShare, float share)
    {
        int own = Label(unmixed, row), its = Label(unmixed, other);
        Span<float> classes = batch.ClassShares!.Rows<float>(0, row);
        classes.Clear();
        classes[own] = targetShare;
        classes[its] += 1 - targetShare;

        // Figures of accuracy know one class a row: the one that most of the picture shows.
        batch.Rows.Rows<int>(_target, row)[0] = share >= 0.5f ? own : its;
    }

    private int Label(RowBuffer rows, int row)
    {
        int label = rows.Rows<int>(_target, row)[0];
        return label >= 0 && label < Classes
            ? label
            : throw new ArgumentOutOfRangeException(_columns[_target].Name, label, $"A class number in the target column is {label}, expected 0 to {Classes - 1}.");
    }

    private (int Column, ImageShape Shape) FindImage(IReadOnlyList<InputLayer> inputs)
    {
        int[] images = [.. Enumerable.Range(0, inputs.Count).Where(i => inputs[i] is { DType: DType.Float32, Shape.Count: 3 })];
        if (images is [var only])
            return (only, new(inputs[only].Shape![0], inputs[only].Shape![1], inputs[only].Shape![2]));
        string shapes = string.Join(", ", inputs.Select((input, i) => $"'{_columns[i].Name}' of shape ({string.Join(", ", input.Shape ?? [])})"));
        throw new ArgumentException(images.Length == 0
            ? $"Augmentation needs an image input of shape (height, width, channels), but the network takes {shapes}. Say the shape where the network begins, such as Network.Input(28, 28, 1), or leave Augmentation out."
            : $"Augmentation changes one image input, but the network has {images.Length}: {shapes}.");
    }

    /// <summary>Room that a thread works in.</summary>
    internal sealed record Workspace(float[] Image, RowBuffer? Unmixed);
}
