using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.TimeSeries.Interop;
using MLNetDeep.TimeSeries.Persistence;
using MLNetDeep.TimeSeries.Transformers;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.TimeSeries")]
[assembly: LoadableClass(typeof(ForecastingTransformer), typeof(ForecastingInternals), null, typeof(SignatureLoadModel), "Neural forecaster", ForecastingInternals.LoaderSignature)]

namespace MLNetDeep.TimeSeries.Interop;

/// <summary>The one place, with <see cref="ForecastRowBase"/>, that touches what ML.NET keeps internal: how a forecaster gets into and out of a model file.</summary>
internal static class ForecastingInternals
{
    public const string LoaderSignature = "MLNetDeepForecaster";

    // A later version may read a file as old as this.
    private const uint Version = 0x00010001;

    private static VersionInfo VersionInfo => new("MLDEEPTS", Version, Version, Version, typeof(ForecastingInternals).Assembly.FullName!, LoaderSignature);

    /// <summary>Writes a transformer into a model file.</summary>
    public static void Save(ModelSaveContext context, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CheckAtModel();
        context.SetVersionInfo(VersionInfo);
        context.Writer.Flush();
        write(context.Writer.BaseStream);
    }

    // Called by ML.NET, through reflection.
    private static ForecastingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(VersionInfo);
        return ForecastingFile.Read(ctx.Reader.BaseStream, DefaultEngine.Instance);
    }
}
