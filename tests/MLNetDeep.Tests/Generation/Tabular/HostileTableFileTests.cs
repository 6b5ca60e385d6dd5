using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Generation.Tabular;

/// <summary>Damaged and hostile files of models that make tables.</summary>
public sealed class HostileTableFileTests : HostileModelTests<HostileTableFileTests>, IHostileModels
{
    private static MLContext Ml => new(seed: 1);
    private static readonly IDataView Data = Mixed.Data(Ml, 60);

    public static IReadOnlyDictionary<string, (byte[] Good, Func<Stream, RowTransformer> Load, string[] Texts)> Files { get; } = new Dictionary<string, (byte[], Func<Stream, RowTransformer>, string[])>
    {
        ["gan"] = (
            HostilePayload.Of(Ml, Ml.Generation.Trainers.TabularGan(new TabularGanTrainer.Options { Epochs = 1, BatchSize = 20, LatentSize = 3, GeneratorUnits = [4], DiscriminatorUnits = [3] }).Fit(Data)),
            TabularTransformer.Load,
            ["settings", "generator", "judge", "history"]),
        ["vae"] = (
            HostilePayload.Of(Ml, Ml.Generation.Trainers.TabularVae(new TabularVaeTrainer.Options { Epochs = 1, BatchSize = 20, LatentSize = 3, EncoderUnits = [4], DecoderUnits = [3] }).Fit(Data)),
            TabularTransformer.Load,
            ["settings", "generator", "judge", "history"]),
    };

    public static long MostBytes => 32 << 20;

    public static void Ask(RowTransformer model)
    {
        _ = ((TabularTransformer)model).Generate(3).GetColumn<double>("Ratio").Count();
        _ = model.Transform(Ml.Data.TakeRows(Data, 2)).GetColumn<float>("Score").Count();
    }

    public static bool MayAnswer(Exception error) => error is ArgumentException or InvalidOperationException;

    // The file calls a weight by its network as well.
    public static string NameInErrors(string tensor) => tensor[(tensor.IndexOf('/') + 1)..];
}
