namespace MLNetDeep.Engines;

/// <summary>Says of an assembly which class makes the engine that it holds.</summary>
/// <param name="provider">A class that implements <see cref="IEngineProvider"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EngineProviderAttribute(Type provider) : Attribute
{
    /// <summary>A class that implements <see cref="IEngineProvider"/>.</summary>
    public Type Provider { get; } = provider;
}
