using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Loads saved custom mappings.</summary>
internal static class CustomMappingLoader
{
    public const string LoaderSignature = "CustomTransformer";

    public static VersionInfo Version() => new("CUSTOMXF", 0x00010001, 0x00010001, 0x00010001, typeof(CustomMappingLoader).Assembly.FullName!, LoaderSignature);

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        var contractName = ctx.LoadNonEmptyString();
        var assemblyName = ctx.LoadString();
        var factory = env.ComponentCatalog.GetExtensionValue(env, typeof(CustomMappingFactoryAttributeAttribute), contractName, assemblyName);
        return factory is ICustomMappingFactory mapping
            ? mapping.CreateTransformer(env, contractName)
            : throw new InvalidOperationException($"The extension '{contractName}' is a {factory.GetType()}, not a custom mapping factory.");
    }
}
