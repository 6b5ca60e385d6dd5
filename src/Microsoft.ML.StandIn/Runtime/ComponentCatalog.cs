using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The components that saved models can name.</summary>
public sealed class ComponentCatalog
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Lock _lock = new();
    private readonly HashSet<Assembly> _assemblies = [];
    private readonly Dictionary<(Type Signature, string Name), LoadableClassAttributeBase> _loadable = [];
    private readonly Dictionary<(Type Attribute, string Name), Type> _extensions = [];

    internal ComponentCatalog() => RegisterAssembly(typeof(ComponentCatalog).Assembly);

    /// <summary>Makes an assembly's components known.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="throwOnError">Whether two components of one name are an error; otherwise the first one stays.</param>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_lock)
        {
            if (!_assemblies.Add(assembly))
                return;
            foreach (var attribute in assembly.GetCustomAttributes<LoadableClassAttributeBase>())
                foreach (var signature in attribute.SigTypes)
                    foreach (var name in attribute.LoadNames)
                        Add(_loadable, (signature, name), attribute, name);
            foreach (var type in assembly.GetTypes())
                if (type.GetCustomAttribute<ExtensionBaseAttribute>(inherit: false) is { } extension)
                    Add(_extensions, (extension.GetType(), extension.ContractName), type, extension.ContractName);
        }

        void Add<TKey, TValue>(Dictionary<TKey, TValue> registry, TKey key, TValue value, string name)
            where TKey : notnull
        {
            if (!registry.TryAdd(key, value) && throwOnError)
                throw new ArgumentException($"A component of the name '{name}' is already registered.", nameof(assembly));
        }
    }

    /// <summary>Creates the class that an attribute of this type gives this name.</summary>
    /// <param name="env">The environment.</param>
    /// <param name="attributeType">The type of the attribute.</param>
    /// <param name="contractName">The name.</param>
    /// <param name="assemblyName">An assembly to register where the name is not known yet.</param>
    internal object GetExtensionValue(IHostEnvironment env, Type attributeType, string contractName, string? assemblyName = null)
    {
        ArgumentNullException.ThrowIfNull(env);
        var type = FindExtension(attributeType, contractName);
        if (type is null && !string.IsNullOrEmpty(assemblyName) && TryLoad(assemblyName) is { } assembly)
        {
            RegisterAssembly(assembly, throwOnError: false);
            type = FindExtension(attributeType, contractName);
        }
        if (type is null)
            throw new InvalidOperationException(
                $"Could not locate the extension '{contractName}'. Ensure that the extension's assembly is registered with {nameof(ComponentCatalog)}.{nameof(RegisterAssembly)}.");
        return Activator.CreateInstance(type, nonPublic: true)!;
    }

    /// <summary>
    /// Creates a component that a model file names; where it is not known yet, the assembly that the file names with it is
    /// loaded, by the runtime's ordinary rules, and registered.
    /// </summary>
    internal TRes CreateLoaded<TRes>(IHostEnvironment env, Type signature, string loadName, string assemblyName, object[] extra)
        where TRes : class
    {
        var attribute = Find(signature, loadName);
        if (attribute is null && TryLoad(assemblyName) is { } assembly)
        {
            RegisterAssembly(assembly, throwOnError: false);
            attribute = Find(signature, loadName);
        }
        if (attribute is null)
            throw new FormatException($"The model names the component '{loadName}' of '{assemblyName}', which cannot be found.");
        var component = Create(attribute, env, extra);
        return component as TRes
            ?? throw new FormatException($"The component '{loadName}' is a {component?.GetType()}, but a {typeof(TRes)} is expected.");
    }

    private static Assembly? TryLoad(string assemblyName)
    {
        try
        {
            return Assembly.Load(new AssemblyName(assemblyName));
        }
        catch (Exception e) when (e is IOException or ArgumentException or BadImageFormatException)
        {
            return null;
        }
    }

    private static object? Create(LoadableClassAttributeBase attribute, IHostEnvironment env, object[] extra)
    {
        object[] arguments = [env, .. extra];
        var types = new[] { typeof(IHostEnvironment) }.Concat(attribute.CtorTypes).ToArray();
        if (types.Length != arguments.Length)
            throw new FormatException($"The component '{attribute.LoadNames[0]}' cannot be created with {arguments.Length} arguments.");
        var create = attribute.LoaderType.GetMethod("Create", Any, types);
        if (create is { IsStatic: true })
            return create.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        var constructor = attribute.LoaderType.GetConstructor(Any & ~BindingFlags.Static, types)
            ?? throw new InvalidOperationException(
                $"{attribute.LoaderType} needs a static Create method or a constructor of ({string.Join(", ", types.Select(t => t.Name))}).");
        return constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    private Type? FindExtension(Type attributeType, string contractName)
    {
        lock (_lock)
            return _extensions.GetValueOrDefault((attributeType, contractName));
    }

    private LoadableClassAttributeBase? Find(Type signature, string loadName)
    {
        lock (_lock)
            return _loadable.GetValueOrDefault((signature, loadName));
    }
}
