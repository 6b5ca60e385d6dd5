using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Generation;
using MLNetDeep.Interop;

[assembly: LoadableClass(typeof(GanTransformer), typeof(GanLoader), null, typeof(SignatureLoadModel), "Generative adversarial network", GanLoader.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>How <see cref="GanTransformer"/> gets into and out of a model file; see <see cref="Internals"/>.</summary>
internal static class GanLoader
{
    public const string LoaderSignature = "MLNetDeepGan";

    public static VersionInfo VersionInfo => Internals.Versions("MLDEEPGA", LoaderSignature);

    // Called by ML.NET, through reflection.
    private static GanTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return GanTransformer.Load(ctx.Reader.BaseStream);
    }
}
