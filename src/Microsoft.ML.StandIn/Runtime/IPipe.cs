namespace Microsoft.ML.Runtime;

/// <summary>Takes messages of one type.</summary>
public interface IPipe<TMessage> : IExceptionContext, IDisposable
{
    /// <summary>Sends a message.</summary>
    void Send(TMessage msg);
}
