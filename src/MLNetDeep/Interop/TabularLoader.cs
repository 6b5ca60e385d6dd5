using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Generation;
using MLNetDeep.Interop;

[assembly: LoadableClass(typeof(TabularTransformer), typeof(TabularLoader), null, typeof(SignatureLoadModel), "Generator of tables", TabularLoader.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>How <see cref="TabularTransformer"/> gets into and out of a model file; see <see cref="Internals"/>.</summary>
internal static class TabularLoader
{
    public const string LoaderSignature = "MLNetDeepTabular";

    public static VersionInfo VersionInfo => Internals.Versions("MLDEEPTB", LoaderSignature);

    // Called by ML.NET, through reflection.
    private static TabularTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return TabularTransformer.Load(ctx.Reader.BaseStream);
    }
}
