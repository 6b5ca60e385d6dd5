namespace MLNetDeep.TensorFlow.Execution;

/// <summary>Stands where the package TensorFlow.NET was not there to build with.</summary>
internal sealed class TensorFlowRuntime : ITensorFlowRuntime
{
    public static ITensorFlowRuntime Shared { get; } = new TensorFlowRuntime();

    public IRuntimeSession CreateSession(TensorFlowOptions options) => throw new TensorFlowException(
        "This build of MLNetDeep.TensorFlow is without TensorFlow.NET: build it with -p:MLNet=package -p:HasTensorFlow=true on a machine that has the TensorFlow.NET 0.100.2 package, or take the MLNetDeep.TensorFlow package.");
}
