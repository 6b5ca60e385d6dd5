using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Transformers;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(typeof(NeuralNetworkTransformer), typeof(Internals), null, typeof(SignatureLoadModel), "Neural network", Internals.LoaderSignature)]

namespace MLNetDeep.Interop;

/// <summary>
/// The one place that touches what ML.NET keeps internal: column shapes, the environment behind a catalog, and how a
/// transformer gets into and out of a model file. A loader finds <see cref="LoaderSignature"/> in the file, loads this
/// assembly by its name and calls <c>Create</c>: no registration is needed.
/// </summary>
internal static class Internals
{
    public const string LoaderSignature = "MLNetDeepNetwork";

    // A later version may read a file as old as this.
    private const uint Version = 0x00010001;

    private static VersionInfo VersionInfo => Versions("MLDEEPNN", LoaderSignature);

    /// <summary>The environment that a catalog was made for.</summary>
    public static IHostEnvironment Environment(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ((IInternalCatalog)catalog).Environment;
    }

    /// <summary>Whether the context that a host belongs to has been told to stop what it is doing.</summary>
    public static bool IsCanceled(IHost host) => host is ICancelable { IsCanceled: true };

    /// <summary>The GPU that the context wants, null for the CPU, and whether the CPU will do where there is no such GPU.</summary>
    public static (int? Gpu, bool FallbackToCpu) Device(IHostEnvironment env) => env is IHostEnvironmentInternal known ? (known.GpuDeviceId, known.FallbackToCpu) : (null, true);

    /// <summary>The shape of a column.</summary>
    public static SchemaShape.Column Column(string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, params IEnumerable<SchemaShape.Column> annotations) =>
        new(name, kind, itemType, isKey, new SchemaShape(annotations));

    /// <summary>Writes a trained network into a model file.</summary>
    public static void Save(ModelSaveContext context, Action<Stream> write) => Save(context, VersionInfo, write);

    /// <summary>The versions of a transformer's part of a model file.</summary>
    /// <param name="model">Eight letters that stand at its start.</param>
    /// <param name="loader">The name that its loader is found by.</param>
    public static VersionInfo Versions(string model, string loader) => new(model, Version, Version, Version, typeof(Internals).Assembly.FullName!, loader);

    /// <summary>Writes a transformer into a model file.</summary>
    /// <param name="context">The place in the file.</param>
    /// <param name="version">What it is, and what reads it.</param>
    /// <param name="write">Writes its content.</param>
    public static void Save(ModelSaveContext context, VersionInfo version, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CheckAtModel();
        context.SetVersionInfo(version);
        context.Writer.Flush();
        write(context.Writer.BaseStream);
    }

    // Called by ML.NET, through reflection.
    private static NeuralNetworkTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return NeuralNetworkTransformer.Load(env, ctx.Reader.BaseStream);
    }
}
