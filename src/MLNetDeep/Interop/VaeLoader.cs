using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Generation;
using MLNetDeep.Interop;

[assembly: LoadableClass(typeof(VaeTransformer), typeof(VaeLoader), null, typeof(SignatureLoadModel), "Variational autoencoder", VaeLoader.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>How <see cref="VaeTransformer"/> gets into and out of a model file; see <see cref="Internals"/>.</summary>
internal static class VaeLoader
{
    public const string LoaderSignature = "MLNetDeepVae";

    public static VersionInfo VersionInfo => Internals.Versions("MLDEEPVA", LoaderSignature);

    // Called by ML.NET, through reflection.
    private static VaeTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return VaeTransformer.Load(ctx.Reader.BaseStream);
    }
}
