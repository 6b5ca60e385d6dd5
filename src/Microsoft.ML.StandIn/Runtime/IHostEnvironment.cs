namespace Microsoft.ML.Runtime;

/// <summary>What components run in: channels, components by name, and hosts with random numbers of their own.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    /// <summary>The components that can be loaded.</summary>
    ComponentCatalog ComponentCatalog { get; }

    /// <summary>Makes a host for a component.</summary>
    /// <param name="name">The component's name.</param>
    /// <param name="seed">A seed of its own.</param>
    /// <param name="verbose">Whether it may write much.</param>
    IHost Register(string name, int? seed = null, bool? verbose = null);
}
