using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Transformers;

[assembly: LoadableClass(typeof(LanguageModelTransformer), typeof(LanguageModelLoader), null, typeof(SignatureLoadModel), "Language model", LanguageModelLoader.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>How <see cref="LanguageModelTransformer"/> gets into and out of a model file; see <see cref="Internals"/>.</summary>
internal static class LanguageModelLoader
{
    public const string LoaderSignature = "MLNetDeepLanguage";

    public static VersionInfo VersionInfo => Internals.Versions("MLDEEPLM", LoaderSignature);

    // Called by ML.NET, through reflection.
    private static LanguageModelTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return LanguageModelTransformer.Load(ctx.Reader.BaseStream);
    }
}
