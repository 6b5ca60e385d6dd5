using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Transformers;

[assembly: LoadableClass(typeof(DecisionTransformer), typeof(DecisionLoader), null, typeof(SignatureLoadModel), "Decision behind a model", DecisionLoader.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>How thresholds and calibrations get into and out of model files.</summary>
internal static class DecisionLoader
{
    public const string LoaderSignature = "MLNetDeepDecision";

    private static VersionInfo VersionInfo => Internals.Versions("MLDEEPDC", LoaderSignature);

    /// <summary>Writes a transformer into a model file.</summary>
    public static void Save(ModelSaveContext context, Action<Stream> write) => Internals.Save(context, VersionInfo, write);

    // Called by ML.NET, through reflection.
    private static DecisionTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return DecisionTransformer.Load(ctx.Reader.BaseStream);
    }
}
