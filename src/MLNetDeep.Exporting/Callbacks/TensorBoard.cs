using Google.Protobuf;
using MLNetDeep.Exporting.Events;
using MLNetDeep.Exporting.Events.Protos;
using MLNetDeep.Graphs;
using MLNetDeep.Training;
using MLNetDeep.Training.Callbacks;

namespace MLNetDeep.Exporting.Callbacks;

/// <summary>
/// Writes what happens in training for TensorBoard: loss and metrics of each epoch, the graph, and if asked for the distribution of weights and the loss of steps.
/// Figures of the training rows are the run <c>train</c> and those of the validation rows the run <c>validation</c>, under the same tags (<c>epoch_loss</c>,
/// <c>epoch_accuracy</c>), so that TensorBoard draws them in one chart, as Keras's callback of this name has them.
/// </summary>
/// <remarks>
/// The step of an epoch's figures is its number, from 1. Training that is gone on from a checkpoint adds further files, which TensorBoard joins to those there are.
/// What has been written stays readable when training is cancelled or fails. A disk that fills up while training goes on does not end it: nothing more is
/// written, and <see cref="Failure"/> says why.
/// </remarks>
/// <example><code>
/// new() { Network = network, Epochs = 20, Callbacks = [new TensorBoard("logs/first") { HistogramFrequency = 1 }] }
/// // tensorboard --logdir logs
/// </code></example>
public sealed class TensorBoard : Callback
{
    private readonly Dictionary<string, EventFile> _runs = new(StringComparer.Ordinal);
    private long _steps;

    /// <summary>Writes into a folder.</summary>
    /// <param name="folder">The folder of this training; created when it begins.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public TensorBoard(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = Path.GetFullPath(folder);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>After how many epochs each time the distribution of each weight is written; 0 for never. Default 0.</summary>
    public int HistogramFrequency { get; init; }

    /// <summary>After how many training steps each time the loss of a batch is written (<c>batch_loss</c>); 0 for never. Default 0.</summary>
    public int UpdateFrequency { get; init; }

    /// <summary>Whether the graph of a training step is written. Default true.</summary>
    public bool WriteGraph { get; init; } = true;

    /// <summary>Why nothing more is written; null while all is well.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A frequency is negative.</exception>
    public override void OnTrainBegin(TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (HistogramFrequency < 0 || UpdateFrequency < 0)
            throw new InvalidOperationException($"TensorBoard: HistogramFrequency is {HistogramFrequency} and UpdateFrequency {UpdateFrequency}, expected at least 0.");
        _runs.Clear();
        Failure = null;
        _steps = 0;
        EventFile train = Run("train");
        if (WriteGraph && context.Weights.Count > 0 && context.History.Epochs.Count == 0)
            Try(() => train.Add(new Event { GraphDef = GraphPicture.Of(context.Weights[0].Tensor.Graph).ToByteString() }));
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingContext context, in BatchResult result)
    {
        _steps++;
        if (UpdateFrequency == 0 || _steps % UpdateFrequency != 0)
            return;

        // Counted over all of the training, where it was gone on from a checkpoint too.
        long step = result.Batches is { } batches ? ((result.Epoch - 1L) * batches) + result.Batch : _steps;
        Add("train", step, Summaries.Scalar("batch_loss", result.Loss));
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(result);
        const string Validation = "val_";
        foreach (IGrouping<bool, KeyValuePair<string, double>> run in result.Metrics.GroupBy(m => m.Key.StartsWith(Validation, StringComparison.Ordinal)))
        {
            List<Summary.Types.Value> values = [.. run.Select(m => Summaries.Scalar($"epoch_{(run.Key ? m.Key[Validation.Length..] : m.Key)}", m.Value))];
            if (!run.Key)
            {
                values.Add(Summaries.Scalar("epoch_learning_rate", result.LearningRate));
                values.Add(Summaries.Scalar("epoch_seconds", result.Duration.TotalSeconds));
            }

            Add(run.Key ? "validation" : "train", result.Epoch, [.. values]);
        }

        if (HistogramFrequency > 0 && result.Epoch % HistogramFrequency == 0)
        {
            foreach (Variable weight in context.Weights)
            {
                if (Summaries.Histogram(weight.Name, context.Read(weight.Name)) is { } histogram)
                    Add("train", result.Epoch, histogram);
            }
        }
    }

    /// <summary>Adds a picture, such as a sheet of generated images.</summary>
    /// <param name="tag">What it shows; pictures of one tag are shown as one that changes.</param>
    /// <param name="step">The epoch, or what else it belongs to.</param>
    /// <param name="png">The bytes of a PNG file.</param>
    /// <exception cref="ArgumentException">They are not those of a PNG file.</exception>
    /// <exception cref="IOException">Nothing has been written before, and the folder cannot be.</exception>
    public void AddImage(string tag, long step, ReadOnlySpan<byte> png)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        Add("train", step, Summaries.Image(tag, png));
    }

    /// <summary>Adds a figure of the caller's own.</summary>
    /// <param name="tag">What it is.</param>
    /// <param name="step">The epoch, or what else it belongs to.</param>
    /// <param name="value">The figure.</param>
    /// <exception cref="IOException">Nothing has been written before, and the folder cannot be.</exception>
    public void AddScalar(string tag, long step, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        Add("train", step, Summaries.Scalar(tag, value));
    }

    private void Add(string run, long step, params Summary.Types.Value[] values)
    {
        Event one = new() { Step = step, Summary = new() };
        one.Summary.Value.AddRange(values);
        if (_runs.Count == 0)
            Run(run);
        Try(() => Run(run).Add(one));
    }

    private EventFile Run(string name)
    {
        if (!_runs.TryGetValue(name, out EventFile? file))
            _runs.Add(name, file = new(Path.Combine(Folder, name)));
        return file;
    }

    private void Try(Action write)
    {
        if (Failure is not null)
            return;
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e.Message;
        }
    }
}
