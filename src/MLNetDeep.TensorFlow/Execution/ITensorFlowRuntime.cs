namespace MLNetDeep.TensorFlow.Execution;

/// <summary>A TensorFlow to make sessions of.</summary>
internal interface ITensorFlowRuntime
{
    /// <exception cref="TensorFlowException">There is no library, or no such device.</exception>
    IRuntimeSession CreateSession(TensorFlowOptions options);
}
