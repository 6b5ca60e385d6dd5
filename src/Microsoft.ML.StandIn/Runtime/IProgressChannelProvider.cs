namespace Microsoft.ML.Runtime;

/// <summary>Opens progress channels.</summary>
public interface IProgressChannelProvider
{
    /// <summary>Opens a progress channel.</summary>
    IProgressChannel StartProgressChannel(string name);
}
