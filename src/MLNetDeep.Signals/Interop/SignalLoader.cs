using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Signals.Interop;
using MLNetDeep.Signals.Transformers;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(SignalTransformer), typeof(SignalLoader), null, typeof(SignatureLoadModel), "Frames and spectra of signals", SignalLoader.LoaderSignature)]

namespace MLNetDeep.Signals.Interop;

/// <summary>How transforms of signals get into and out of model files.</summary>
internal static class SignalLoader
{
    public const string LoaderSignature = "MLNetDeepSignal";

    // A later version may read a file as old as this.
    private const uint Version = 0x00010001;

    private static VersionInfo VersionInfo => new("MLDEEPSI", Version, Version, Version, typeof(SignalLoader).Assembly.FullName!, LoaderSignature);

    /// <summary>Writes a transformer into a model file.</summary>
    public static void Save(ModelSaveContext context, Action<Stream> write) => Internals.Save(context, VersionInfo, write);

    // Called by ML.NET, through reflection.
    private static SignalTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return SignalTransformer.Load(ctx.Reader.BaseStream);
    }
}
