using System.Reflection;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep;

/// <summary>An engine of another package, which is looked for when it is needed: to have the package beside the app is enough.</summary>
/// <param name="name">The engine's name.</param>
/// <param name="package">The package, whose assembly is called the same.</param>
/// <param name="beside">What else the app needs, for the message.</param>
internal sealed class NamedEngine(string name, string package, string beside) : IEngine
{
    public string Name => name;

    /// <summary>The engine on a device.</summary>
    /// <exception cref="InvalidOperationException">The package is not there, or of a version without an engine.</exception>
    public IEngine On(int? gpuDeviceId, bool fallbackToCpu) => Provider().CreateEngine(gpuDeviceId, fallbackToCpu);

    public ISession CreateSession(Graph graph, int seed) => On(null, true).CreateSession(graph, seed);

    private IEngineProvider Provider()
    {
        Assembly assembly;
        try
        {
            assembly = Assembly.Load(package);
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            throw new InvalidOperationException($"Engine.{name} needs the NuGet package {package}: add it to the app (dotnet add package {package}), and {beside}.", e);
        }

        return assembly.GetCustomAttribute<EngineProviderAttribute>() is { } found && Activator.CreateInstance(found.Provider) is IEngineProvider provider
            ? provider
            : throw new InvalidOperationException($"The assembly {assembly.FullName} has no engine: use the {package} package of the same version as MLNetDeep's.");
    }
}
