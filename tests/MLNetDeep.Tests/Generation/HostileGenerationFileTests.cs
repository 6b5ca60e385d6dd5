using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Generation;

/// <summary>Damaged and hostile files of generating models.</summary>
public sealed class HostileGenerationFileTests : HostileModelTests<HostileGenerationFileTests>, IHostileModels
{
    private static MLContext Ml => new(seed: 1);
    private static readonly IDataView Data = Keys();

    public static IReadOnlyDictionary<string, (byte[] Good, Func<Stream, RowTransformer> Load, string[] Texts)> Files { get; } = new Dictionary<string, (byte[], Func<Stream, RowTransformer>, string[])>
    {
        ["gan"] = (
            HostilePayload.Of(Ml, Ml.Generation.Trainers.Gan(new GanTrainer.Options
            {
                Generator = Network.Input(2).Concatenate(Network.TokenInput(1).Embedding(3, 2).Flatten()).Dense(4).BatchNormalization().Relu().Dense(Samples.Size).Tanh(),
                Discriminator = Network.Input(Samples.Size).Concatenate(Network.Input(3)).Dense(4).LeakyRelu(0.2).Dense(1),
                LabelColumnName = "Label",
                Epochs = 1,
                BatchSize = 16,
            }).Fit(Data)),
            GanTransformer.Load,
            ["settings", "generator", "discriminator", "encoder", "history"]),
        ["vae"] = (
            HostilePayload.Of(Ml, Ml.Generation.Trainers.Vae(new VaeTrainer.Options
            {
                Encoder = Networks.VaeEncoder(hidden: [4], classes: 3),
                Decoder = Networks.VaeDecoder(Samples.Size, 2, [4], classes: 3),
                LabelColumnName = "Label",
                Epochs = 1,
            }).Fit(Data)),
            VaeTransformer.Load,
            ["settings", "encoder", "decoder", "history"]),
    };

    public static void Ask(RowTransformer model)
    {
        GeneratingTransformer generating = (GeneratingTransformer)model;
        Assert.Equal(2, generating.Generate(2).GetColumn<float[]>(generating.Columns.Features.Name).Count());
        _ = generating.GetOutputSchema(generating.Generate(1).Schema);
    }

    // The file calls a weight by its network as well.
    public static string NameInErrors(string tensor) => tensor[(tensor.IndexOf('/') + 1)..];

    private static IDataView Keys()
    {
        IDataView raw = Samples.View(Ml, 40);
        return Ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(raw).Transform(raw);
    }
}
