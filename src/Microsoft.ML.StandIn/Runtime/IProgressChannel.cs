namespace Microsoft.ML.Runtime;

/// <summary>Takes the progress of a computation.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    /// <summary>Says what is measured and how it is read off at any time.</summary>
    void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction);

    /// <summary>Records values: metrics, then units done.</summary>
    void Checkpoint(params double?[] values);
}
