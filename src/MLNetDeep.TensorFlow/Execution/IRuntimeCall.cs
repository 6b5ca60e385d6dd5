namespace MLNetDeep.TensorFlow.Execution;

/// <summary>One way to run a session, with tensors of its own. One thread at a time.</summary>
internal interface IRuntimeCall : IDisposable
{
    /// <summary>Where to put the values of a feed. The tensor of the call before is used again where it has the same dimensions.</summary>
    /// <param name="feed">Which of the feeds.</param>
    /// <param name="dims">Its dimensions.</param>
    /// <param name="keeps">
    /// Whether the run may keep the tensor: a variable that is assigned a fed tensor takes its memory without copying, so that what is written there later would change the variable.
    /// It is then made anew each time.
    /// </param>
    Span<byte> Feed(int feed, ReadOnlySpan<long> dims, bool keeps);

    /// <exception cref="TensorFlowException">It failed.</exception>
    void Run();

    /// <summary>The values of a fetch; valid until the next run.</summary>
    ReadOnlySpan<byte> Fetch(int fetch);
}
