using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Transformers;

[assembly: LoadableClass(typeof(ImageExplanationTransformer), typeof(ExplanationLoader), null, typeof(SignatureLoadModel), "Neural network explanation", ExplanationLoader.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>How explanations get into and out of model files.</summary>
internal static class ExplanationLoader
{
    public const string LoaderSignature = "MLNetDeepExplanation";

    // A later version may read a file as old as this.
    private const uint Version = 0x00010001;

    private static VersionInfo VersionInfo => new("MLDEEPEX", Version, Version, Version, typeof(ExplanationLoader).Assembly.FullName!, LoaderSignature);

    /// <summary>Writes a transformer into a model file.</summary>
    public static void Save(ModelSaveContext context, Action<Stream> write) => Internals.Save(context, VersionInfo, write);

    // Called by ML.NET, through reflection.
    private static ImageExplanationTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return ImageExplanationTransformer.Load(ctx.Reader.BaseStream);
    }
}
