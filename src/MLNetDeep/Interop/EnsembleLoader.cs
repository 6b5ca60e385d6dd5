using System.Buffers.Binary;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Ensembles;
using MLNetDeep.Interop;

[assembly: LoadableClass(typeof(EnsembleTransformer), typeof(EnsembleLoader), null, typeof(SignatureLoadModel), "Ensemble of models", EnsembleLoader.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>How ensembles get into and out of model files: settings, and each model in a folder of its own, as its own kind saves it.</summary>
internal static class EnsembleLoader
{
    public const string LoaderSignature = "MLNetDeepEnsemble";

    private const int MostSettings = 1 << 26;

    private static VersionInfo VersionInfo => Internals.Versions("MLDEEPEN", LoaderSignature);

    /// <summary>Writes an ensemble into a model file.</summary>
    public static void Save(ModelSaveContext context, IReadOnlyList<ITransformer> models, byte[] settings)
    {
        Internals.Save(context, VersionInfo, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, settings.Length);
            stream.Write(length);
            stream.Write(settings);
        });
        for (int i = 0; i < models.Count; i++)
            context.SaveModel(models[i], Name(i));
    }

    private static string Name(int model) => string.Create(CultureInfo.InvariantCulture, $"Model_{model:000}");

    // Called by ML.NET, through reflection.
    private static EnsembleTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        int length = ctx.Reader.ReadInt32();
        byte[] settings = length is >= 0 and <= MostSettings ? ctx.Reader.ReadBytes(length) : [];
        if (settings.Length != length)
            throw new InvalidDataException("The ensemble in the model file cannot be read: it is cut off.");
        return EnsembleTransformer.Load(env, settings, i =>
        {
            ctx.LoadModel<ITransformer, SignatureLoadModel>(env, out ITransformer model, Name(i));
            return model;
        });
    }
}
