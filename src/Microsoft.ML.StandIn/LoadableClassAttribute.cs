namespace Microsoft.ML;

/// <summary>Says what can be loaded from an assembly, and by which names.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : LoadableClassAttributeBase
{
    public LoadableClassAttribute(Type instType, Type? argType, Type sigType, string? userName, params string[] loadNames)
        : base(null, instType, instType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(Type instType, Type loaderType, Type? argType, Type sigType, string? userName, params string[] loadNames)
        : base(null, instType, loaderType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(Type instType, Type? argType, Type[] sigTypes, string? userName, params string[] loadNames)
        : base(null, instType, instType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(Type instType, Type loaderType, Type? argType, Type[] sigTypes, string? userName, params string[] loadNames)
        : base(null, instType, loaderType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(string? summary, Type instType, Type? argType, Type sigType, string? userName, params string[] loadNames)
        : base(summary, instType, instType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(string? summary, Type instType, Type loaderType, Type? argType, Type sigType, string? userName, params string[] loadNames)
        : base(summary, instType, loaderType, argType, [sigType], userName, loadNames)
    {
    }

    public LoadableClassAttribute(string? summary, Type instType, Type? argType, Type[] sigTypes, string? userName, params string[] loadNames)
        : base(summary, instType, instType, argType, sigTypes, userName, loadNames)
    {
    }

    public LoadableClassAttribute(string? summary, Type instType, Type loaderType, Type? argType, Type[] sigTypes, string? userName, params string[] loadNames)
        : base(summary, instType, loaderType, argType, sigTypes, userName, loadNames)
    {
    }
}
