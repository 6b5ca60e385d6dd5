using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Training;
using MLNetDeep.Training.Callbacks;

namespace MLNetDeep.Estimators;

/// <summary>Stops when ML.NET itself asks for it, as AutoML does.</summary>
internal sealed class CancellationCheck(IHost host) : Callback
{
    public override void OnBatchEnd(TrainingContext context, in BatchResult result)
    {
        if (Internals.IsCanceled(host))
            throw new OperationCanceledException("The ML.NET context was told to cancel.");
    }
}
