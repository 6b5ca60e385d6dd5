using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Signals.Interop;
using MLNetDeep.Signals.Transformers;

[assembly: LoadableClass(typeof(SoundLoadingTransformer), typeof(SoundLoader), null, typeof(SignatureLoadModel), "Sounds of files", SoundLoader.LoaderSignature)]

namespace MLNetDeep.Signals.Interop;

/// <summary>How the loading of sounds gets into and out of model files.</summary>
internal static class SoundLoader
{
    public const string LoaderSignature = "MLNetDeepSound";

    // A later version may read a file as old as this.
    private const uint Version = 0x00010001;

    private static VersionInfo VersionInfo => new("MLDEEPSO", Version, Version, Version, typeof(SoundLoader).Assembly.FullName!, LoaderSignature);

    /// <summary>Writes a transformer into a model file.</summary>
    public static void Save(ModelSaveContext context, Action<Stream> write) => Internals.Save(context, VersionInfo, write);

    // Called by ML.NET, through reflection.
    private static SoundLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return SoundLoadingTransformer.Load(ctx.Reader.BaseStream);
    }
}
