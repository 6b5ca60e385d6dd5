namespace Microsoft.ML;

/// <summary>Base of the attributes by which an assembly says what can be loaded from it.</summary>
internal abstract class LoadableClassAttributeBase : Attribute
{
    protected LoadableClassAttributeBase(string? summary, Type instType, Type loaderType, Type? argType, Type[] sigTypes,
        string? userName, params string[] loadNames)
    {
        ArgumentNullException.ThrowIfNull(instType);
        ArgumentNullException.ThrowIfNull(loaderType);
        ArgumentNullException.ThrowIfNull(sigTypes);
        Summary = summary;
        InstanceType = instType;
        LoaderType = loaderType;
        ArgType = argType;
        SigTypes = sigTypes;
        UserName = userName;
        LoadNames = loadNames;
        CtorTypes = [.. (sigTypes.FirstOrDefault()?.GetMethod("Invoke")?.GetParameters() ?? []).Select(p => p.ParameterType)];
    }

    /// <summary>The type of what is loaded.</summary>
    public Type InstanceType { get; }

    /// <summary>The type that loads it.</summary>
    public Type LoaderType { get; }

    /// <summary>The type of its options.</summary>
    public Type? ArgType { get; }

    /// <summary>The delegates that say what it is and how it is made.</summary>
    public Type[] SigTypes { get; }

    /// <summary>The parameters after the environment and the options.</summary>
    public Type[] CtorTypes { get; }

    public string? Summary { get; }

    public string? UserName { get; }

    public string[] LoadNames { get; }

    public string? DocName { get; set; }
}
