namespace Microsoft.ML.Runtime;

/// <summary>Opens channels.</summary>
public interface IChannelProvider : IExceptionContext
{
    /// <summary>Opens a channel for text messages.</summary>
    IChannel Start(string name);

    /// <summary>Opens a pipe for messages of one type.</summary>
    IPipe<TMessage> StartPipe<TMessage>(string name);
}
