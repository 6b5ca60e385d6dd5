using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Transformers;

[assembly: LoadableClass(typeof(SequenceToSequenceTransformer), typeof(SequenceToSequenceLoader), null, typeof(SignatureLoadModel), "Sequence to sequence", SequenceToSequenceLoader.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>How <see cref="SequenceToSequenceTransformer"/> gets into and out of a model file; see <see cref="Internals"/>.</summary>
internal static class SequenceToSequenceLoader
{
    public const string LoaderSignature = "MLNetDeepSeq2Seq";

    public static VersionInfo VersionInfo => Internals.Versions("MLDEEPSS", LoaderSignature);

    // Called by ML.NET, through reflection.
    private static SequenceToSequenceTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return SequenceToSequenceTransformer.Load(ctx.Reader.BaseStream);
    }
}
