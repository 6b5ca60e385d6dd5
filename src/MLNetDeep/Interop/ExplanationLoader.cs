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

    private static VersionInfo VersionInfo => Internals.Versions("MLDEEPEX", LoaderSignature);

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
