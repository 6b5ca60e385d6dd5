using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Exporting.Tests.Onnx;

/// <summary>Every ready-made network means the same to ONNX Runtime, for several numbers of rows, and for sequences of all lengths.</summary>
public class OnnxReadyMadeTests
{
    private const int Ids = 20;

    internal static readonly Dictionary<string, Func<IReadOnlyList<Network>>> Networks = new()
    {
        ["Mlp"] = () => [MLNetDeep.Networks.Mlp(8).WithOutputUnits(3, new Softmax())],
        ["Mlp, batch normalization"] = () => [MLNetDeep.Networks.Mlp(8, [16, 8], 0.2, batchNormalization: true).WithOutputUnits(1, new Sigmoid())],
        ["Autoencoder of numbers"] = () => [MLNetDeep.Networks.Autoencoder(12, [8], 3)],
        ["Autoencoder of images"] = () => [MLNetDeep.Networks.Autoencoder((9, 6), 3, [4, 6], 5)],
        ["Cnn"] = () => [MLNetDeep.Networks.Cnn(28, filters: 8, hidden: 16).WithOutputUnits(10, new Softmax())],
        ["ResNet-20"] = () => [MLNetDeep.Networks.ResNet(20, 32).WithOutputUnits(10, new Softmax())],
        ["ResNet-18"] = () => [MLNetDeep.Networks.ResNet(18, 64).WithOutputUnits(10, new Softmax())],
        ["ResNet-50"] = () => [MLNetDeep.Networks.ResNet(50, 33).WithOutputUnits(10, new Softmax())],
        ["MobileNetV2"] = () => [MLNetDeep.Networks.MobileNetV2(0.5, 32).WithOutputUnits(10, new Softmax())],
        ["TextCnn"] = () => [MLNetDeep.Networks.TextCnn(Ids, 9, 8, filters: 6).WithOutputUnits(3, new Softmax())],
        ["Transformer"] = () => [MLNetDeep.Networks.Transformer(Ids, 9, 16, 4).WithOutputUnits(3, new Softmax())],
        ["SeriesTransformer"] = () => [MLNetDeep.Networks.SeriesTransformer(12, 3, 16, 2).WithOutputUnits(2)],
        ["Tcn"] = () => [MLNetDeep.Networks.Tcn(30, 2, filters: 8).WithOutputUnits(2)],
        ["Lstm of tokens"] = () => [MLNetDeep.Networks.Lstm(Ids, 9, embedding: 8, units: [16, 8]).WithOutputUnits(2, new Softmax())],
        ["Lstm of numbers"] = () => [MLNetDeep.Networks.Lstm(steps: 24, features: 3, units: [16]).WithOutputUnits(1)],
        ["Gru of tokens"] = () => [MLNetDeep.Networks.Gru(Ids, 9, embedding: 8, units: [16, 8]).WithOutputUnits(2, new Softmax())],
        ["Gru of numbers"] = () => [MLNetDeep.Networks.Gru(steps: 24, features: 3, units: [16]).WithOutputUnits(1)],
        ["BiLstm"] = () => [MLNetDeep.Networks.BiLstm(Ids, 9, embedding: 8, units: [16, 8]).WithOutputUnits(3, new Softmax())],
        ["LanguageModel, Gru"] = () => [Tokens(MLNetDeep.Networks.LanguageModel(LanguageModelKind.Gru, 16))],
        ["LanguageModel, Lstm"] = () => [Tokens(MLNetDeep.Networks.LanguageModel(LanguageModelKind.Lstm, 16, 2))],
        ["LanguageModel, Transformer"] = () => [Tokens(MLNetDeep.Networks.LanguageModel(LanguageModelKind.Transformer, 16))],
        ["DLinear"] = () => [MLNetDeep.Networks.DLinear(30, 4, 2, covariates: 3, future: 2)],
        ["NBeats"] = () => [MLNetDeep.Networks.NBeats(10, 4, blocks: 2, layers: 2, units: 8)],
        ["NBeats, interpretable"] = () => [MLNetDeep.Networks.NBeats(10, 4, 2, interpretable: true, blocks: 1, layers: 2, units: 8, covariates: 2, future: 1)],
        ["DcGanGenerator"] = () => [MLNetDeep.Networks.DcGanGenerator(28, latent: 16, filters: 8)],
        ["DcGanGenerator by class"] = () => [MLNetDeep.Networks.DcGanGenerator(32, 3, 16, classes: 4, filters: 8)],
        ["DcGanDiscriminator"] = () => [MLNetDeep.Networks.DcGanDiscriminator(28, filters: 8)],
        ["DcGanDiscriminator by class"] = () => [MLNetDeep.Networks.DcGanDiscriminator(32, 3, classes: 4, filters: 8)],
        ["VaeEncoder of numbers"] = () => [MLNetDeep.Networks.VaeEncoder(12, [8])],
        ["VaeEncoder of images by class"] = () => [MLNetDeep.Networks.VaeEncoder(new Size2D(8, 12), 3, [4, 6], 5)],
        ["VaeDecoder of numbers"] = () => [MLNetDeep.Networks.VaeDecoder(12, 3, [8])],
        ["VaeDecoder of images by class"] = () => [MLNetDeep.Networks.VaeDecoder(new Size2D(8, 12), 3, 4, [6, 4], 5)],
        ["Seq2Seq, training"] = () => [MLNetDeep.Networks.Seq2Seq().Small().Training(new(Ids, Ids, 18, 7, 5))],
        ["Seq2Seq, encoder"] = () => MLNetDeep.Networks.Seq2Seq().Small().Encoder(new(Ids, Ids, 18, 7, 5)),
        ["Seq2Seq, step"] = () => MLNetDeep.Networks.Seq2Seq().Small().Step(new(Ids, Ids, 18, 7, 5)),
    };

    // Millions of weights.
    private static readonly string[] Large = ["ResNet-18", "ResNet-50"];

    public static TheoryData<string> All => [.. Networks.Keys.Except(Large)];

    public static TheoryData<string> AllLarge => [.. Large];

    [Fact]
    public void Every_ready_made_network_is_tested()
    {
        IEnumerable<string> names = typeof(Networks).GetMethods().Where(m => m.IsStatic && m.IsPublic).Select(m => m.Name).Distinct();
        Assert.DoesNotContain(names, n => !Networks.Keys.Any(k => k.StartsWith(n, StringComparison.Ordinal)));
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Network_gives_the_same(string name)
    {
        OnnxRuntime.Require();
        using ExportedModel model = new(Networks[name]());
        int seed = 1;
        foreach (int batch in (int[])[1, 2, 5])
            model.Compare(batch, input => Values(input, batch, seed++));
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Network_is_well_formed(string name)
    {
        OnnxRuntime.RequireChecker();
        using ExportedModel model = new(Networks[name]());
        OnnxRuntime.Check(model.File);
    }

    [SkippableTheory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(AllLarge))]
    public void Large_network_gives_the_same(string name) => Network_gives_the_same(name);

    // The zeros may stand anywhere, and a row may have nothing else.
    [SkippableTheory]
    [InlineData("Lstm of tokens")]
    [InlineData("Gru of tokens")]
    [InlineData("BiLstm")]
    [InlineData("Transformer")]
    [InlineData("LanguageModel, Gru")]
    [InlineData("Seq2Seq, training")]
    public void Masked_steps_are_passed_over(string name)
    {
        OnnxRuntime.Require();
        using ExportedModel model = new(Networks[name]());
        int steps = model.Inputs[0].Shape[1];
        foreach (int[] pattern in (int[][])[[1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0]])
            model.Compare(3, input => [.. Enumerable.Range(0, 3 * input.Shape[1]).Select(i => pattern[i % input.Shape[1] * 5 / steps % 5] * (float)(1 + (i * 7 % (Ids - 1))))]);

        // Rows of different lengths beside one another.
        model.Compare(steps + 1, input => [.. Enumerable.Range(0, (steps + 1) * input.Shape[1]).Select(i => i % input.Shape[1] < i / input.Shape[1] ? (float)(1 + (i * 5 % (Ids - 1))) : 0)]);
    }

    [SkippableTheory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Masked_steps_keep_a_given_state(bool backwards, bool isLstm)
    {
        OnnxRuntime.Require();
        Network x = Network.Input("x", 6, 3), state = Network.Input("state", 4), cell = Network.Input("cell", 4), masked = x.Masking(0);
        Network read = isLstm
            ? Network.Combine(new Lstm { Units = 4, ReturnSequences = true, ReturnState = true, TakesState = true, GoBackwards = backwards }, masked, state, cell)
            : Network.Combine(new Gru { Units = 4, ReturnSequences = true, ReturnState = true, TakesState = true, GoBackwards = backwards }, masked, state);
        using ExportedModel model = new([read, read.LayerOutput(1), .. isLstm ? [read.LayerOutput(2)] : Array.Empty<Network>()]);
        OnnxRuntime.Check(model.File);
        model.Compare(7, input =>
        {
            float[] values = Values(input, 7, 3);
            for (int i = 0; i < values.Length && input.Shape.Rank == 3; i++)
                values[i] *= i / 18 * 11 % 13 * (i / 3 % 6) % 3 > 0 ? 1 : 0;
            return values;
        });
    }

    private static float[] Values(Tensor input, int batch, int seed)
    {
        int count = (int)input.Shape.Size(batch);
        double[] numbers = GradientCheck.Numbers(count, seed);
        return [.. numbers.Select(n => input.DType == DType.Int32 ? (float)Math.Clamp(Math.Floor((n + 1) / 2 * Ids), 0, Ids - 1) : (float)n)];
    }

    private static Network Tokens(Network network) => network.WithInputShapes([7]).WithTokenCounts(Ids).WithOutputUnits(Ids, new Softmax());
}

internal static class SmallSeq2Seq
{
    public static Seq2SeqNetwork Small(this Seq2SeqNetwork network) => network with { Embedding = 6, Units = 8, EncoderLayers = 2 };
}
