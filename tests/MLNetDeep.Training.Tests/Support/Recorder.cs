using MLNetDeep.Training.Callbacks;

namespace MLNetDeep.Training.Tests.Support;

/// <summary>Writes down what it is told, and does as the test asks.</summary>
internal sealed class Recorder : Callback
{
    public List<string> Calls { get; } = [];

    public List<BatchResult> Batches { get; } = [];

    public Action<TrainingContext, BatchResult>? AtBatch { get; init; }

    public Action<TrainingContext, EpochResult>? AtEpoch { get; init; }

    public override void OnTrainBegin(TrainingContext context) => Calls.Add("train begins");

    public override void OnEpochBegin(TrainingContext context, int epoch) => Calls.Add($"epoch {epoch} begins");

    public override void OnBatchEnd(TrainingContext context, in BatchResult result)
    {
        Calls.Add($"batch {result.Batch} of epoch {result.Epoch}");
        Batches.Add(result);
        AtBatch?.Invoke(context, result);
    }

    public override void OnEpochEnd(TrainingContext context, EpochResult result)
    {
        Calls.Add($"epoch {result.Epoch} ends");
        AtEpoch?.Invoke(context, result);
    }

    public override void OnTrainEnd(TrainingContext context) => Calls.Add("train ends");
}
